// Payments: once for their processor's id, in files and one by one, with what became of them on record, and no card number anywhere.
import { fixedClock } from '../../../src/kernel/clock.js';
import { sha256Hex } from '../../../src/kernel/digest.js';
import type { PaymentInput, PaymentPlan } from '../../../src/domain/billing/index.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { ok, person, registryOf } from '../../support/registry.js';

let test_: TestApp;
const { run, read, audit, state } = registryOf(() => test_);
const officer = person('compliance_officer'), CARD = '4242 4242 4242 4242';

beforeAll(async () => {
  test_ = await createTestApp({ clock: fixedClock('2026-11-24T12:00:00.000Z') });
  for (const accountId of ['acme', 'kuhn']) ok(await run((tx) => test_.app.billing.openAccount(tx, { accountId, name: accountId, jurisdiction: 'DE', contact: 'x@y.test' })));
});
afterAll(() => test_.close());

const marked: PaymentInput = { accountId: 'acme', amountMicros: 49_990_000n, currency: 'USD', paidAt: new Date('2026-07-01T10:00:00Z'), processor: 'stripe', processorPaymentId: 'pi_1', method: 'card', cardBrand: 'visa', cardLast4: '4242', cardFingerprint: 'Xt5EWLLDS7FJjR1c',
  descriptor: 'HOLDFAST API', loginId: 'dev@acme.test', ipAddress: '2001:DB8::0:7', deviceId: 'device-17', shippingAddress: '1 Main Street' };
const pay = (more: Partial<PaymentInput> = {}, who = officer) => run((tx) => test_.app.billing.recordPayment(tx, { ...marked, ...more }), who);
const plan = (csv: string, processor?: string, who = officer) => test_.app.billing.planPaymentImport(who, { name: 'stripe.csv', csv, processor });
const take = (csv: string, digest: string | undefined, processor?: string, who = officer) => run((tx) => test_.app.billing.importPayments(tx, { name: 'stripe.csv', csv, processor }, digest), who);
const count = async (): Promise<number> => Number((await read<{ n: string }>('SELECT count(*) AS n FROM payments'))[0]!.n);

test('a payment of a processor is one however often it is sent, keeps digests of what is only compared, and its record names no mark\'s value', async () => {
  const { paymentId } = ok(await pay());
  const before = await state();
  expect(ok(await pay())).toEqual({ paymentId, changed: false });
  expect(await state()).toEqual(before);
  const found = (await test_.app.billing.findPayment('pi_1'))!;
  expect(found).toMatchObject({ paymentId, reference: 'stripe:pi_1', cardLast4: '4242', ipAddress: '2001:db8::7', loginId: 'dev@acme.test', deviceSha256: sha256Hex('device-17'), shippingSha256: sha256Hex('1 main street'), status: 'paid', disputedAt: null });
  expect(found.cardFingerprintSha256).toBe(sha256Hex('card:xt5ewllds7fjjr1c'));
  const [record] = await audit(paymentId);
  expect(record).toMatchObject({ action: 'payment.record', after: { processor: 'stripe', processor_payment_id: 'pi_1', marks: ['card_last4', 'card_fingerprint_sha256', 'descriptor', 'login_id', 'ip_address', 'device_sha256', 'shipping_sha256'] } });
  for (const value of ['dev@acme.test', '2001:db8', 'Xt5E', '4242']) expect(JSON.stringify(record)).not.toContain(value);
});

test.each<[Partial<PaymentInput>, string, string]>([
  [{ amountMicros: 1n }, 'conflict', 'processorPaymentId'], [{ accountId: 'kuhn' }, 'conflict', 'processorPaymentId'], [{ ipAddress: '198.51.100.1' }, 'conflict', 'processorPaymentId'], [{ processor: undefined }, 'invalid_request', 'processor'],
  [{ processorPaymentId: 'new', descriptor: CARD }, 'invalid_request', 'descriptor'], [{ processorPaymentId: 'new', reference: '4242424242424242' }, 'invalid_request', 'reference'], [{ processorPaymentId: 'new', cardLast4: '42424' }, 'invalid_request', 'cardLast4'],
  [{ processorPaymentId: 'new', ipAddress: '999.1.1.1' }, 'invalid_request', 'ipAddress'], [{ processorPaymentId: 'new', method: 'shells' as never }, 'invalid_request', 'method'], [{ processorPaymentId: 'new', status: 'paid', refundedMicros: 1n }, 'invalid_request', 'refundedMicros'],
])('other facts under the same id, a card number or a wrong field are refused: %p', async (more, code, field) => { expect(await pay(more)).toMatchObject({ code, field }); });

test('what becomes of a payment goes along its ways only, each step with its reason on record, and once disputed is disputed for good', async () => {
  const { paymentId } = ok(await pay({ processorPaymentId: 'pi_2' }));
  const to = (status: string, more: object = {}, who = officer) => run((tx) => test_.app.billing.setPaymentStatus(tx, paymentId, { status: status as never, reason: 'notice of the bank', ...more }), who);
  expect(await to('won')).toMatchObject({ code: 'conflict', field: 'status' });
  expect(await to('gone')).toMatchObject({ code: 'invalid_request', field: 'status' });
  expect(await to('disputed', {}, person('auditor'))).toMatchObject({ code: 'forbidden' });
  expect(await to('disputed', { disputedAt: new Date('2026-12-01T00:00:00Z') })).toMatchObject({ code: 'invalid_request', field: 'disputedAt' });
  expect(ok(await to('disputed', { disputedAt: new Date('2026-11-20T08:00:00Z') }))).toEqual({ changed: true });
  expect(ok(await to('disputed'))).toEqual({ changed: false });
  expect(ok(await to('won'))).toEqual({ changed: true });
  expect(await to('refunded', { refundedMicros: 50_000_000n })).toMatchObject({ code: 'invalid_request', field: 'refundedMicros' });
  ok(await to('refunded', { refundedMicros: 9_990_000n }));
  expect(await test_.app.billing.findPayment(paymentId)).toMatchObject({ status: 'refunded', refundedMicros: 9_990_000n, disputedAt: new Date('2026-11-20T08:00:00Z') });
  expect((await audit(paymentId)).map(({ action, reason, before, after }) => [action, reason, (before as { status?: string } | null)?.status, (after as { status: string }).status])).toEqual([
    ['payment.record', null, undefined, 'paid'], ['payment.status', 'notice of the bank', 'paid', 'disputed'], ['payment.status', 'notice of the bank', 'disputed', 'won'], ['payment.status', 'notice of the bank', 'won', 'refunded']]);
  expect(await test_.app.billing.balances('acme')).toMatchObject([{ currency: 'USD', receivedMicros: 89_990_000n, refundedMicros: 9_990_000n, dueMicros: -89_990_000n }]);
});

const HEAD = 'payment_id,account,amount,currency,paid_at,method,card_last4,status';
test('a file shows line by line what it would do, changes nothing by that, and is then taken in as it was shown', async () => {
  const csv = `\uFEFF${HEAD}\r\npi_10,acme,12.50,usd,2026-11-01T10:00:00Z,card,4242,\r\n"pi_11",kuhn,0.000001,EUR,2026-11-02T10:00:00+01:00,bank_transfer,,\r\npi_1,acme,49.99,USD,2026-07-01T10:00:00Z,card,4242,disputed\r\n`;
  const before = await state(), had = await count(), planned = ok(await plan(csv, 'stripe')) as PaymentPlan;
  expect(planned.problems).toEqual([]);
  expect(planned.lines.map((line) => [line.line, line.state, line.paymentId])).toEqual([[2, 'added', 'pi_10'], [3, 'added', 'pi_11'], [4, 'changed', 'pi_1']]);
  expect([await state(), await count()]).toEqual([before, had]);
  expect(await take(csv, undefined, 'stripe')).toMatchObject({ code: 'confirmation_required' });
  expect(await take(`${csv}\n`, planned.digest, 'stripe')).toMatchObject({ code: 'conflict' });
  expect(ok(await take(csv, planned.digest, 'stripe'))).toEqual({ added: 2, changed: 1, unchanged: 0 });
  expect(await test_.app.billing.findPayment('pi_1')).toMatchObject({ status: 'disputed' });
  expect(await audit(sha256Hex(csv))).toMatchObject([{ action: 'payments.import', after: { name: 'stripe.csv', rows: 3, added: 2, changed: 1 } }]);
  const again = ok(await plan(csv, 'stripe')) as PaymentPlan;
  expect(again.lines.map((line) => line.state)).toEqual(['unchanged', 'unchanged', 'unchanged']);
  expect(ok(await take(csv, again.digest, 'stripe'))).toEqual({ added: 0, changed: 0, unchanged: 3 });
});

test('every wrong line is named with what is wrong, and then nothing of the file is taken in', async () => {
  const csv = [HEAD, 'pi_20,acme,12.50,USD,2026-11-01T10:00:00Z,card,4242,', 'pi_21,nobody,1,USD,2026-11-01T10:00:00Z,,,', 'pi_22,acme,one,USD,01.11.2026,,,', 'pi_23,acme,1,USD,2026-11-01T10:00:00Z,shells,,', 'pi_20,acme,1,USD,2026-11-01T10:00:00Z,,,', ',acme,1,USD,2026-11-01T10:00:00Z,,,', 'pi_1,acme,1.00,USD,2026-07-01T10:00:00Z,,,'].join('\n');
  const had = await count(), planned = ok(await plan(csv, 'stripe')) as PaymentPlan;
  expect(planned.problems.map((one) => [one.line, one.message.slice(0, 26)])).toEqual([[3, 'there is no account nobody'], [4, 'amount: "one" is not an am'], [4, 'paid_at: "01.11.2026" is n'], [5, 'method: must be one of car'], [6, 'payment pi_20 stands on li'], [7, 'payment_id is missing'], [8, 'payment pi_1 of stripe is ']]);
  expect(await take(csv, planned.digest, 'stripe')).toMatchObject({ code: 'invalid_request', field: 'csv', message: 'line 3: there is no account nobody' });
  expect(await count()).toBe(had);
});

test.each([['', 'the column payment_id is missing'], ['payment_id,account,amount,currency,paid_at,pan\n1,2,3,4,5,6', 'there is no column "pan"'], [`${HEAD}\n`, 'there are no rows'], [`${HEAD}\npi_30,acme,1,USD,2026-11-01T10:00:00Z,,,`, 'processor is missing'], [`${HEAD}\n"pi_30,acme`, 'a quoted cell does not end']])(
  'a file that is none is refused with what is missing: %p', async (csv, message) => { expect((ok(await plan(csv)) as PaymentPlan).problems.map((one) => one.message).join('; ')).toContain(message); });

test('a dry run and an import need payments.write', async () => {
  expect(await plan(`${HEAD}\n`, 'stripe', person('support_agent'))).toMatchObject({ code: 'forbidden' });
  expect(await take(`${HEAD}\n`, 'x', 'stripe', person('auditor'))).toMatchObject({ code: 'forbidden' });
});

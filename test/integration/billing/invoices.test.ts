// Invoices: from the records alone, numbered without a gap, never changed, corrected by credit notes on the word of two people, and gone with their fiscal year.
import { canonicalJson } from '../../../src/kernel/canonical-json.js';
import { fixedClock } from '../../../src/kernel/clock.js';
import { sha256Hex } from '../../../src/kernel/digest.js';
import type { LedgerRecord } from '../../../src/domain/ledger/index.js';
import type { InvoicePlan } from '../../../src/domain/billing/index.js';
import { ensurePartitions } from '../../../src/platform/db/index.js';
import { aCall } from '../../fixtures/calls.js';
import { approve, second } from '../../support/approvals.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { ok, person, registryOf } from '../../support/registry.js';
import { purge } from '../../support/retention.js';

const clock = fixedClock('2026-11-24T12:00:00.000Z');
let test_: TestApp, priceId: string;
const { run, read, audit } = registryOf(() => test_);
const officer = person('compliance_officer');

beforeAll(async () => {
  test_ = await createTestApp({ clock, env: { HOLDFAST_TIME_ZONE: 'Europe/Berlin' } });
  const { app } = test_;
  ok(await run(async (tx) => app.retention.ensureDefaultPolicies(tx)));
  ok(await run((tx) => app.security.setOperatorProfile(tx, { name: 'Example Gateway Ltd', jurisdiction: 'DE', contact: 'billing@example.test' })));
  ok(await run((tx) => app.providers.registerProvider(tx, { providerId: 'openai', name: 'OpenAI', category: 'model', legalEntity: 'OpenAI OpCo, LLC', jurisdictions: ['US'], protocol: 'openai', baseUrl: 'https://api.openai.test/v1' })));
  ({ priceId } = ok(await run((tx) => app.billing.setPrice(tx, { model: 'gpt-*', providerId: 'openai', currency: 'USD', effectiveFrom: '2026-01-01', inputMicros: 2_000_000n, cacheReadMicros: 200_000n, cacheWriteMicros: 2_500_000n, outputMicros: 8_000_000n }))));
  for (const accountId of ['acme', 'kuhn', 'many', 'late', 'multi', 'old']) ok(await run((tx) => app.billing.openAccount(tx, { accountId, name: `${accountId} GmbH`, jurisdiction: 'DE', contact: `dev@${accountId}.test` })));
});
afterAll(() => test_.close());

/** Calls of 5,361 micro-dollars each at these instants, on record and sealed. */
async function calls(accountId: string, instants: readonly string[], row: object = {}): Promise<string[]> {
  const records = instants.map((at) => aCall(new Date(at), { account_id: accountId, price_id: priceId, usage_cache_read: 803n, cost_micros: 5_361n, ...row }));
  for (const at of instants) await ensurePartitions(test_.app.database.pool, new Date(Date.parse(at) - 86_400_000), new Date(Date.parse(at) + 86_400_000));
  await test_.app.ledger.createRecorder('test').write(records as LedgerRecord[]);
  await test_.app.ledger.sealOnce();
  return records.map((record) => record.row.request_id!);
}
const plan = async (accountId: string, month: string, more: object = {}): Promise<InvoicePlan> => ok(await test_.app.billing.planInvoice({ accountId, month, ...more }));
const issue = async (accountId: string, month: string, more: object = {}) => { const planned = await plan(accountId, month, more); return ok(await run((tx) => test_.app.billing.issueInvoice(tx, planned, { confirmed: planned.digest }), officer)); };
const recorded = async (accountId: string): Promise<bigint> => BigInt((await read<{ sum: string }>('SELECT coalesce(sum(cost_micros), 0)::text AS sum FROM calls WHERE account_id = $1', [accountId]))[0]!.sum);

test('an invoice has the calls of its month by the operator\'s calendar, across the end of summer time, and sums exactly what is on record', async () => {
  // Berlin's October 2026 begins at 22:00 UTC of 30 September and ends at 23:00 UTC of the 31st.
  await calls('acme', ['2026-09-30T22:00:00.000Z', '2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z', '2026-10-31T22:59:59.999Z', '2026-10-31T23:00:00.000Z']);
  const planned = await plan('acme', '2026-10');
  expect([planned.calls, planned.totalMicros, planned.payableMicros, planned.lines.length]).toEqual([4n, 21_444n, 20_000n, 3]);
  expect(planned.lines.map((line) => [line.month, line.model, line.providerId, line.priceId, line.priceVersion, line.bucket, line.units, line.rateMicros, line.amountMicros])).toEqual([
    ['2026-10', 'gpt-5', 'openai', priceId, 1, 'input', 4_800n, 2_000_000n, 9_600n], ['2026-10', 'gpt-5', 'openai', priceId, 1, 'cache_read', 3_212n, 200_000n, 644n], ['2026-10', 'gpt-5', 'openai', priceId, 1, 'output', 1_400n, 8_000_000n, 11_200n]]);
  const issued = await issue('acme', '2026-10'), kept = (await test_.app.billing.findInvoice(issued.number))!;
  expect(issued.number).toBe('INV-2026-000001');
  expect(kept).toMatchObject({ kind: 'invoice', period: '2026-10', totalMicros: 21_444n, payableMicros: 20_000n, calls: 4n, fiscalYearEnd: '2026-12-31', issuedBy: 'Pat', creditedMicros: 0n });
  expect(kept.document).toMatchObject({ total_micros: '21444', rounding_micros: '-1444', payable_micros: '20000', operator: { name: 'Example Gateway Ltd' }, account: { account_id: 'acme', name: 'acme GmbH' }, time_zone: 'Europe/Berlin' });
  expect(sha256Hex(canonicalJson(kept.document))).toBe(kept.documentSha256);
  expect(await audit(issued.invoiceId)).toMatchObject([{ action: 'invoice.issue', after: { number: 'INV-2026-000001', document_sha256: kept.documentSha256, calls: '4' } }]);
});

test('an invoice that is issued does not change, and its month is not issued again', async () => {
  await expect(test_.app.database.pool.query('UPDATE invoices SET payable_micros = 1')).rejects.toThrow(/append-only/);
  expect(await test_.app.billing.planInvoice({ accountId: 'acme', month: '2026-10' })).toMatchObject({ code: 'conflict', field: 'month' });
});

test.each([[{ month: '2026-11' }, 'conflict', 'month'], [{ month: '2026-13' }, 'invalid_request', 'month'], [{ month: '2026-10', accountId: 'nobody' }, 'not_found', 'accountId'], [{ month: '2026-10', currency: 'EUR' }, 'not_found', 'currency'], [{ month: '2026-10', beginWith: '2026-11' }, 'invalid_request', 'beginWith']])(
  'a month that is not over, or a wrong question, is refused: %p', async (question, code, field) => { expect(await test_.app.billing.planInvoice({ accountId: 'acme', ...question })).toMatchObject({ code, field }); });

test('nothing is issued but what was shown, by nobody who may not', async () => {
  await calls('kuhn', ['2026-10-05T10:00:00Z']);
  const planned = await plan('kuhn', '2026-10');
  expect(await run((tx) => test_.app.billing.issueInvoice(tx, planned, { confirmed: undefined }), officer)).toMatchObject({ code: 'confirmation_required' });
  expect(await run((tx) => test_.app.billing.issueInvoice(tx, planned, { confirmed: sha256Hex('other') }), officer)).toMatchObject({ code: 'conflict' });
  expect(await run((tx) => test_.app.billing.issueInvoice(tx, planned, { confirmed: planned.digest, note: 'two\nlines' }), officer)).toMatchObject({ code: 'invalid_request', field: 'note' });
  for (const role of ['auditor', 'approver', 'support_agent'] as const) expect(await run((tx) => test_.app.billing.issueInvoice(tx, planned, { confirmed: planned.digest }), person(role))).toMatchObject({ code: 'forbidden' });
  expect(await test_.app.billing.invoices('kuhn')).toEqual([]);
});

test('a call that settled after its month was invoiced is a line of its month on the next invoice, and none is on two', async () => {
  await calls('late', ['2026-08-03T10:00:00Z', '2026-08-31T21:59:00Z']);
  await issue('late', '2026-08');
  await calls('late', ['2026-08-31T21:59:30Z', '2026-09-02T10:00:00Z', '2026-10-02T10:00:00Z']);
  const september = await plan('late', '2026-09');
  expect(september.lines.filter((line) => line.bucket === 'input').map((line) => [line.month, line.calls])).toEqual([['2026-08', 1n], ['2026-09', 1n]]);
  await issue('late', '2026-10');
  expect(await test_.app.billing.planInvoice({ accountId: 'late', month: '2026-09' })).toMatchObject({ code: 'conflict', field: 'month' });
  const numbers = await read<{ calls: string; total: string }>("SELECT sum(calls)::text AS calls, sum(total_micros)::text AS total FROM invoices WHERE account_id = 'late' AND kind = 'invoice'");
  expect(numbers).toEqual([{ calls: '5', total: String(await recorded('late')) }]);
});

test('the first invoice covers everything before it, or begins where the operator says that billing begins', async () => {
  await calls('old', ['2026-03-03T10:00:00Z', '2026-09-03T10:00:00Z', '2026-10-03T10:00:00Z']);
  expect((await plan('old', '2026-10')).calls).toBe(3n);
  const planned = await plan('old', '2026-10', { beginWith: '2026-09' });
  expect([planned.calls, planned.coversFrom.toISOString()]).toEqual([2n, '2026-08-31T22:00:00.000Z']);
});

test('calls in two currencies are two invoices', async () => {
  await calls('multi', ['2026-10-03T10:00:00Z']);
  await calls('multi', ['2026-10-04T10:00:00Z'], { currency: 'JPY', cost_micros: 1_499_999n, price_id: null });
  expect(await test_.app.billing.planInvoice({ accountId: 'multi', month: '2026-10' })).toMatchObject({ code: 'invalid_request', field: 'currency' });
  expect(await plan('multi', '2026-10', { currency: 'JPY' })).toMatchObject({ calls: 1n, payableMicros: 1_000_000n, lines: [{ bucket: 'recorded', amountMicros: 1_499_999n }] });
});

test('numbers have no gap and no double under concurrent issue, and a refused issue uses none', async () => {
  for (let n = 0; n < 12; n += 1) ok(await run((tx) => test_.app.billing.openAccount(tx, { accountId: `c${n}`, name: `c${n}`, jurisdiction: 'DE', contact: 'c@x.test' })));
  for (let n = 0; n < 12; n += 1) await calls(`c${n}`, ['2026-10-05T10:00:00Z']);
  const plans = await Promise.all(Array.from({ length: 12 }, (_, n) => plan(`c${n}`, '2026-10')));
  // Twice each at once: one of the two is refused, after it waited for the other.
  const answers = await Promise.all([...plans, ...plans].map((one) => run((tx) => test_.app.billing.issueInvoice(tx, one, { confirmed: one.digest }), officer)));
  expect(answers.filter((one) => 'refused' in one).map((one) => 'refused' in one && one.code)).toEqual(Array.from({ length: 12 }, () => 'conflict'));
  const sequences = (await read<{ sequence: number }>("SELECT sequence FROM invoices WHERE series = 'INV' AND year = 2026 ORDER BY sequence")).map((row) => row.sequence);
  expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  expect(sequences.length).toBeGreaterThan(12);
});

describe('credit notes', () => {
  let invoiceId: string, number: string;
  beforeAll(async () => {
    await calls('many', Array.from({ length: 10 }, (_, n) => `2026-10-${String(n + 1).padStart(2, '0')}T10:00:00Z`));
    ({ invoiceId, number } = await issue('many', '2026-10'));
  });
  const credit = (more: object = {}, who = officer) => run((tx) => test_.app.billing.creditInvoice(tx, { invoiceId, reason: 'charged twice', ...more }), who);

  test('one person asks, another decides; then it stands under a number of its own and refers to the invoice', async () => {
    const { approvalId } = ok(await credit({ amountMicros: 20_000n, position: 2 }));
    expect(await test_.app.billing.invoices('many')).toHaveLength(1);
    const own = { ...second, id: officer.id, name: officer.name };
    const { digest } = (await test_.app.security.approval(approvalId))!;
    expect(await run((tx) => test_.app.security.approve(tx, approvalId, digest), own)).toMatchObject({ code: 'four_eyes_required' });
    await approve(test_.app, approvalId);
    const [note] = await test_.app.billing.invoices('many'), whole = (await test_.app.billing.findInvoice(note!.invoiceId))!;
    expect(note).toMatchObject({ kind: 'credit_note', number: 'CRN-2026-000001', refersTo: invoiceId, refersNumber: number, payableMicros: 20_000n, reason: 'charged twice', period: '2026-10' });
    expect(whole.document).toMatchObject({ kind: 'credit_note', credits: { number, position: 2, reason: 'charged twice', approval_id: approvalId, requested_by: 'Pat', credited_before_micros: '0' }, lines: [{ bucket: 'credit', amount_micros: '20000', model: 'gpt-5' }] });
    expect(await test_.app.billing.findInvoice(invoiceId)).toMatchObject({ payableMicros: 50_000n, creditedMicros: 20_000n });
    expect(await test_.app.billing.balances('many')).toEqual([{ currency: 'USD', invoicedMicros: 50_000n, creditedMicros: 20_000n, receivedMicros: 0n, disputedMicros: 0n, refundedMicros: 0n, dueMicros: 30_000n }]);
  });

  test('never more is credited than was invoiced, whatever was asked for in the meantime', async () => {
    expect(await credit({ amountMicros: 30_001n })).toMatchObject({ code: 'invalid_request', field: 'amountMicros' });
    expect(await credit({ amountMicros: 40_000n })).toMatchObject({ code: 'conflict', field: 'amountMicros' });
    expect(await credit({ position: 99 })).toMatchObject({ code: 'not_found', field: 'position' });
    expect(await credit({ reason: '' })).toMatchObject({ code: 'invalid_request', field: 'reason' });
    expect(await credit({}, person('auditor'))).toMatchObject({ code: 'forbidden' });
    const { approvalId } = ok(await credit());
    expect((await test_.app.security.approval(approvalId))!.preview).toMatchObject({ amount: '0.03 USD', left_after: '0.00' });
    await approve(test_.app, approvalId);
    expect(await credit()).toMatchObject({ code: 'conflict', field: 'amountMicros' });
    expect(await run((tx) => test_.app.billing.creditInvoice(tx, { invoiceId: 'INV-9', reason: 'x' }), officer)).toMatchObject({ code: 'not_found' });
    const [note] = await test_.app.billing.invoices('many');
    expect(await run((tx) => test_.app.billing.creditInvoice(tx, { invoiceId: note!.invoiceId, reason: 'a credit of a credit' }), officer)).toMatchObject({ code: 'not_found' });
  });
});

test('invoices and their pages go ten years after the end of the fiscal year in which they were issued, but for those that are held', async () => {
  const { app } = test_, kept = await app.billing.invoices();
  for (const invoice of kept) await run((tx) => app.billing.keepPages(tx, invoice, { sha256: 'a'.repeat(64), pages: 1, printedAt: clock.now(), pdf: Buffer.from('%PDF-1.7') }));
  await expect(app.database.pool.query("UPDATE invoice_pages SET sha256 = 'b'")).rejects.toThrow(/append-only/);
  ok(await run((tx) => app.retention.placeHold(tx, { accountId: 'acme', matter: 'tax audit', requester: 'tax office', basis: 'law', reviewOn: '2037-12-31' })));
  clock.set('2036-12-31T22:59:00Z');
  expect(await purge(app, 'payment_records')).toMatchObject({ state: 'nothing_due' });
  clock.set('2036-12-31T23:01:00Z');
  expect(await purge(app, 'payment_records')).toMatchObject({ state: 'certified', rowsHeld: 2n, rowsDeleted: BigInt(2 * (kept.length - 1)), items: [{ table: 'invoice_pages' }, { table: 'invoices' }] });
  expect(await read('SELECT (SELECT array_agg(account_id) FROM invoices) AS invoices, (SELECT array_agg(account_id) FROM invoice_pages) AS pages')).toEqual([{ invoices: ['acme'], pages: ['acme'] }]);
});

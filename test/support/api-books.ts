// The POSTs about money and about erasures, for the test that walks every POST of the management API.
import { ensurePartitions } from '../../src/platform/db/index.js';
import type { App } from '../../src/app.js';
import { aCall } from '../fixtures/calls.js';
import type { Answer, ApiClient } from './api.js';

interface Deps {
  readonly act: <T>(client: ApiClient, path: string, body: object, action: string) => Promise<T>;
  readonly body: <T>(answer: Promise<Answer>) => Promise<T>;
  readonly done: Set<string>;
  readonly officer: () => ApiClient;
  readonly app: () => App;
}
const DAY_MS = 86_400_000;

export function bookTests({ act, body, done, officer, app }: Deps): void {
  test('a file of payments is planned and taken in, a payment is disputed, and a case says it is about that one', async () => {
    const file = { name: 'november.csv', csv: 'payment_id,account,amount,currency,paid_at\npi_api,acme,12.50,EUR,2026-11-02T10:00:00Z\n', processor: 'stripe' };
    const { digest } = await body<{ digest: string }>(officer().post('/payments/import-plan', file));
    done.add('planPaymentImport');
    await act(officer(), '/payments/import', { ...file, digest }, 'payments.import');
    const { data } = await body<{ data: { payment_id: string; reference: string }[] }>(officer().get('/payments?account=acme'));
    const { payment_id: id } = data.find((one) => one.reference.includes('pi_api'))!;
    await act(officer(), `/payments/${id}/status`, { status: 'disputed', reason: 'notice of the acquirer' }, 'payment.status');
    expect(await body(officer().get('/payments?account=acme&status=disputed'))).toMatchObject({ data: [{ payment_id: id }] });
    const call = aCall(new Date(), { cost_micros: 0n });
    await app().ledger.createRecorder('test').write([call]);
    const { case_id: caseId } = await act<{ case_id: string }>(officer(), '/cases', { kind: 'dispute', request_ids: [call.row.request_id], fields: { topic: 'chargeback', complaint: 'not ours' } }, 'case.open');
    await act(officer(), `/cases/${caseId}/payments`, { payment: 'pi_api' }, 'case.link_payment');
  });

  test('a month is invoiced as it was planned, and a credit note waits for a second person', async () => {
    const month = new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() - 1, 15, 12));
    await officer().post('/accounts', { account_id: 'billed', name: 'Billed', jurisdiction: 'DE', contact: 'c@billed.example' });
    await ensurePartitions(app().database.pool, new Date(month.getTime() - DAY_MS), new Date(month.getTime() + DAY_MS));
    await app().ledger.createRecorder('test').write([aCall(month, { account_id: 'billed', cost_micros: 50_000n })]);
    await app().ledger.sealOnce();
    const of = { month: month.toISOString().slice(0, 7) };
    const { digest } = await body<{ digest: string }>(officer().get(`/accounts/billed/invoice-plan?month=${of.month}`));
    const { number } = await act<{ number: string }>(officer(), '/invoices', { account_id: 'billed', ...of, digest }, 'invoice.issue');
    await act(officer(), `/invoices/${number}/credit`, { reason: 'charged twice' }, 'approval.request');
    expect(await body(officer().get('/invoices?account=billed'))).toMatchObject({ data: [{ number, total_micros: 50_000 }] });
  });

  test('an erasure is previewed, asked for, and cancelled', async () => {
    const subject = { account_id: 'other', data_types: ['api_call_metadata'] };
    expect(await body(officer().post('/erasures/preview', subject))).toMatchObject({ data: [{ data_type: 'api_call_metadata', rows: 0 }] });
    done.add('previewErasure');
    const { erasure_id: id } = await act<{ erasure_id: string }>(officer(), '/erasures', { ...subject, ground: 'gdpr_17', reason: 'asked for' }, 'approval.request');
    await act(officer(), `/erasures/${id}/cancel`, { reason: 'not the person' }, 'approval.withdraw');
    expect(await body(officer().get(`/erasures/${id}`))).toMatchObject({ state: 'cancelled' });
  });
}

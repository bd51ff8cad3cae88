// Invoices, payments, reconciliation and the report in the console: previewed, on record, and nothing for roles that may not.
import { systemActor } from '../../src/kernel/actor.js';
import { approve } from '../support/approvals.js';
import { OWN, startTestConsole, type Answer, type Client, type TestConsole } from '../support/console.js';
import { makeWorld } from '../support/console-world.js';
import { fixedClock } from '../../src/kernel/clock.js';
import { ok } from '../support/registry.js';

let console_: TestConsole, officer: Client, support: Client, auditor: Client;
beforeAll(async () => {
  const clock = fixedClock('2026-10-20T12:00:00.000Z');
  console_ = await startTestConsole({ clock });
  await makeWorld(console_.app, { calls: 10 });
  clock.set('2026-11-05T09:00:00.000Z');
  officer = await console_.signIn('compliance_officer');
  support = await console_.signIn('support_agent');
  auditor = await console_.signIn('auditor');
});
afterAll(async () => { await console_.close(); });

const read = async <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> => (await console_.app.database.reader.query<T>(sql, values)).rows;
const act = (client: Client, resource: string, action: string, payload: object = {}, record?: string): Promise<Answer> => client.post(`/api/resources/${resource}/${record === undefined ? 'actions' : `records/${record}`}/${action}`, payload);
const errorOf = (answer: Answer): { code: string; field?: string } => answer.json<{ error: never }>().error;
const upload = (client: Client, path: string, query: Record<string, string>, csv: string): Promise<Answer> => client.send('POST', `/upload/${path}?${new URLSearchParams({ name: 'file.csv', ...query }).toString()}`, { headers: { ...OWN, 'content-type': 'application/octet-stream' }, body: csv });
const shown = (answer: Answer): Record<string, never> => answer.json<{ result: { show: Record<string, never> } }>().result.show;

let invoiceId: string;
test('an invoice is previewed, issued by the digest of the preview, downloaded as a sealed PDF and always the same one', async () => {
  const form = { invoice_account: 'acme', invoice_month: '', invoice_currency: '', begin_with: '' };
  const preview = shown(await act(officer, 'invoices', 'planInvoice', form)) as unknown as { invoice_month: string; invoice_lines: string[]; invoice_sum: string; digest: string };
  const [sum] = await read<{ sum: string }>("SELECT sum(cost_micros)::text AS sum FROM calls WHERE account_id = 'acme'");
  expect([preview.invoice_month, preview.invoice_lines.length]).toEqual(['2026-10', 3]);
  expect(BigInt(Math.round(Number(preview.invoice_sum.split(' ')[0]) * 1e6))).toBe(BigInt(sum!.sum));
  expect(await read('SELECT 1 FROM invoices')).toEqual([]);
  expect(errorOf(await act(officer, 'invoices', 'issue', { ...form, invoice_month: '2026-13', digest: preview.digest }))).toMatchObject({ code: 'invalid_request', field: 'invoice_month' });
  expect(errorOf(await act(officer, 'invoices', 'issue', { ...form, digest: 'f'.repeat(64) }))).toMatchObject({ code: 'conflict' });
  expect((await act(auditor, 'invoices', 'issue', { ...form, digest: preview.digest })).status).toBe(403);
  const issued = (await act(officer, 'invoices', 'issue', { ...form, digest: preview.digest, paper_language: 'both', invoice_note: '' })).json<{ result: { refresh: string; show: { invoice_number: string } } }>().result;
  invoiceId = issued.refresh;
  expect(issued.show.invoice_number).toBe('INV-2026-000001');
  const page = (await support.get(`/api/resources/invoices/records/${invoiceId}/show?purpose=billing`)).json<{ record: { params: Record<string, unknown> }; sections: { name: string; rows: unknown[] }[] }>();
  expect(page.record.params).toMatchObject({ number: 'INV-2026-000001', invoice_month: '2026-10', credited_micros: '0' });
  expect(page.sections.find((section) => section.name === 'invoice_lines')!.rows).toHaveLength(3);
  const pdf = await support.get(`/download/invoices/${invoiceId}`), again = await auditor.get(`/download/invoices/${invoiceId}`);
  expect([pdf.status, pdf.headers.get('content-disposition'), pdf.text.slice(0, 5)]).toEqual([200, 'attachment; filename="INV-2026-000001.pdf"', '%PDF-']);
  expect(again.text).toBe(pdf.text);
  expect((await read<{ action: string; n: string }>("SELECT action, count(*) AS n FROM audit_records WHERE subject_id = $1 GROUP BY 1 ORDER BY 1", [invoiceId])).map((row) => [row.action, Number(row.n)])).toEqual([['invoice.download', 2], ['invoice.issue', 1], ['invoice.print', 1], ['invoice.view', 1]]);
  expect((await console_.stranger().get(`/download/invoices/${invoiceId}`)).status).not.toBe(200);
});

test('a credit is asked for by one and approved by another, and then stands under its invoice', async () => {
  expect(errorOf(await act(officer, 'invoices', 'credit', { credit_amount: '99', credit_line: '', reason: 'charged twice' }, invoiceId))).toMatchObject({ code: 'conflict', field: 'credit_amount' });
  const { approval_id: approvalId } = shown(await act(officer, 'invoices', 'credit', { credit_amount: '0.01', credit_line: '1', reason: 'charged twice' }, invoiceId)) as unknown as { approval_id: string };
  await approve(console_.app, approvalId);
  const page = (await support.get(`/api/resources/invoices/records/${invoiceId}/show?purpose=billing`)).json<{ sections: { name: string; rows: { number: string }[] }[] }>();
  expect(page.sections.find((section) => section.name === 'credit_notes')!.rows).toMatchObject([{ number: 'CRN-2026-000001', reason: 'charged twice' }]);
});

const HEAD = 'payment_id,account,amount,currency,paid_at,method,card_last4,card_fingerprint,ip_address,login_id,status,disputed_at';
const row = (id: string, day: string, more = ',') => `${id},acme,20.00,USD,${day}T10:00:00Z,card,4242,fp-1,203.0.113.7,dev@acme.test,${more}`;
test('a file of payments is looked at by line, taken in as it was shown, and refused to roles that may not', async () => {
  const bad = `${HEAD}\n${row('pi_1', '2026-02-01')}\n${row('pi_2', '2026-99-01')}`;
  const looked = (await upload(officer, 'payments', { processor: 'stripe' }, bad)).json<{ problems: { line: number }[]; digest: string }>();
  expect(looked.problems).toMatchObject([{ line: 3 }]);
  expect(errorOf(await upload(officer, 'payments', { processor: 'stripe', take: looked.digest }, bad))).toMatchObject({ code: 'invalid_request', field: 'csv' });
  const csv = `${HEAD}\n${row('pi_1', '2026-02-01')}\n${row('pi_2', '2026-05-01')}\n${row('pi_3', '2026-10-01', 'disputed,2026-11-01T10:00:00Z')}`;
  const plan = (await upload(officer, 'payments', { processor: 'stripe' }, csv)).json<{ lines: { state: string }[]; digest: string }>();
  expect(plan.lines.map((line) => line.state)).toEqual(['added', 'added', 'added']);
  expect(await read('SELECT 1 FROM payments')).toEqual([]);
  expect((await upload(officer, 'payments', { processor: 'stripe', take: plan.digest }, csv)).json()).toEqual({ added: 3, changed: 0, unchanged: 0 });
  expect((await upload(support, 'payments', { processor: 'stripe' }, csv)).status).toBe(403);
  expect((await upload(console_.stranger(), 'payments', { processor: 'stripe' }, csv)).status).toBeGreaterThan(300);
  expect(errorOf(await upload(officer, 'payments', {}, '\u0000\uFFFD'))).toBeUndefined();
  expect((await officer.send('POST', '/upload/payments?name=x.csv', { headers: { ...OWN, 'content-type': 'application/octet-stream' }, body: new Uint8Array([0xff, 0xfe]) })).status).toBe(400);
});

test('a dispute names its payment, and shows which earlier ones make a case', async () => {
  const callId = (await read<{ id: string }>("SELECT request_id AS id FROM calls WHERE account_id = 'acme' ORDER BY 1 LIMIT 1"))[0]!.id;
  const opened = (await act(support, 'disputes', 'open', { request_ids: callId, topic: 'chargeback', complaint: 'I did not buy this.' })).json<{ result: { refresh: string } }>().result.refresh;
  expect(errorOf(await act(support, 'disputes', 'matchPayment', {}, opened))).toMatchObject({ code: 'conflict' });
  expect(errorOf(await act(support, 'disputes', 'linkPayment', { payment: 'pi_none' }, opened))).toMatchObject({ code: 'not_found', field: 'payment' });
  expect((await act(support, 'disputes', 'linkPayment', { payment: 'pi_3' }, opened)).status).toBe(200);
  expect(shown(await act(support, 'disputes', 'matchPayment', {}, opened))).toMatchObject({ match_eligible: 'yes', match_common: 'ip_address, login_id', match_chosen: 'stripe:pi_2, stripe:pi_1' });
  const page = (await support.get(`/api/resources/disputes/records/${opened}/show`)).json<{ sections: { name: string; rows: { reference: string }[] }[] }>();
  expect(page.sections.find((section) => section.name === 'case_payments')!.rows).toMatchObject([{ reference: 'stripe:pi_3', status: 'disputed' }]);
  expect(await read("SELECT action FROM audit_records WHERE action IN ('case.link_payment', 'payment.match') ORDER BY record_id")).toEqual([{ action: 'case.link_payment' }, { action: 'payment.match' }]);
});

test('a usage file is previewed with its problems by line, taken in, and reconciled by day and model with a purpose', async () => {
  const empty = (await support.get('/api/pages/reconcile')).json<{ imports: unknown[]; providers: string[]; mayImport: boolean }>();
  expect(empty).toEqual({ imports: [], providers: ['openai'], mayImport: false });
  const bad = (await upload(officer, 'usage', { provider: 'openai' }, 'day,model,input_tokens,output_tokens\n2026-10-20,gpt-5,ten,1\n2026-13-20,gpt-5,1,1')).json<{ problems: { line: number; message: string }[] }>();
  expect(bad.problems).toEqual([{ line: 2, message: 'tokens are whole numbers' }, { line: 3, message: '"2026-13-20" is not a day as YYYY-MM-DD' }]);
  const calls = await read<{ id: string; day: string; model: string; input: string; output: string }>(`SELECT upstream_request_id AS id, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, served_model AS model, (usage_input + usage_cache_read)::text AS input, usage_output::text AS output FROM calls WHERE provider_id = 'openai' ORDER BY request_id`);
  const csv = ['request_id,day,model,input_tokens,output_tokens', ...calls.slice(1).map((one, index) => `${one.id},${one.day},${one.model},${Number(one.input) + (index === 0 ? 500 : 0)},${one.output}`), `theirs-1,${calls[0]!.day},${calls[0]!.model},1,1`].join('\n');
  const preview = (await upload(officer, 'usage', { provider: 'openai' }, csv)).json<{ rows: number; by_request: boolean; import_id: string | null }>();
  expect(preview).toMatchObject({ rows: calls.length, by_request: true, import_id: null });
  expect((await support.get('/api/pages/reconcile')).json<{ imports: unknown[] }>().imports).toEqual([]);
  const taken = (await upload(officer, 'usage', { provider: 'openai', take: '' }, csv)).json<{ import_id: string }>();
  const ask = (more: object = {}): Promise<Answer> => support.post('/api/pages/reconcile', { import: taken.import_id, tolerance_tokens: '0', tolerance_percent: '0', purpose: 'billing', ...more });
  expect(errorOf(await ask({ purpose: '' }))).toMatchObject({ code: 'purpose_required' });
  expect(errorOf(await ask({ tolerance_percent: 'lots' }))).toMatchObject({ code: 'invalid_request', field: 'tolerance_percent' });
  const answer = (await ask()).json<{ total: object; groups: object[]; differences: { class: string; requestId: string | null }[]; csv: string }>();
  expect(answer.total).toEqual({ matched: calls.length - 2, amount_differs: 1, ours_only: 1, theirs_only: 1 });
  expect(answer.groups).toMatchObject([{ day: calls[0]!.day, model: 'gpt-5-2026-08-01' }]);
  expect(answer.differences.find((one) => one.class === 'ours_only')!.requestId).not.toBeNull();
  expect(answer.csv.split('\r\n')).toHaveLength(1 + 1 + 3 + 1);
  expect((await ask({ tolerance_tokens: '500' })).json<{ total: object }>().total).toMatchObject({ amount_differs: 0 });
  expect(await read("SELECT purpose FROM audit_records WHERE action = 'usage.reconcile'")).toHaveLength(2);
});

test('the report is the same in all its forms, and no suppressed count is in any of them', async () => {
  ok(await console_.app.act(systemActor('test'), (tx) => console_.app.security.setOperatorProfile(tx, { name: 'Example Gateway Ltd', jurisdiction: 'DE', contact: 'x@y.test' })));
  const period = 'from=2026-01-01&to=2026-06-30';
  const pdf = await auditor.get(`/download/transparency.pdf?${period}&language=zh`);
  expect([pdf.status, pdf.headers.get('content-type'), pdf.text.slice(0, 5)]).toEqual([200, 'application/pdf', '%PDF-']);
  expect((await support.get(`/download/transparency.pdf?${period}`)).status).toBe(403);
  expect((await auditor.get('/download/transparency.pdf?from=2026-06-30&to=2026-01-01')).status).toBe(400);
});

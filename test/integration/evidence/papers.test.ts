// Papers made with the kit of the packs: invoices, the transparency report, and the match matrix inside a pack.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FIGURES, reportOn, transparencyCsv, type ReportedCase } from '../../../src/domain/cases/transparency-rules.js';
import { describeMatch } from '../../../src/domain/evidence/describe-match.js';
import { verifyPack } from '../../../src/domain/evidence/index.js';
import { paperWords } from '../../../src/domain/evidence/papers/paper-words.js';
import { renderPaper } from '../../../src/domain/evidence/papers/print-paper.js';
import { transparencyPaper, type TransparencyInput } from '../../../src/domain/evidence/papers/transparency-pages.js';
import { readPdf } from '../../../src/domain/evidence/verify/read-pdf.js';
import { fixedClock } from '../../../src/kernel/clock.js';
import { sha256Hex } from '../../../src/kernel/digest.js';
import { openPackSigner } from '../../../src/platform/crypto/pack-signer.js';
import { assertPdfA3 } from '../../support/assert-pdfa3.js';
import { DISPUTE, SUE } from '../../support/case-people.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { evidenceWorld, officer } from '../../support/evidence.js';
import { asFile, output, testWithTools } from '../../support/pdf-tools.js';
import { ok, system } from '../../support/registry.js';

const clock = fixedClock('2026-10-24T12:00:00.000Z');
let test_: TestApp, requestId: string, invoiceId: string;
beforeAll(async () => {
  test_ = await createTestApp({ clock });
  const { app } = test_, world = await evidenceWorld(app);
  requestId = await world.makeCall();
  await app.ledger.sealOnce();
  clock.set('2026-11-24T12:00:00.000Z');
  const plan = ok(await app.billing.planInvoice({ accountId: 'acme', month: '2026-10' }));
  ({ invoiceId } = ok(await app.act(officer, (tx) => app.billing.issueInvoice(tx, plan, { confirmed: plan.digest, language: 'both', note: 'Zahlbar in 14 Tagen. 请于 14 日内支付。' }))));
});
afterAll(() => test_.close());

const pdfOf = async (): Promise<Buffer> => ok(await test_.app.evidence.invoicePdf(invoiceId)).pdf;

test('an invoice is PDF/A-3 with its document and lines in it, and the digest on its page is the one on the ledger', async () => {
  const bytes = await pdfOf(), invoice = (await test_.app.billing.findInvoice(invoiceId))!;
  assertPdfA3(bytes);
  const { rows: [printed] } = await test_.app.database.reader.query<{ after: { sha256: string; document_sha256: string } }>("SELECT after FROM audit_records WHERE action = 'invoice.print' AND subject_id = $1", [invoiceId]);
  expect(printed!.after).toMatchObject({ sha256: sha256Hex(bytes), document_sha256: invoice.documentSha256 });
  expect(readPdf(bytes).problems).toEqual([]);
});

test('two who ask at once, and who ask later, get the same bytes; the row refuses to be another', async () => {
  const [one, other] = await Promise.all([pdfOf(), pdfOf()]);
  expect(one.equals(other)).toBe(true);
  clock.set('2026-12-24T12:00:00.000Z');
  expect((await pdfOf()).equals(one)).toBe(true);
  clock.set('2026-11-24T12:00:00.000Z');
  expect((await test_.app.database.reader.query('SELECT 1 FROM invoice_pages')).rows).toHaveLength(1);
});

testWithTools(['qpdf', 'pdfsig', 'pdfdetach', 'pdftotext', 'pdffonts'], 'qpdf, poppler and its signature check find nothing wrong with an invoice, and its text and attachments say what is on record', async () => {
  const path = asFile(await pdfOf()), invoice = (await test_.app.billing.findInvoice(invoiceId))!;
  expect(output('qpdf', '--check', path)).toContain('No syntax or stream encoding errors found');
  expect(output('pdfsig', path)).toContain('Signature is Valid');
  const list = output('pdfdetach', '-list', path), text = output('pdftotext', '-layout', path, '-');
  for (const name of ['invoice.json', 'lines.csv']) expect(list).toContain(name);
  const json = join(path, '..', 'invoice.json');
  output('pdfdetach', '-savefile', 'invoice.json', '-o', json, path);
  expect(sha256Hex(readFileSync(json))).toBe(invoice.documentSha256);
  for (const part of ['INV-2026-000001', 'Example Gateway Ltd', 'Acme GmbH', '0.01 USD', 'Invoice', '发票', 'Zahlbar in 14 Tagen', invoice.documentSha256.slice(0, 32)]) expect(text).toContain(part);
});

const request = (count: number, country: string, more: Partial<ReportedCase> = {}): ReportedCase[] => Array.from({ length: count }, () => ({ country, instrumentType: 'court_order', accountId: null, state: 'closed', facts: {}, moves: [], disclosures: 0, ...more }));
const input: TransparencyInput = { report: reportOn([...request(37, 'DE', { disclosures: 1 }), ...request(3, 'DE', { state: 'rejected' }), ...request(41, 'FR'), ...request(2, 'CN')]), from: '2026-01-01', to: '2026-06-30', timeZone: 'Europe/Berlin', language: 'en', operator: { name: 'Example Gateway Ltd', jurisdiction: 'DE', contact: 'x@y.test' }, at: new Date('2026-07-01T00:00:00Z') };
const unsigned = async (more: Partial<TransparencyInput> = {}): Promise<Buffer> => {
  const { paper, words } = transparencyPaper({ ...input, ...more }), path = asFile(Buffer.alloc(0), 'report.pdf');
  rmSync(path);
  await renderPaper(paper, words, path, { generator: 'Holdfast test', signer: openPackSigner(test_.home, 'Evidence seal of test', clock.now()) });
  return readFileSync(path);
};

test('the same report gives the same bytes, and is PDF/A-3', async () => {
  const one = await unsigned({ language: 'both' });
  expect(one.equals(await unsigned({ language: 'both' }))).toBe(true);
  assertPdfA3(one);
});

testWithTools(['pdftotext', 'pdfdetach'], 'what is suppressed stands in none of the forms of the report: page, CSV, or the PDF with what is attached to it', async () => {
  const path = asFile(await unsigned()), text = output('pdftotext', '-layout', path, '-'), cells = [...input.report.rows.map((row) => row.cells), input.report.total];
  output('pdfdetach', '-saveall', '-o', join(path, '..'), path);
  const attached = ['transparency.json', 'transparency.csv'].map((name) => readFileSync(join(path, '..', name), 'utf8'));
  expect(attached[1]).toBe(transparencyCsv(input.report));
  // 40 requests of which 37 were answered and 3 rejected: neither 37 nor 3 may be told, nor may the 2 of China or the sum of 83.
  const numbers = (source: string): Set<string> => new Set(source.replaceAll(/\d{4}-\d\d-\d\d/g, '').match(/(?<![\d<≥>-])\d+(?![\d-])/g));
  for (const form of [text.slice(0, text.indexOf('How to read')), ...attached]) for (const hidden of ['37', '3', '2', '83']) expect(numbers(form)).not.toContain(hidden);
  for (const row of cells) for (const figure of FIGURES) expect(text).toContain(String(row[figure]));
});

test('every word a paper asks for is there in both languages, and nothing is left over', () => {
  const read = (language: string): Record<string, Record<string, string>> => JSON.parse(readFileSync(`templates/papers/v1/${language}.json`, 'utf8')) as Record<string, Record<string, string>>;
  const [en, zh] = [read('en'), read('zh')], keys = (tree: typeof en): string[] => Object.entries(tree).flatMap(([group, words]) => Object.keys(words!).map((key) => `${group}.${key}`)).sort();
  expect(keys(zh)).toEqual(keys(en));
  const holes = (text: string): string => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort().join();
  for (const [group, words] of Object.entries(en)) for (const [key, text] of Object.entries(words)) expect([group, key, holes(zh[group]![key]!)]).toEqual([group, key, holes(text)]);
  const code = ['invoice-pages', 'transparency-pages', 'print-paper'].map((name) => readFileSync(`src/domain/evidence/papers/${name}.ts`, 'utf8')).join();
  expect(Object.entries(en).flatMap(([group, words]) => (group === 'invoice' || group === 'transparency' ? Object.keys(words).filter((key) => !code.includes(`'${key}'`)) : []))).toEqual([]);
  expect(() => paperWords('en').words('invoice', 'nothing')).toThrow('invoice.nothing');
});

testWithTools(['pdfdetach'], 'a pack and an exhibit of a dispute that names its payment hold the match matrix, and verify; addresses are told of the payments to be submitted alone', async () => {
  const { app } = test_, pay = (id: string, paidAt: string, more: object = {}) => app.act(system, (tx) => app.billing.recordPayment(tx, { accountId: 'acme', amountMicros: 20_000_000n, currency: 'USD', paidAt: new Date(paidAt), processor: 'stripe', processorPaymentId: id, method: 'card', cardLast4: '4242', cardFingerprint: 'fp', ipAddress: '203.0.113.7', loginId: 'dev@acme.test', descriptor: 'HOLDFAST', ...more }));
  for (const [id, at, more] of [['pi_1', '2026-02-01T10:00:00Z'], ['pi_2', '2026-05-01T10:00:00Z'], ['pi_old', '2024-05-01T10:00:00Z', { ipAddress: '198.51.100.99' }], ['pi_9', '2026-10-30T10:00:00Z', { status: 'disputed', disputedAt: new Date('2026-11-20T10:00:00Z') }]] as const) ok(await pay(id, at, more));
  const opened = ok(await app.act(SUE, (tx) => app.cases.openCase(tx, { kind: 'dispute', facts: { ...DISPUTE, topic: 'chargeback' }, requestIds: [requestId] })));
  expect(await app.act(SUE, (tx) => app.cases.linkPayment(tx, opened.number, 'pi_none'))).toMatchObject({ code: 'not_found' });
  ok(await app.act(SUE, (tx) => app.cases.linkPayment(tx, opened.number, 'pi_9')));
  for (const kind of ['dispute', 'scheme_exhibit'] as const) {
    const made = ok(await app.evidence.makePack(officer, { kind, requestId, purpose: 'dispute_resolution', language: kind === 'dispute' ? 'en' : 'zh', caseNumber: opened.number }));
    const bytes = readFileSync(made.path), report = await verifyPack(bytes);
    expect([kind, report.verdict, report.checks.filter((check) => !check.ok)]).toEqual([kind, 'intact', []]);
    const pack = readPackJson(bytes);
    expect(pack.match).toMatchObject({ eligible: true, common: ['ip_address', 'login_id'], others: 3, disputed: { reference: 'stripe:pi_9', ip_address: '203.0.113.7' } });
    expect(pack.match!.rows.map((row) => [row.reference, row.ip_address])).toEqual([['stripe:pi_2', '203.0.113.7'], ['stripe:pi_1', '203.0.113.7'], ['stripe:pi_old', null]]);
    expect(JSON.stringify(pack)).not.toContain('198.51.100.99');
    if (kind === 'scheme_exhibit') expect((await app.evidence.findPack(made.packId))!.pages).toBeLessThanOrEqual(19);
  }
  expect(await describeMatch(app, { kind: 'dispute', caseNumber: null })).toBeUndefined();
  expect(await describeMatch(app, { kind: 'lawful_request', caseNumber: opened.number })).toBeUndefined();
});

interface Packed { readonly match?: { readonly rows: readonly { readonly reference: string; readonly ip_address: string | null }[] } }
function readPackJson(bytes: Buffer): Packed {
  const path = asFile(bytes);
  output('pdfdetach', '-savefile', 'pack.json', '-o', `${path}.json`, path);
  return JSON.parse(readFileSync(`${path}.json`, 'utf8')) as Packed;
}

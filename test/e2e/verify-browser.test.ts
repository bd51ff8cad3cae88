// Files that strangers bring: through the console in a real browser, and through the API. Nothing of them may stay, and none may stop the server.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { createEvidence, verifyBytes } from '../../src/domain/evidence/index.js';
import { systemActor } from '../../src/kernel/actor.js';
import { fixedClock } from '../../src/kernel/clock.js';
import { aCall } from '../fixtures/calls.js';
import { findChromium, launch, openPage } from '../support/browser.js';
import { OWN, PASSWORD, startTestConsole, type Client, type TestConsole } from '../support/console.js';
import { evidenceWorld, officer, packBytes } from '../support/evidence.js';
import { ok } from '../support/registry.js';
import { attachment, flip, withAttachments } from '../support/tamper.js';

const chromium = findChromium(), here = chromium ? test : test.skip, pictures = process.env['SCREENSHOTS'], clock = fixedClock(new Date());
let console_: TestConsole, client: Client, browser: Browser, folder: string, key: string, token: string;
const file = (name: string): string => join(folder, name), bytesOf = (name: string): Buffer => readFileSync(file(name));
beforeAll(async () => {
  console_ = await startTestConsole({ clock });
  client = await console_.signIn('auditor');
  await console_.addOperator('officer@holdfast.test', 'compliance_officer');
  const { app } = console_, world = await evidenceWorld(app), put = (name: string, bytes: Buffer | string): void => { writeFileSync(file(name), bytes); };
  folder = mkdtempSync(join(tmpdir(), 'holdfast-verify-'));
  const requestId = await world.makeCall({ attempts: 2 }), pack = (await packBytes(app, requestId)).bytes;
  put('pack.pdf', pack);
  put('changed.pdf', flip(pack, pack.length >> 1));
  const stop = new AbortController(), sealing = app.ledger.runSealer(stop.signal);
  try { put('proof.json', await app.ledger.proveCalls(systemActor('test'), { callId: requestId }, { purpose: 'dispute_resolution' }) as string); } finally { stop.abort(); await sealing; }
  put('checkpoint', readFileSync(join(console_.home, 'log', 'checkpoint')));
  clock.advance(60_000);
  const from = clock.now(), evidence = createEvidence({ ...app, volumeRows: 4 });
  await app.ledger.createRecorder('bulk').write(Array.from({ length: 6 }, () => aCall(clock.now(), { account_id: 'acme', price_id: world.priceId })));
  const packId = ok(await app.act(officer, (tx) => evidence.requestPack(tx, { kind: 'audit_period', purpose: 'security_audit', language: 'en', from, until: new Date(from.getTime() + 1_000), dataTypes: ['api_call_metadata'] })));
  await app.ledger.sealOnce();
  await evidence.assemblePack(packId);
  for (const [number, name] of ['master.pdf', 'volume-1.pdf', 'volume-2.pdf'].entries()) put(name, readFileSync((await evidence.packFile(packId, number))!.path));
  const runId = ok(await app.act(officer, (tx) => app.retention.planPurge(tx, 'security_logs', 'test')));
  put('purge-plan.json', JSON.stringify({ run_id: runId }));
  key = app.ledger.verifierKey();
  token = ok(await app.act(systemActor('test'), (tx) => app.security.issueToken(tx, { name: 'auditor', roles: ['auditor'] }))).secret;
  if (chromium) browser = await launch(chromium);
}, 120_000);
afterAll(async () => {
  if (chromium) await browser.close();
  await console_.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Report { readonly kind: string; readonly verdict: string; readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly message: string }[]; readonly answer?: readonly string[]; readonly sha256: string }
const upload = async (bytes: Buffer, query = ''): Promise<Report> => {
  const answer = await client.send('POST', `/upload/verify${query}`, { headers: { ...OWN, 'content-type': 'application/octet-stream' }, body: bytes });
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  return answer.json<Report>() as unknown as Report;
};
const said = (report: Report): string => report.checks.filter((check) => !check.ok).map((check) => check.message).join('; ');

test('every kind of file of ours is known and verified, and says what it is', async () => {
  const query = `?key=${encodeURIComponent(key)}`;
  for (const [name, kind] of [['pack.pdf', 'evidence pack'], ['master.pdf', 'evidence pack'], ['volume-1.pdf', 'evidence pack'], ['proof.json', 'proof that a call is on record'], ['checkpoint', 'checkpoint']] as const) {
    const report = await upload(bytesOf(name), query);
    expect([name, report.kind, report.verdict, said(report)]).toEqual([name, kind, 'intact', '']);
  }
  expect(await upload(bytesOf('changed.pdf'))).toMatchObject({ kind: 'evidence pack', verdict: 'altered' });
});

test('the API answers the same, with the digest of the file', async () => {
  const answer = await fetch(`${console_.url}/api/v1/verify?trusted_key=${encodeURIComponent(key)}`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: new Uint8Array(bytesOf('proof.json')) });
  expect(await answer.json()).toMatchObject({ kind: 'proof that a call is on record', verdict: 'intact', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), answer: [expect.stringContaining('is on record as leaf')] });
  expect((await fetch(`${console_.url}/api/v1/verify`, { method: 'POST', body: new Uint8Array(bytesOf('proof.json')) })).status).toBe(401);
});

test.each([
  ['a web page', Buffer.from('<!DOCTYPE html><html><body>Not found</body></html>'), 'this is a web page'],
  ['a ZIP archive', Buffer.from('PK\u0003\u0004rest'), 'this is a ZIP archive'],
  ['50 MB of noise', randomBytes(50 << 20), 'this is no file of ours'],
  ['another PDF', Buffer.from('%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n'), 'not an evidence pack'],
  ['an encrypted PDF', Buffer.from('%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R /Encrypt 2 0 R >>\n%%EOF\n'), 'this PDF document is encrypted'],
])('%s is unreadable, with the reason in words', async (_, bytes, message) => {
  const report = await upload(bytes);
  expect([report.verdict, said(report)]).toEqual(['unreadable', expect.stringContaining(message)]);
});

test('attachments taken out of a pack, and the verifier itself, are told for what they are', async () => {
  for (const name of ['pack.json', 'manifest.json', 'records.ndjson', 'proofs.tlog']) expect(said(await upload(attachment(bytesOf('pack.pdf'), name)))).toMatch(/verify the PDF (?:it|they) came out of/);
});

test('an empty body is refused, and one that is too large is told the limit', async () => {
  const send = (body: Buffer, headers: Record<string, string> = {}) => client.send('POST', '/upload/verify', { headers: { ...OWN, 'content-type': 'application/octet-stream', ...headers }, body });
  expect((await send(Buffer.alloc(0))).status).toBeGreaterThanOrEqual(400);
  const large = await send(Buffer.alloc((64 << 20) + 1));
  expect([large.status, large.text]).toEqual([413, expect.stringContaining('larger than 64 MB')]);
  const api = await fetch(`${console_.url}/api/v1/verify`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: Buffer.alloc((64 << 20) + 1) });
  expect([api.status, await api.text()]).toEqual([413, expect.stringContaining('body_too_large')]);
}, 60_000);

test('files made to exhaust the reader are named as such and end in bounds: data that swells, data nested without end', async () => {
  const bomb = await upload(withAttachments(bytesOf('pack.pdf'), { 'records.ndjson': Buffer.alloc(200 << 20) }));
  expect([bomb.verdict, said(bomb)]).toEqual(['altered', expect.stringContaining('attachment records.ndjson: its data is larger than 128 MB once decompressed, which no pack has')]);
  const deep = await upload(withAttachments(bytesOf('pack.pdf'), { 'pack.json': Buffer.from(`${'['.repeat(2_000_000)}${']'.repeat(2_000_000)}`) }));
  expect(deep.verdict).not.toBe('intact');
  expect((await upload(bytesOf('pack.pdf'))).verdict).toBe('intact');
}, 60_000);

test('nothing of a file stays: no temporary file, nothing in the home, no row', async () => {
  const before = process.env['TMPDIR'], own = mkdtempSync(join(tmpdir(), 'holdfast-own-tmp-'));
  const rows = async (): Promise<string> => (await console_.app.database.reader.query<{ n: string }>("SELECT (SELECT count(*) FROM audit_records)::text || '/' || (SELECT count(*) FROM evidence_packs)::text || '/' || (SELECT count(*) FROM security_events)::text AS n")).rows[0]!.n;
  const homeFiles = (): string[] => readdirSync(console_.home, { recursive: true }).map(String).sort();
  const [counts, files] = [await rows(), homeFiles()];
  process.env['TMPDIR'] = own;
  try {
    // What the thread does, here where its folder for temporary files is ours to watch.
    const report = await verifyBytes(bytesOf('pack.pdf'), { reprint: true });
    expect(report.checks.find((check) => check.name === 'printed pages')!.message).toContain('printed again from pack.json');
    expect(readdirSync(own)).toEqual([]);
  } finally { if (before === undefined) delete process.env['TMPDIR']; else process.env['TMPDIR'] = before; rmSync(own, { recursive: true }); }
  await upload(bytesOf('pack.pdf'));
  await upload(bytesOf('changed.pdf'));
  expect([await rows(), homeFiles()]).toEqual([counts, files]);
});

here('in the browser: a master with its volumes, by keyboard alone, and one volume left out', async () => {
  const { page, context, trouble } = await openPage(browser, console_.url);
  await page.goto(`${console_.url}/console/pages/verify`);
  await page.getByLabel('E-mail').fill('officer@holdfast.test');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/console/pages/verify');
  await page.getByRole('heading', { name: 'Verify a file', exact: true }).waitFor();
  const input = page.getByLabel('Files', { exact: true });
  await input.waitFor();
  const kind = (): Promise<string | null | undefined> => page.evaluate(() => document.activeElement?.getAttribute('type'));
  for (let tabs = 0; tabs < 80 && await kind() !== 'file'; tabs += 1) await page.keyboard.press('Tab');
  expect(await kind()).toBe('file');
  // The dialog that opens here is the system's own; what is chosen in it is given instead.
  await input.setInputFiles(['master.pdf', 'volume-1.pdf', 'volume-2.pdf'].map(file));
  await page.keyboard.press('Tab');
  await page.keyboard.type(key);
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Verify');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'The volumes the master names' }).waitFor({ timeout: 60_000 });
  expect(await page.getByText('Intact: every check passed').count()).toBe(3);
  expect(await page.getByText('is the file the master names').count()).toBe(2);
  expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('region');
  await page.getByText('that nothing else exists').first().waitFor();
  await input.setInputFiles(['master.pdf', 'changed.pdf'].map(file));
  await page.getByRole('button', { name: 'Verify', exact: true }).press('Enter');
  await page.getByText('volume 2 was not given: nothing is said about it').waitFor({ timeout: 60_000 });
  await page.getByText('Altered: something does not fit').waitFor();
  if (pictures) await page.screenshot({ path: `${pictures}/verify-altered.png`, fullPage: true });
  expect(trouble).toEqual([]);
  await context.close();
}, 120_000);

here('in Chinese on a phone: the page says what each check compares, and fits', async () => {
  const { page, context, trouble } = await openPage(browser, console_.url, { width: 390, height: 844, locale: 'zh-CN' });
  await page.goto(`${console_.url}/console/pages/verify`);
  await page.getByLabel('电子邮箱').fill('officer@holdfast.test');
  await page.getByLabel('密码').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/console/pages/verify');
  await page.getByLabel('文件', { exact: true }).setInputFiles(file('pack.pdf'));
  await page.getByRole('button', { name: '核验', exact: true }).click();
  await page.getByText('完好：全部核验通过').waitFor({ timeout: 60_000 });
  await page.getByText('记录在写入时是否真实').waitFor();
  await page.getByText('各页与签章时的摘要比对').waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  if (pictures) await page.screenshot({ path: `${pictures}/verify-zh-phone.png`, fullPage: true });
  expect(trouble).toEqual([]);
  await context.close();
}, 120_000);

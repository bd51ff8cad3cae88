import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, readFileSync } from 'node:fs';
import express from 'express';
import { deliverPack } from '../../../src/entrypoints/http/deliver-pack.js';
import { verifyPack } from '../../../src/domain/evidence/index.js';
import type { PackDocument } from '../../../src/domain/evidence/pack-document.js';
import { fixedClock } from '../../../src/kernel/clock.js';
import { approveAll } from '../../support/approvals.js';
import { assertPdfA3 } from '../../support/assert-pdfa3.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { evidenceWorld, officer, packBytes, type EvidenceWorld } from '../../support/evidence.js';
import { ok, person } from '../../support/registry.js';
import { attachment } from '../../support/tamper.js';

const clock = fixedClock(new Date()), DAY_MS = 86_400_000;
let test_: TestApp, world: EvidenceWorld, packId: string, server: Server, url: string;
beforeAll(async () => {
  test_ = await createTestApp({ clock });
  world = await evidenceWorld(test_.app);
  packId = (await packBytes(test_.app, await world.makeCall({ accountId: 'kuhn' }))).packId;
  const app = express();
  app.get('/packs/:token', deliverPack(test_.app));
  server = createServer(app);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 60_000);
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => { server.close(resolve); });
  await test_.close();
});

const link = (input: { days?: number; mostDownloads?: number; recipient?: string } = {}, actor = officer) => test_.app.act(actor, (tx) => test_.app.evidence.linkPack(tx, { packId, recipient: 'Court of Example', days: 7, mostDownloads: 2, ...input }));
const audits = async (action: string): Promise<{ after: Record<string, unknown> }[]> => (await test_.app.database.reader.query<{ after: Record<string, unknown> }>('SELECT after FROM audit_records WHERE action = $1 ORDER BY record_id', [action])).rows;
const status = async (token: string): Promise<number> => (await fetch(`${url}/packs/${token}`)).status;

test('a link hands the very file out, so many times, each on the ledger with its recipient', async () => {
  const { token, linkId } = ok(await link());
  const answer = await fetch(`${url}/packs/${token}`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-disposition')).toMatch(/filename="EP-[0-9a-f]{12}\.pdf"/);
  expect(Buffer.from(await answer.arrayBuffer()).equals(readFileSync((await test_.app.evidence.packFile(packId))!.path))).toBe(true);
  expect([await status(token), await status(token)]).toEqual([200, 404]);
  expect((await audits('pack.download')).map(({ after }) => [after['link_id'], after['number'], after['recipient']])).toEqual([[linkId, 1, 'Court of Example'], [linkId, 2, 'Court of Example']]);
  expect(await test_.app.evidence.packLinks(packId)).toMatchObject([{ linkId, downloads: 2, mostDownloads: 2 }]);
  // The token is kept nowhere, not even on the ledger.
  const { rows } = await test_.app.database.reader.query<{ text: string }>("SELECT (SELECT string_agg(row_to_json(l)::text, '') FROM evidence_links l) || (SELECT string_agg(row_to_json(a)::text, '') FROM audit_records a) AS text");
  expect(rows[0]!.text).not.toContain(token);
});

test('a link that expired, was revoked or never was opens nothing, and nobody learns which', async () => {
  const expired = ok(await link({ days: 1 })), revoked = ok(await link());
  expect(await test_.app.act(person('auditor'), (tx) => test_.app.evidence.revokeLink(tx, revoked.linkId))).toMatchObject({ code: 'forbidden' });
  expect(await test_.app.act(officer, (tx) => test_.app.evidence.revokeLink(tx, revoked.linkId))).toBeUndefined();
  expect(await test_.app.act(officer, (tx) => test_.app.evidence.revokeLink(tx, revoked.linkId))).toMatchObject({ code: 'not_found' });
  clock.advance(DAY_MS);
  const answers = await Promise.all([expired.token, revoked.token, `hfl_${'a'.repeat(43)}`, 'nonsense'].map((token) => test_.app.evidence.openLink(token)));
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(answers[0]).toMatchObject({ code: 'not_found' });
});

test('a link needs a recipient, sane limits and the permission', async () => {
  for (const input of [{ days: 0 }, { days: 31 }, { mostDownloads: 0 }, { mostDownloads: 101 }, { recipient: ' ' }]) expect(await link(input)).toMatchObject({ code: 'invalid_request' });
  expect(await link({}, person('auditor'))).toMatchObject({ code: 'forbidden' });
});

test('a pack that waits is cancelled at once and is never made; one in the making stops when it next looks', async () => {
  const request = async (): Promise<string> => ok(await test_.app.act(officer, async (tx) => {
    const id = await test_.app.evidence.requestPack(tx, { requestId: await world.makeCall(), purpose: 'dispute_resolution', language: 'en' });
    tx.afterCommit.length = 0;
    return id;
  }));
  const waiting = await request();
  expect(await test_.app.act(person('auditor'), (tx) => test_.app.evidence.cancelPack(tx, waiting))).toMatchObject({ code: 'forbidden' });
  expect(await test_.app.act(officer, (tx) => test_.app.evidence.cancelPack(tx, waiting))).toBeUndefined();
  await test_.app.evidence.assemblePack(waiting);
  expect(await test_.app.evidence.findPack(waiting)).toMatchObject({ state: 'cancelled' });
  const running = await request();
  await test_.app.ledger.sealOnce();
  await test_.app.database.pool.query("UPDATE evidence_packs SET state = 'assembling' WHERE pack_id = $1", [running]);
  expect(await test_.app.act(officer, (tx) => test_.app.evidence.cancelPack(tx, running))).toBeUndefined();
  await test_.app.evidence.assemblePack(running);
  expect(await test_.app.evidence.findPack(running)).toMatchObject({ state: 'cancelled', progress: null });
  expect(await test_.app.act(officer, (tx) => test_.app.evidence.cancelPack(tx, running))).toMatchObject({ code: 'conflict' });
});

test('bytes of a stranger are verified in the thread; nonsense is no failure', async () => {
  const bytes = readFileSync((await test_.app.evidence.packFile(packId))!.path);
  expect(await test_.app.evidence.verifyUpload(bytes, { reprint: false })).toMatchObject({ verdict: 'intact' });
  expect(await test_.app.evidence.verifyUpload(Buffer.from('%PDF-1.7 and nothing else'))).toMatchObject({ verdict: 'unreadable' });
  // Still ours: the thread got a copy.
  expect(bytes.toString('latin1', 0, 5)).toBe('%PDF-');
});

test('the file of a pack goes when its data is due, not while a hold covers it; the purge has a certificate that is a pack of its own', async () => {
  const held = (await packBytes(test_.app, await world.makeCall({ accountId: 'acme' }))).packId;
  const path = (await test_.app.evidence.packFile(packId))!.path;
  const purgeFiles = test_.app.evidence.jobs.find((job) => job.name === 'purge-pack-files')!;
  await purgeFiles.run('');
  expect(existsSync(path)).toBe(true);
  clock.advance(4 * 366 * DAY_MS);
  await purgeFiles.run('');
  expect(existsSync(path)).toBe(false);
  expect(await test_.app.evidence.findPack(packId)).toMatchObject({ state: 'purged', purgedAt: clock.now() });
  expect(await test_.app.evidence.packFile(packId)).toBeUndefined();
  expect(await test_.app.evidence.findPack(held)).toMatchObject({ state: 'ready' });
  const runId = ok(await test_.app.act(officer, (tx) => test_.app.retention.planPurge(tx, 'api_call_metadata', 'test')));
  await approveAll(test_.app);
  await test_.app.retention.runPurge(runId);
  const made = ok(await test_.app.evidence.makePack(officer, { kind: 'purge_certificate', runId, purpose: 'compliance_retention', language: 'both' })), bytes = readFileSync(made.path);
  assertPdfA3(bytes);
  expect((await verifyPack(bytes)).checks.filter((check) => !check.ok)).toEqual([]);
  const document = JSON.parse(attachment(bytes, 'pack.json').toString()) as PackDocument;
  const certificate = (await test_.app.retention.certificate(runId))!;
  expect(document.purge).toMatchObject({ certificate_id: certificate.certificateId, body: certificate.body, signature: certificate.signature.toString('hex') });
  expect(document.custody.map((one) => one.action)).toContain('purge.certify');
  // The held account's pack still compares: what a hold kept is there.
  expect(await test_.app.evidence.comparePack(officer, held)).toMatchObject({ same: true });
});

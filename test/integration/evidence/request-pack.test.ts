import { readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createEvidence, type PackRequest } from '../../../src/domain/evidence/index.js';
import type { Actor } from '../../../src/kernel/actor.js';
import { sha256Hex } from '../../../src/kernel/digest.js';
import { fixedClock } from '../../../src/kernel/clock.js';
import { mintId } from '../../../src/kernel/ids.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { evidenceWorld, officer, type EvidenceWorld } from '../../support/evidence.js';
import { ok, person } from '../../support/registry.js';

let test_: TestApp, world: EvidenceWorld, requestId: string;
const clock = fixedClock(new Date());
beforeAll(async () => {
  // A database number of its own in Redis: another test's worker must not take these jobs.
  const redis = new URL(process.env['TEST_REDIS_URL']!);
  redis.pathname = '/14';
  test_ = await createTestApp({ clock, env: { REDIS_URL: redis.toString() } });
  world = await evidenceWorld(test_.app);
  requestId = await world.makeCall();
});
afterAll(async () => { await test_.close(); });

const ask = (request: Partial<PackRequest> = {}, actor: Actor = officer) => test_.app.act(actor, (tx) => test_.app.evidence.requestPack(tx, { requestId, purpose: 'dispute_resolution', language: 'en', ...request }));
const rows = async <T>(sql: string, values: unknown[] = []): Promise<T[]> => (await test_.app.database.reader.query(sql, values)).rows as T[];
const packs = async (): Promise<number> => (await rows<{ n: number }>('SELECT count(*)::int AS n FROM evidence_packs'))[0]!.n;

test('a pack needs the permission to create evidence, a published purpose and a known language', async () => {
  for (const role of ['auditor', 'approver', 'administrator'] as const) expect(await ask({}, person(role))).toMatchObject({ code: 'forbidden' });
  expect(await ask({ purpose: 'curiosity' as never })).toMatchObject({ code: 'purpose_required', field: 'purpose' });
  expect(await ask({ purpose: undefined as never })).toMatchObject({ code: 'purpose_required' });
  expect(await ask({ language: 'fr' as never })).toMatchObject({ code: 'invalid_request', field: 'language' });
  expect(await packs()).toBe(0);
});

test('a call that is not on record has no pack', async () => {
  for (const id of [mintId(new Date()), 'nonsense', '']) expect(await ask({ requestId: id })).toMatchObject({ code: 'not_found' });
});

test('a support agent asks by the id of provider or client; the request is on the ledger with its purpose and question', async () => {
  for (const id of ['req_openai_7', 'client-42', requestId]) {
    const packId = ok(await ask({ requestId: id, reason: '  Why this charge?  ' }, person('support_agent')));
    expect(await test_.app.evidence.findPack(packId)).toMatchObject({ requestId, accountId: 'acme', state: 'requested', reason: 'Why this charge?', purpose: 'dispute_resolution', requestedBy: 'Pat' });
    expect(await rows('SELECT action, purpose, reason, actor_name FROM audit_records WHERE subject_kind = $1 AND subject_id = $2', ['pack', packId]))
      .toEqual([{ action: 'pack.request', purpose: 'dispute_resolution', reason: 'Why this charge?', actor_name: 'Pat' }]);
  }
});

test('records that are not sealed are waited for: the job fails for another try, and the row says what it waits for', async () => {
  await test_.app.ledger.sealOnce();
  const packId = ok(await ask({ requestId: await world.makeCall() }));
  await expect(test_.app.evidence.assemblePack(packId)).rejects.toMatchObject({ code: 'records_unavailable' });
  expect(await test_.app.evidence.findPack(packId)).toMatchObject({ state: 'requested', failure: expect.stringContaining('waits for the sealer: ') });
  expect(await test_.app.evidence.packFile(packId)).toBeUndefined();
  expect(await test_.app.act(officer, (tx) => test_.app.evidence.recordDownload(tx, packId))).toMatchObject({ code: 'conflict', message: expect.stringContaining('waits for the sealer') });
  await test_.app.ledger.sealOnce();
  await test_.app.evidence.assemblePack(packId);
  expect(await test_.app.evidence.findPack(packId)).toMatchObject({ state: 'ready', failure: null });
});

test('the file is the one whose digest row and ledger name; a second run changes nothing', async () => {
  const { packId, path } = ok(await test_.app.evidence.makePack(officer, { requestId, purpose: 'billing', language: 'en' }));
  const row = await test_.app.evidence.findPack(packId);
  const bytes = readFileSync(path);
  expect(path).toBe(join(test_.home, 'packs', `${packId}.pdf`));
  expect(row).toMatchObject({ state: 'ready', sha256: sha256Hex(bytes), bytes: bytes.length });
  expect(row!.pages).toBeGreaterThan(10);
  const records = await rows<{ action: string; after: { sha256?: string } }>("SELECT action, after FROM audit_records WHERE subject_kind = 'pack' AND subject_id = $1 ORDER BY record_id", [packId]);
  expect(records.map((record) => [record.action, record.after.sha256])).toEqual([['pack.request', undefined], ['pack.assemble', row!.sha256]]);
  await test_.app.evidence.assemblePack(packId);
  expect(readFileSync(path).equals(bytes)).toBe(true);
  expect(await test_.app.evidence.findPack(packId)).toEqual(row);
});

test('two workers on one pack make one pack, one record and no left-over', async () => {
  const packId = ok(await ask());
  await test_.app.ledger.sealOnce();
  await Promise.all([test_.app.evidence.assemblePack(packId), test_.app.evidence.assemblePack(packId)]);
  const file = await test_.app.evidence.packFile(packId);
  expect(sha256Hex(readFileSync(file!.path))).toBe(file!.sha256);
  expect(await rows("SELECT 1 FROM audit_records WHERE action = 'pack.assemble' AND subject_id = $1", [packId])).toHaveLength(1);
  expect(readdirSync(join(test_.home, 'packs')).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('a download needs the permission to read evidence and is on the ledger with the digest', async () => {
  const { packId } = ok(await test_.app.evidence.makePack(officer, { requestId, purpose: 'dispute_resolution', language: 'zh' }));
  const download = (actor: Actor) => test_.app.act(actor, (tx) => test_.app.evidence.recordDownload(tx, packId));
  expect(await download(person('administrator'))).toMatchObject({ code: 'forbidden' });
  expect(await download(person('auditor'))).toBeUndefined();
  const { sha256 } = (await test_.app.evidence.packFile(packId))!;
  expect(await rows("SELECT actor_name, after FROM audit_records WHERE action = 'pack.download' AND subject_id = $1", [packId])).toEqual([{ actor_name: 'Pat', after: { sha256, request_id: requestId } }]);
  expect(await test_.app.act(officer, (tx) => test_.app.evidence.recordDownload(tx, mintId(new Date())))).toMatchObject({ code: 'not_found' });
});

test('a file that was cut or removed is no longer handed out', async () => {
  const { packId, path } = ok(await test_.app.evidence.makePack(officer, { requestId, purpose: 'dispute_resolution', language: 'en' }));
  truncateSync(path, 1000);
  expect(await test_.app.evidence.packFile(packId)).toBeUndefined();
  rmSync(path);
  expect(await test_.app.evidence.packFile(packId)).toBeUndefined();
});

test('the queue runs a request after its commit, and the sweep runs what the queue lost', async () => {
  const { app } = test_;
  const lost = ok(await app.act(officer, async (tx) => {
    const packId = await app.evidence.requestPack(tx, { requestId, purpose: 'dispute_resolution', language: 'en' });
    tx.afterCommit.length = 0; // the process dies right after the commit
    return packId;
  }));
  await app.ledger.sealOnce();
  const sweep = app.evidence.jobs.find((job) => job.name === 'sweep-requested-packs')!;
  await sweep.run('');
  expect(await app.evidence.findPack(lost)).toMatchObject({ state: 'requested' });
  clock.advance(61_000);
  await sweep.run('');
  expect(await app.evidence.findPack(lost)).toMatchObject({ state: 'ready' });

  const stop = new AbortController();
  const sealing = app.ledger.runSealer(stop.signal);
  for (const job of app.evidence.jobs) app.queue().work(job);
  const queued = ok(await ask());
  for (let i = 0; i < 200 && (await app.evidence.findPack(queued))?.state !== 'ready'; i += 1) await setTimeout(100);
  expect(await app.evidence.findPack(queued)).toMatchObject({ state: 'ready' });
  stop.abort();
  await sealing;
}, 60_000);

test('a request that is rolled back starts nothing', async () => {
  const before = await packs();
  await expect(test_.app.act(officer, async (tx) => { await test_.app.evidence.requestPack(tx, { requestId, purpose: 'billing', language: 'en' }); throw new Error('no'); })).rejects.toThrow('no');
  expect(await packs()).toBe(before);
});

test('a queue that is away does not undo the request: the row is there for the sweep', async () => {
  const warnings: string[] = [];
  const own = createEvidence({ ...test_.app, queue: () => { throw new Error('Redis is away'); }, log: { ...test_.app.log, warn: (message) => { warnings.push(message); } } });
  const packId = ok(await test_.app.act(officer, (tx) => own.requestPack(tx, { requestId, purpose: 'billing', language: 'en' })));
  expect(await own.findPack(packId)).toMatchObject({ state: 'requested' });
  expect(warnings).toHaveLength(1);
});

test('packs are listed newest first, of one call when asked for', async () => {
  const other = await world.makeCall();
  const { packId } = ok(await test_.app.evidence.makePack(officer, { requestId: other, purpose: 'billing', language: 'en' }));
  expect((await test_.app.evidence.listPacks({ requestId: other })).map((pack) => pack.packId)).toEqual([packId]);
  expect((await test_.app.evidence.listPacks({ limit: 2 }))[0]).toMatchObject({ packId });
  expect(await test_.app.evidence.listPacks({ requestId: 'nonsense' })).toEqual([]);
});

test('a call whose record was altered in the database gets no pack, and the reason is on the ledger', async () => {
  const altered = await world.makeCall({ accountId: 'kuhn' });
  await test_.app.ledger.sealOnce();
  const client = await test_.app.database.pool.connect();
  try {
    await client.query("SET session_replication_role = 'replica'");
    await client.query('UPDATE calls SET cost_micros = 1 WHERE request_id = $1', [altered]);
  } finally { await client.query("SET session_replication_role = 'origin'"); client.release(); }
  // After the change, not before: the queue's worker of the test above may be the one that assembles.
  const packId = ok(await ask({ requestId: altered }));
  await test_.app.ledger.sealOnce();
  await test_.app.evidence.assemblePack(packId);
  const failure = expect.stringContaining('is not leaf');
  expect(await test_.app.evidence.findPack(packId)).toMatchObject({ state: 'failed', failure });
  expect(await rows("SELECT reason FROM audit_records WHERE action = 'pack.fail' AND subject_id = $1", [packId])).toEqual([{ reason: failure }]);
  expect(await test_.app.evidence.makePack(officer, { requestId: altered, purpose: 'billing', language: 'en' })).toMatchObject({ code: 'conflict', message: failure });
});

test('a call past its retention is hidden from packs at once', async () => {
  const hidden = await world.makeCall({ accountId: 'kuhn' });
  clock.advance(366 * 86_400_000);
  expect(await ask({ requestId: hidden })).toMatchObject({ code: 'not_found' });
});

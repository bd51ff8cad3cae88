// Packs whose worker dies, whose disk is full, or whose surroundings differ: one file comes of it, or none, and never half of one.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createEvidence, verifyPack, type Evidence } from '../../../src/domain/evidence/index.js';
import type { PackDocument } from '../../../src/domain/evidence/pack-document.js';
import { packJsonPieces } from '../../../src/domain/evidence/pack-json.js';
import { renderInThread } from '../../../src/domain/evidence/pack-thread.js';
import { aCall } from '../../fixtures/calls.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { evidenceWorld, officer, packBytes, type EvidenceWorld } from '../../support/evidence.js';
import { ok } from '../../support/registry.js';
import { attachment } from '../../support/tamper.js';
import { startAuthority, type Authority } from '../../support/time-stamp-authority.js';

const VOLUME_ROWS = 40;
let test_: TestApp, world: EvidenceWorld, evidence: Evidence, authority: Authority, gate: Server, gateUrl: string;
/** Requests for a time stamp that are passed on before the next one hangs for ever. */
let passing = 0, hanging = 0;
const children: ChildProcess[] = [];

beforeAll(async () => {
  test_ = await createTestApp();
  world = await evidenceWorld(test_.app);
  evidence = createEvidence({ ...test_.app, volumeRows: VOLUME_ROWS });
  authority = await startAuthority();
  gate = createServer((request, response) => {
    if (passing <= 0) { hanging += 1; return; }
    passing -= 1;
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part)).on('end', () => {
      void fetch(authority.url, { method: 'POST', body: Buffer.concat(parts), headers: { 'content-type': 'application/timestamp-query' } }).then(async (answer) => {
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type')! }).end(Buffer.from(await answer.arrayBuffer()));
      });
    });
  });
  await new Promise<void>((resolve) => { gate.listen(0, '127.0.0.1', resolve); });
  gateUrl = `http://127.0.0.1:${(gate.address() as AddressInfo).port}/tsa`;
}, 60_000);
afterEach(() => { for (const child of children.splice(0)) child.kill('SIGKILL'); });
afterAll(async () => {
  gate.closeAllConnections();
  await new Promise((resolve) => { gate.close(resolve); });
  await authority.close();
  await test_.close();
});

const packs = (): string => join(test_.home, 'packs');
const drafts = (): string[] => readdirSync(packs()).filter((name) => name.startsWith('.'));
const assembled = async (packId: string): Promise<number> => Number((await test_.app.database.reader.query<{ n: string }>("SELECT count(*) AS n FROM audit_records WHERE action = 'pack.assemble' AND subject_id = $1", [packId])).rows[0]!.n);

function start(env: Record<string, string>, limit?: string): ChildProcess {
  const command = `${limit === undefined ? '' : `ulimit -f ${limit}; `}exec "${process.execPath}" test/support/pack-process.mjs`;
  const child = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env['PATH'], HOLDFAST_HOME: test_.home, DATABASE_URL: test_.databaseUrl, HOLDFAST_LOG_LEVEL: 'error', ...env } });
  children.push(child);
  return child;
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 2_400; tries += 1) {
    if (holds()) return;
    await new Promise((done) => { setTimeout(done, 25); });
  }
  throw new Error('never came true');
}

/** A pack that nobody assembles yet, about one call or, with `rows`, about a period of its own. */
async function requested(rows?: number): Promise<string> {
  const from = new Date(test_.app.clock.now().getTime() - 3_600_000);
  if (rows !== undefined) await test_.app.ledger.createRecorder('bulk').write(Array.from({ length: rows }, () => aCall(from, { account_id: 'acme', price_id: world.priceId })));
  const about = rows === undefined ? { requestId: await world.makeCall() } : { kind: 'audit_period' as const, from, until: new Date(from.getTime() + 1_000), dataTypes: ['api_call_metadata' as const] };
  const packId = ok(await test_.app.act(officer, async (tx) => {
    const id = await evidence.requestPack(tx, { purpose: 'security_audit', language: 'en', ...about });
    tx.afterCommit.length = 0;
    return id;
  }));
  await test_.app.ledger.sealOnce();
  return packId;
}

test('by kill -9 in the second volume of a pack the first is kept, another worker finishes, and nothing else is left', async () => {
  const packId = await requested(VOLUME_ROWS + 3);
  passing = 1;
  const child = start({ PACK_ID: packId, PACK_ROWS: String(VOLUME_ROWS), HOLDFAST_TSA_URL: gateUrl });
  await until(() => hanging > 0);
  // It has printed the second volume and waits for the time stamp of its seal.
  const [draft] = drafts();
  expect(statSync(join(packs(), draft!)).mode & 0o777).toBe(0o600);
  expect(statSync(packs()).mode & 0o777).toBe(0o700);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const first = readFileSync(join(packs(), `${packId}.v001.pdf`));
  expect(existsSync(join(packs(), `${packId}.pdf`))).toBe(false);
  await evidence.assemblePack(packId);
  expect(await evidence.findPack(packId)).toMatchObject({ state: 'ready', volumes: 2, failure: null });
  expect(readdirSync(packs()).sort()).toEqual([`${packId}.pdf`, `${packId}.v001.pdf`, `${packId}.v002.pdf`]);
  expect(readFileSync(join(packs(), `${packId}.v001.pdf`)).equals(first)).toBe(true);
  expect(await assembled(packId)).toBe(1);
  for (const name of readdirSync(packs())) {
    expect(statSync(join(packs(), name)).mode & 0o777).toBe(0o600);
    expect((await verifyPack(readFileSync(join(packs(), name)), { reprint: false })).verdict).toBe('intact');
  }
}, 120_000);

test('two workers on one pack make one file, and the draft of the one that is alive is left alone', async () => {
  const packId = await requested();
  passing = hanging = 0;
  const child = start({ PACK_ID: packId, HOLDFAST_TSA_URL: gateUrl });
  await until(() => hanging > 0);
  const [draft] = drafts();
  await evidence.assemblePack(packId);
  const file = readFileSync((await evidence.packFile(packId))!.path);
  expect(drafts()).toEqual([draft]);
  // The slow one learns that its authority is gone, and that there is nothing left to do.
  gate.closeAllConnections();
  await once(child, 'exit');
  expect(drafts()).toEqual([]);
  expect(readFileSync((await evidence.packFile(packId))!.path).equals(file)).toBe(true);
  expect(await evidence.findPack(packId)).toMatchObject({ state: 'ready', failure: null });
  expect(await assembled(packId)).toBe(1);
}, 120_000);

test('a full disk is said on the row, leaves nothing behind, and once there is room the pack is made', async () => {
  const packId = await requested();
  const child = start({ PACK_ID: packId }, '100');
  await once(child, 'exit');
  expect(await evidence.findPack(packId)).toMatchObject({ state: 'requested', failure: expect.stringMatching(/^there is no room on the disk for it \(.*EFBIG.*\); make room, it is tried again every minute$/) });
  expect(drafts()).toEqual([]);
  await evidence.assemblePack(packId);
  expect(await evidence.findPack(packId)).toMatchObject({ state: 'ready', failure: null });
  expect(await assembled(packId)).toBe(1);
}, 120_000);

test('the same pack.json gives the same bytes in other processes, time zones and languages', async () => {
  const { bytes } = await packBytes(test_.app, await world.makeCall({ attempts: 2 }), 'both');
  const json = join(test_.home, 'pack.json'), places = [['Asia/Shanghai', 'zh_CN.UTF-8'], ['America/St_Johns', 'C']] as const;
  writeFileSync(json, attachment(bytes, 'pack.json'));
  await Promise.all(places.map(async ([zone, locale], index) => { await once(start({ PACK_JSON: json, PACK_PATH: join(test_.home, `${index}.pdf`), TZ: zone, LC_ALL: locale }), 'exit'); }));
  const [one, other] = places.map((_, index) => readFileSync(join(test_.home, `${index}.pdf`)));
  expect(one!.length).toBeGreaterThan(100_000);
  expect(one!.equals(other!)).toBe(true);
}, 120_000);

test('while a very long text without a space is printed, the event loop of the worker has next to nothing to do', async () => {
  const { bytes } = await packBytes(test_.app, await world.makeCall());
  const document = JSON.parse(attachment(bytes, 'pack.json').toString()) as PackDocument;
  const big = { ...document, request: { ...document.request, question: 'aB3'.repeat(70_000) } };
  const pieces = [...packJsonPieces(big)].map((piece) => new Uint8Array(piece)), before = performance.eventLoopUtilization();
  const pages = await renderInThread(pieces, join(test_.home, 'big.pdf'));
  // Of the time the printing took; were it done here, this would be all of it.
  expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.3);
  expect(pages).toBeGreaterThan(25);
}, 120_000);

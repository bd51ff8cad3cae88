import { fixedClock } from '../../../src/kernel/clock.js';
import { mintId } from '../../../src/kernel/ids.js';
import { touchEpoch } from '../../../src/domain/gateway/epoch.store.js';
import { EPOCH_STALE_MS, LONGEST_CALL_MS, settleOrphans } from '../../../src/domain/gateway/settle-orphans.js';
import type { LedgerRecord, RecordRow } from '../../../src/domain/ledger/index.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { change } from '../../support/gateway-registry.js';

const clock = fixedClock(new Date());
let test_: TestApp;
beforeAll(async () => { test_ = await createTestApp({ clock }); });
afterAll(async () => { await test_.close(); });

const epoch = async (seenAgoMs: number, closed = false): Promise<string> => {
  const id = mintId(clock.now()), seen = new Date(clock.now().getTime() - seenAgoMs), opened = new Date(seen.getTime() - 3 * LONGEST_CALL_MS);
  await change(test_.app, 'INSERT INTO gateway_epochs (epoch_id, opened_at, last_seen_at, closed_at, host, pid, epoch_number) VALUES ($1, $2, $3, $4, $5, 1, (SELECT coalesce(max(epoch_number), 0) + 1 FROM gateway_epochs))', [id, opened, seen, closed ? seen : null, 'host']);
  return id;
};
let seq = 0;
async function transfer(epochId: string, options: { agoMs?: number; callStatus?: 'refused' | 'completed'; attempts?: number } = {}): Promise<string> {
  const at = new Date(clock.now().getTime() - (options.agoMs ?? 60_000)), requestId = mintId(at), accountSeq = ++seq, keyId = mintId(at);
  const recorder = test_.app.ledger.createRecorder('test'), records: LedgerRecord[] = [];
  for (let attempt = 1; attempt <= (options.attempts ?? 1); attempt++) {
    records.push({ table: 'transfers', row: { transfer_id: mintId(at), request_id: requestId, at, account_id: 'acme', key_id: keyId, epoch_id: epochId, account_seq: accountSeq, attempt, provider_id: `p${attempt}`,
      provider_name: 'P', legal_entity: 'P Ltd', category: 'model', origin_jurisdiction: 'DE', destination_jurisdictions: ['US'], cross_border: true, terms_version: '1', confirmation_ids: [], basis: null,
      data_categories: [], model: 'm', upstream_model: 'm', upstream_host: 'h', path: '/v1/messages', request_bytes: 5, registry_version: 3 } });
  }
  if (options.callStatus) records.push({ table: 'calls', row: callRow(requestId, at, epochId, accountSeq, options.callStatus) });
  await recorder.write(records);
  return requestId;
}
function callRow(requestId: string, at: Date, epochId: string, accountSeq: number, status: string): RecordRow<'calls'> {
  return { request_id: requestId, at, ended_at: at, account_id: 'acme', key_id: null, epoch_id: epochId, account_seq: accountSeq, method: 'POST', path: '/v1/messages', protocol: 'anthropic', model: 'm',
    served_model: null, stream: false, status, http_status: 200, refusal_code: null, client_request_id: null, upstream_request_id: null, answer_id: null, session_id: null, caller_region: null, provider_id: null, attempts: 1,
    usage_input: 0, usage_cache_read: 0, usage_cache_write: 0, usage_cache_write_1h: 0, usage_output: 0, usage_reasoning: 0, usage_units: null, usage_source: 'none', cost_micros: 0, currency: null, price_id: null,
    registry_version: 1, request_bytes: 0, response_bytes: 0, first_byte_ms: null };
}
const settle = (): Promise<number> => test_.app.gateway.settleOrphans();
const story = (id: string) => test_.app.gateway.findCall(id);

test('what a gateway that died left open is closed as unknown, with its number, once', async () => {
  const dead = await epoch(EPOCH_STALE_MS + 1), request = await transfer(dead, { attempts: 2 });
  expect([await story(request), (await test_.app.gateway.findOpenCall(request))?.state]).toEqual([undefined, 'being_closed']);
  expect(await settle()).toBe(2);
  const found = (await story(request))!;
  expect(found.call).toMatchObject({ status: 'unknown', account_id: 'acme', account_seq: BigInt(seq), epoch_id: dead, provider_id: 'p2', attempts: 2, usage_source: 'none', registry_version: 3n, path: '/v1/messages' });
  expect(found.transfers.map((one) => one.outcome?.outcome)).toEqual(['unknown', 'unknown']);
  expect(await settle()).toBe(0);
});

test('an epoch that was closed is over at once', async () => {
  const request = await transfer(await epoch(0, true), { agoMs: 10 });
  expect(await settle()).toBe(1);
  expect((await story(request))!.call.status).toBe('unknown');
});

test('calls of a gateway that lives are left alone, however long they take; beyond a day nothing lives', async () => {
  const alive = await epoch(EPOCH_STALE_MS - 1_000);
  const young = await transfer(alive, { agoMs: LONGEST_CALL_MS - 60_000 }), old = await transfer(alive, { agoMs: LONGEST_CALL_MS + 60_000 });
  expect(await settle()).toBe(1);
  expect(await story(young)).toBeUndefined();
  expect((await story(old))!.call.status).toBe('unknown');
});

test('a call that has its row keeps it: only the outcome is added, and a refused one had not left', async () => {
  const dead = await epoch(EPOCH_STALE_MS + 1);
  const refused = await transfer(dead, { callStatus: 'refused' }), completed = await transfer(dead, { callStatus: 'completed' });
  expect(await settle()).toBe(2);
  expect((await story(refused))!).toMatchObject({ call: { status: 'refused' }, transfers: [{ outcome: { outcome: 'not_sent' } }] });
  expect((await story(completed))!).toMatchObject({ call: { status: 'completed' }, transfers: [{ outcome: { outcome: 'unknown' } }] });
});

test('an epoch is looked at again when it turns out to live, and else only once', async () => {
  const id = await epoch(EPOCH_STALE_MS + 1);
  const swept = async (): Promise<boolean> => (await test_.app.database.reader.query('SELECT swept_at IS NOT NULL AS swept FROM gateway_epochs WHERE epoch_id = $1', [id])).rows[0].swept;
  await settle();
  expect(await swept()).toBe(true);
  await transfer(id);
  expect(await settle()).toBe(0);
  await test_.app.bookkeeping({ kind: 'system', id: 't', name: 't', roles: [] }, (tx) => touchEpoch(tx, id, new Date(clock.now().getTime() - EPOCH_STALE_MS - 1)));
  expect(await swept()).toBe(false);
  expect(await settle()).toBe(1);
});

test('a call under way is found as in progress, by its id and by its transfer\'s, with what its transfers tell', async () => {
  const request = await transfer(await epoch(0), { attempts: 2, agoMs: 5_000 });
  const open = (await test_.app.gateway.findOpenCall(request))!;
  expect(open).toMatchObject({ state: 'in_progress', call: { request_id: request, account_id: 'acme', provider_id: 'p2', attempts: 2, account_seq: BigInt(seq) } });
  expect(await test_.app.gateway.findOpenCall(open.transfers[1]!.transfer_id)).toEqual(open);
  expect(await test_.app.gateway.findOpenCall('no-id-of-ours')).toBeUndefined();
});

test('the epoch of a gateway that died is ended on record as lost, once, after its orphans; a gateway that comes back has it open again', async () => {
  const id = await epoch(EPOCH_STALE_MS + 1), request = await transfer(id);
  await settle();
  await settle();
  const rows = async (sql: string): Promise<Record<string, unknown>[]> => (await test_.app.database.reader.query(sql, [id])).rows;
  expect(await rows(`SELECT actor_name, after FROM audit_records WHERE action = 'epoch.lost' AND subject_id = $1`)).toEqual([{ actor_name: 'system:worker', after: { host: 'host', pid: 1, accounts: 1, last_seen_at: expect.any(String) } }]);
  expect(await rows('SELECT closed_at IS NOT NULL AS closed, last_numbers FROM gateway_epochs WHERE epoch_id = $1')).toEqual([{ closed: true, last_numbers: { acme: seq } }]);
  expect((await story(request))!.call.status).toBe('unknown');
  await test_.app.bookkeeping({ kind: 'system', id: 't', name: 't', roles: [] }, (tx) => touchEpoch(tx, id, clock.now()));
  expect(await rows('SELECT closed_at FROM gateway_epochs WHERE epoch_id = $1')).toEqual([{ closed_at: null }]);
  const again = await transfer(id, { agoMs: 10 });
  expect([await settle(), (await test_.app.gateway.findOpenCall(again))?.state]).toEqual([0, 'in_progress']);
});

test('a gateway that looked dead because PostgreSQL hung is left alone when it says in time that it lives', async () => {
  const id = await epoch(EPOCH_STALE_MS + 1), request = await transfer(id);
  const { app } = test_;
  const sweep = settleOrphans({ act: app.act, append: app.ledger.append, bookkeeping: app.bookkeeping, clock, database: app.database, log: app.log, recorder: app.ledger.createRecorder('test') }, 3_000);
  await app.bookkeeping({ kind: 'system', id: 't', name: 't', roles: [] }, (tx) => touchEpoch(tx, id, clock.now()));
  expect([await sweep, (await app.gateway.findOpenCall(request))?.state]).toEqual([0, 'in_progress']);
});

test('an epoch whose journal may still come is left alone for a day', async () => {
  const id = await epoch(EPOCH_STALE_MS + 1);
  await change(test_.app, 'UPDATE gateway_epochs SET spools = true WHERE epoch_id = $1', [id]);
  const request = await transfer(id);
  expect([await settle(), await story(request)]).toEqual([0, undefined]);
  clock.advance(LONGEST_CALL_MS);
  expect(await settle()).toBeGreaterThan(0);
  expect((await story(request))!.call.status).toBe('unknown');
});

test('two sweeps at once write each of them once', async () => {
  const dead = await epoch(EPOCH_STALE_MS + 1);
  const requests = await Promise.all(Array.from({ length: 40 }, () => transfer(dead)));
  await Promise.all([settle(), settle(), settle()]);
  const { rows: [row] } = await test_.app.database.reader.query('SELECT count(*)::int AS calls, count(DISTINCT request_id)::int AS distinct FROM calls WHERE request_id = ANY($1)', [requests]);
  expect(row).toEqual({ calls: 40, distinct: 40 });
  expect(await settle()).toBe(0);
});

test('the job is there for the worker', async () => {
  const job = test_.app.gateway.jobs.find((one) => one.name === 'settle-orphaned-calls')!;
  const request = await transfer(await epoch(0, true));
  await job.run('');
  expect((await story(request))!.call.status).toBe('unknown');
});

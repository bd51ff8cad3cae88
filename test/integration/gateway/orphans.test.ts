import { fixedClock } from '../../../src/kernel/clock.js';
import { mintId } from '../../../src/kernel/ids.js';
import { touchEpoch } from '../../../src/domain/gateway/epoch.store.js';
import { EPOCH_STALE_MS, LONGEST_CALL_MS } from '../../../src/domain/gateway/settle-orphans.js';
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
    served_model: null, stream: false, status, http_status: 200, refusal_code: null, client_request_id: null, upstream_request_id: null, session_id: null, caller_region: null, provider_id: null, attempts: 1,
    usage_input: 0, usage_cache_read: 0, usage_cache_write: 0, usage_cache_write_1h: 0, usage_output: 0, usage_reasoning: 0, usage_units: null, usage_source: 'none', cost_micros: 0, currency: null, price_id: null,
    registry_version: 1, request_bytes: 0, response_bytes: 0, first_byte_ms: null };
}
const settle = (): Promise<number> => test_.app.gateway.settleOrphans();
const story = (id: string) => test_.app.gateway.findCall(id);

test('what a gateway that died left open is closed as unknown, with its number, once', async () => {
  const dead = await epoch(EPOCH_STALE_MS + 1), request = await transfer(dead, { attempts: 2 });
  expect(await story(request)).toBeUndefined();
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
  const request = await transfer(await epoch(EPOCH_STALE_MS + 1));
  await job.run('');
  expect((await story(request))!.call.status).toBe('unknown');
});

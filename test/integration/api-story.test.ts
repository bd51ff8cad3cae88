import { openSignedNote, verifyInclusion } from '../../src/domain/ledger/index.js';
import { callStory } from '../../src/entrypoints/views/call-story.view.js';
import type { CallStoryAnswer } from '../../src/entrypoints/http/api/calls.schemas.js';
import { idLowerBound, mintId } from '../../src/kernel/ids.js';
import { managerOf } from '../../src/platform/db/index.js';
import { systemActor } from '../../src/kernel/actor.js';
import { aCall, anOutcome, aTransfer } from '../fixtures/calls.js';
import { startTestApi, type ApiClient, type TestApi } from '../support/api.js';
import { createTestApp, type TestApp } from '../support/database.js';
import { roundTrips } from '../support/round-trips.js';

let test_: TestApp;
let api: TestApi;
let officer: ApiClient;
let priceId: string;
const at = new Date(Date.now() - 600_000);
const actor = systemActor('test');
const done = <T>(answer: T): Exclude<T, { refused: true }> => {
  if (typeof answer === 'object' && answer !== null && 'refused' in answer) throw new Error(JSON.stringify(answer));
  return answer as Exclude<T, { refused: true }>;
};
const storyOf = async (id: string): Promise<CallStoryAnswer> => (await officer.get(`/calls/${id}`)).body as CallStoryAnswer;

beforeAll(async () => {
  test_ = await createTestApp();
  const { app } = test_;
  api = await startTestApi(app);
  officer = await api.as('compliance_officer');
  await app.act(actor, async (tx) => {
    done(await app.billing.openAccount(tx, { accountId: 'acme', name: 'Acme GmbH', jurisdiction: 'DE', contact: 'dev@acme.test' }));
    done(await app.providers.registerProvider(tx, { providerId: 'openai', name: 'OpenAI', category: 'model', legalEntity: 'OpenAI OpCo, LLC', jurisdictions: ['US'], protocol: 'openai', baseUrl: 'https://api.openai.test/v1' }));
    priceId = done(await app.billing.setPrice(tx, { model: 'gpt-*', providerId: 'openai', currency: 'USD', effectiveFrom: '2026-01-01', inputMicros: 2_000_000n, cacheReadMicros: 200_000n, cacheWriteMicros: 2_500_000n, outputMicros: 8_000_000n })).priceId;
    await app.retention.ensureDefaultPolicies(tx);
  });
});
afterAll(async () => { await api.close(); await test_.close(); });

/** Writes a call with one transfer, and its outcome unless `open`. */
async function tell(row: Parameters<typeof aCall>[1] = {}, open = false): Promise<{ id: string; transferId: string }> {
  const call = aCall(at, { price_id: priceId, ...row }), transfer = aTransfer(call);
  await test_.app.ledger.createRecorder('gateway').write(open ? [call, transfer] : [call, transfer, anOutcome(transfer)]);
  return { id: String(call.row.request_id), transferId: String(transfer.row.transfer_id) };
}

test('every record of a call is proven included in the tree the checkpoint signs', async () => {
  const { id, transferId } = await tell();
  await test_.app.ledger.sealOnce();
  const { proof } = await storyOf(id);
  const signed = openSignedNote(proof!.checkpoint!, test_.app.ledger.verifierKey());
  expect(signed.root.toString('hex')).toBe(proof!.root);
  expect(Number(signed.treeSize)).toBe(proof!.tree_size);
  expect(proof!.records.map((record) => `${record.table} ${record.id}`).sort()).toEqual([`calls ${id}`, `transfer_outcomes ${transferId}`, `transfers ${transferId}`]);
  for (const record of proof!.records) {
    expect(record.state).toBe('sealed');
    const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
    expect(verifyInclusion(bytes(record.commitment), BigInt(record.leaf_index!), BigInt(proof!.tree_size!), record.path.map(bytes), bytes(proof!.root!))).toBe(true);
  }
  expect(JSON.stringify(proof)).not.toContain('salt');
});

test('a record that is not sealed yet says so', async () => {
  const { id } = await tell();
  expect((await storyOf(id)).proof).toMatchObject({ state: 'unsealed', leaf_index: null, path: [], commitment: expect.stringMatching(/^[0-9a-f]{64}$/) });
});

test('the charge is worked out again from price and usage, and says whether it matches the record', async () => {
  const honest = await storyOf((await tell()).id);
  expect(honest.charge).toMatchObject({ price_id: priceId, model: 'gpt-*', currency: 'USD', total_micros: 5360, matches_record: true });
  expect(honest.charge!.lines).toEqual([
    { bucket: 'input', units: 1200, micros_per_million: 2_000_000, cost_micros: 2400 },
    { bucket: 'cache_read', units: 800, micros_per_million: 200_000, cost_micros: 160 },
    { bucket: 'output', units: 350, micros_per_million: 8_000_000, cost_micros: 2800 },
  ]);
  expect((await storyOf((await tell({ cost_micros: 5361n })).id)).charge).toMatchObject({ total_micros: 5360, matches_record: false });
  expect((await storyOf((await tell({ price_id: null, cost_micros: 0n, currency: null })).id)).charge).toBeNull();
});

test('a call that has left and has no row yet is found by its id and its transfer\'s, as in progress or being closed; no pack is made of it', async () => {
  const now = new Date(), seen = async (agoMs: number): Promise<string> => {
    const id = mintId(now);
    await test_.app.bookkeeping(systemActor('test'), (tx) => managerOf(tx).query(`INSERT INTO gateway_epochs (epoch_id, opened_at, last_seen_at, host, pid, epoch_number) VALUES ($1, $2, $3, 'h', 1, (SELECT coalesce(max(epoch_number), 0) + 1 FROM gateway_epochs))`, [id, now, new Date(test_.app.clock.now().getTime() - agoMs)]));
    return id;
  };
  for (const [agoMs, status] of [[0, 'in_progress'], [3_600_000, 'being_closed']] as const) {
    const epochId = await seen(agoMs), transfer = aTransfer(aCall(at, { epoch_id: epochId }), { epoch_id: epochId });
    await test_.app.ledger.createRecorder('gateway').write([transfer]);
    const id = String(transfer.row.request_id), story = await storyOf(id);
    expect(story).toMatchObject({ request_id: id, status, charge: null, transfers: [{ provider: 'openai', outcome: null }], proof: { table: 'transfers' } });
    expect(await storyOf(String(transfer.row.transfer_id))).toMatchObject({ request_id: id, status });
    expect((await officer.post('/packs', { request_id: id, purpose: 'dispute_resolution', language: 'en' })).status).toBe(409);
  }
});

test('a call whose transfer has not ended shows an open transfer', async () => {
  expect((await storyOf((await tell({}, true)).id)).transfers).toMatchObject([{ provider: 'openai', outcome: null }]);
});

test('retention names the policy in force for each data type, and when the record goes', async () => {
  const { retention } = await storyOf((await tell()).id);
  expect(retention.api_call_metadata).toMatchObject({ stored: true, policy: { keep: 'P12M', starts_at: 'created' }, waiting_for: null });
  expect(new Date(retention.api_call_metadata!.delete_at!).getTime()).toBeGreaterThan(at.getTime() + 360 * 86_400_000);
  expect(retention.third_party_call_records).toMatchObject({ stored: true, policy: { keep: 'P3Y' } });
  expect(retention.input_content).toMatchObject({ stored: false });
});

test('a hold on the account is part of the story, unless it is about something else', async () => {
  const { id } = await tell();
  await officer.post('/holds', { account_id: 'acme', matter: 'Payments only', requester: 'r', basis: 'b', review_on: '2027-01-01', data_types: ['payment_records'] });
  expect((await storyOf(id)).holds).toEqual([]);
  const placed = (await officer.post('/holds', { account_id: 'acme', matter: 'Dispute 7', requester: 'r', basis: 'b', review_on: '2027-01-01' })).body as { hold_id: string };
  expect((await storyOf(id)).holds).toMatchObject([{ hold_id: placed.hold_id, matter: 'Dispute 7', data_types: null, review_on: '2027-01-01' }]);
});

test('a policy, a hold and a price show in the very next story', async () => {
  const { app } = test_;
  await app.act(actor, async (tx) => { done(await app.billing.openAccount(tx, { accountId: 'changing', name: 'C', jurisdiction: 'DE', contact: 'c' })); });
  const own = done(await app.act(actor, (tx) => app.billing.setPrice(tx, { model: 'm-1', providerId: 'openai', currency: 'USD', effectiveFrom: '2026-01-01', inputMicros: 1n, cacheReadMicros: 1n, cacheWriteMicros: 1n, outputMicros: 1n })));
  const { id } = await tell({ account_id: 'changing', price_id: own.priceId }), before = await storyOf(id);
  expect([before.retention.third_party_call_records!.policy!.keep, before.holds, before.charge!.effective_until]).toEqual(['P3Y', [], null]);
  done(await app.act(actor, (tx) => app.retention.publishPolicy(tx, { dataType: 'third_party_call_records', accountId: 'changing', keep: 'P9Y' })));
  expect((await storyOf(id)).retention.third_party_call_records!.policy!.keep).toBe('P9Y');
  done(await app.act(actor, (tx) => app.retention.placeHold(tx, { requestIds: [id], matter: 'M', requester: 'r', basis: 'b', reviewOn: '2027-01-01' })));
  expect((await storyOf(id)).holds).toMatchObject([{ matter: 'M' }]);
  done(await app.act(actor, (tx) => app.billing.setPrice(tx, { model: 'm-1', providerId: 'openai', currency: 'USD', effectiveFrom: '2099-01-01', inputMicros: 2n, cacheReadMicros: 2n, cacheWriteMicros: 2n, outputMicros: 2n })));
  expect((await storyOf(id)).charge).toMatchObject({ effective_from: '2026-01-01', effective_until: '2099-01-01' });
});

test('a story with the record of its reading takes five round trips to the database, however many partitions there are', async () => {
  const { id } = await tell();
  await test_.app.ledger.sealOnce();
  const { source, pool, reader, writer } = test_.app.database, counts: number[] = [];
  // What hides expired and restricted rows is read again after seconds; the least of several counts is one without that.
  for (let again = 0; again < 5; again++) counts.push(await roundTrips([reader, pool, writer, (source.driver as unknown as { master: typeof pool }).master], () => storyOf(id)));
  expect(Math.min(...counts)).toBeLessThanOrEqual(5);
});

test('a call that nobody could be charged for has a story too', async () => {
  const call = aCall(at, { account_id: null, key_id: null, account_seq: null, model: null, served_model: null, provider_id: null, attempts: 0, status: 'refused', http_status: 401, refusal_code: 'unauthenticated',
    usage_input: 0n, usage_cache_read: 0n, usage_output: 0n, usage_reasoning: 0n, usage_source: 'none', cost_micros: 0n, currency: null });
  await test_.app.ledger.createRecorder('gateway').write([call]);
  expect(await storyOf(String(call.row.request_id))).toMatchObject({ account: null, key: null, status: 'refused', refusal_code: 'unauthenticated', transfers: [], holds: [], charge: null });
});

test('a call past its retention is hidden from story and list before a purge removes it, also under a hold', async () => {
  const call = aCall(new Date(Date.now() - 500 * 86_400_000), { account_id: 'old' });
  await test_.app.database.pool.query(`CREATE TABLE calls_old PARTITION OF calls FOR VALUES FROM ('00000000-0000-7000-8000-000000000000') TO ('${idLowerBound(new Date(Date.now() - 400 * 86_400_000))}')`);
  await test_.app.ledger.createRecorder('gateway').write([call]);
  await test_.app.act(actor, async (tx) => { done(await test_.app.billing.openAccount(tx, { accountId: 'old', name: 'Old', jurisdiction: 'DE', contact: 'c' })); });
  await officer.post('/holds', { account_id: 'old', matter: 'm', requester: 'r', basis: 'b', review_on: '2027-01-01' });
  expect((await officer.get(`/calls/${call.row.request_id}`)).status).toBe(404);
  expect((await officer.get('/calls?account=old')).body).toMatchObject({ data: [] });
  expect((await test_.app.database.reader.query('SELECT count(*)::int AS n FROM calls_old')).rows).toEqual([{ n: 1 }]);
  expect((await officer.post('/retention/policies', { data_type: 'api_call_metadata', account_id: 'old', keep: 'P10Y' })).status).toBe(201);
  await new Promise((resolve) => { setTimeout(resolve, 5_100); });
  expect((await officer.get('/calls?account=old')).body).toMatchObject({ data: [{ request_id: call.row.request_id }] });
});

test('the key is told by id, and by name while there is one', async () => {
  const key = done(await test_.app.act(actor, (tx) => test_.app.security.issueKey(tx, { accountId: 'acme', name: 'production' })));
  const { id } = await tell({ key_id: key.keyId });
  expect(await storyOf(id)).toMatchObject({ key: key.keyId, key_name: 'production' });
  const { data } = (await officer.get('/calls?key=production&limit=1000')).body as { data: { request_id: string; key_name: string }[] };
  expect(data).toMatchObject([{ request_id: id, key_name: 'production' }]);
});

test('the story is the same for every door, and reading it by itself leaves no record', async () => {
  const { id } = await tell();
  const count = async (): Promise<number> => Number((await test_.app.database.reader.query('SELECT count(*) FROM audit_records')).rows[0].count);
  const before = await count();
  const direct = await callStory(test_.app, id);
  expect(await count()).toBe(before);
  expect(await storyOf(id)).toEqual(JSON.parse(JSON.stringify(direct)));
  expect(await callStory(test_.app, 'nobody')).toBeUndefined();
});

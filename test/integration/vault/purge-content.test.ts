// Content under the purge engine: due by its grant's end, held or destroyed, and the day's key named on the certificate.
import type { Actor } from '../../../src/kernel/actor.js';
import { isRefusal } from '../../../src/kernel/result.js';
import { createFileKeyProvider } from '../../../src/platform/crypto/key-provider.js';
import { addAccount, addKey } from '../../support/gateway-registry.js';
import { chat, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { chatAnswer, json } from '../../support/upstream.js';

const start = new Date('2026-11-24T10:00:00Z'), HOUR = 3_600_000;
let now = start, gateway: TestGateway;
const system: Actor = { kind: 'system', id: 'test', name: 'system:test', roles: [] };
const accepted = <T>(answer: T): Exclude<T, { refused: true }> => { if (isRefusal(answer)) throw new Error(answer.message); return answer as Exclude<T, { refused: true }>; };
const read = async <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> => (await gateway.app.database.pool.query<T>(sql, values)).rows;
const keys = () => createFileKeyProvider(gateway.app.config.home);
const run = async (dataType: 'input_content' | 'output_content'): Promise<string> => {
  const runId = accepted(await gateway.app.act(system, (tx) => gateway.app.retention.planPurge(tx, dataType, 'schedule')));
  await gateway.app.retention.runPurge(runId);
  return runId;
};

beforeAll(async () => {
  gateway = await startTestGateway(json(chatAnswer()), { clock: { now: () => now } });
  await addAccount(gateway.app, { id: 'held', jurisdiction: 'US' });
  const held = await addKey(gateway.app, 'held');
  for (const accountId of ['acme', 'held']) {
    accepted(await gateway.app.act(system, (tx) => gateway.app.vault.grantContent(tx, { accountId, kind: 'troubleshooting', sides: ['input', 'output'], reason: 'r', authorisedBy: 'a', keepHours: 24, validUntil: new Date(start.getTime() + 10 * 24 * HOUR) })));
  }
  await gateway.app.act(system, (tx) => gateway.app.retention.ensureDefaultPolicies(tx));
  await gateway.registryInForce();
  for (const key of [gateway.acme, gateway.acme, held]) await (await gateway.post('/v1/chat/completions', chat(), { key })).text();
  const pieces = async (): Promise<number> => Number((await read<{ n: string }>('SELECT (SELECT count(*) FROM vault.inputs) + (SELECT count(*) FROM vault.outputs) AS n'))[0]!.n);
  for (let i = 0; i < 500 && await pieces() < 6; i++) await new Promise((done) => { setTimeout(done, 20); });
  expect(await pieces()).toBe(6);
});
afterAll(async () => { await gateway.close(); });

test('before its time no purge takes a piece', async () => {
  now = new Date(start.getTime() + 24 * HOUR - 1);
  const runId = await run('input_content');
  expect((await gateway.app.retention.purgeRun(runId))!.state).toBe('nothing_due');
  expect(await read('SELECT 1 FROM vault.inputs')).toHaveLength(3);
});

test('after it all go but what is held; the certificate names the key only once it has died', async () => {
  accepted(await gateway.app.act(system, (tx) => gateway.app.retention.placeHold(tx, { accountId: 'held', matter: 'Case 1', requester: 'court', basis: 'order', reviewOn: '2027-05-01' })));
  now = new Date(start.getTime() + 25 * HOUR);
  const first = await gateway.app.retention.certificate(await run('input_content'));
  expect(first!.body).toMatchObject({ data_type: 'input_content', rows_deleted: '2', held: { rows: '1' }, keys_destroyed: [] });
  expect(await read('SELECT account_id, key_name FROM vault.inputs')).toEqual([{ account_id: 'held', key_name: 'input-troubleshooting-20261124' }]);
  // The day's key dies 72 hours after its day, which is the longest anything sealed under it may live.
  now = new Date('2026-11-28T00:00:01Z');
  const second = await run('output_content');
  expect((await gateway.app.retention.certificate(second))!.body).toMatchObject({ rows_deleted: '2', held: { rows: '1' }, keys_destroyed: [{ key: 'output-troubleshooting-20261124' }] });
  expect(await keys().names()).toEqual(['input-troubleshooting-20261124', 'output-held-20261128']);
  expect(await read('SELECT key_name FROM vault.outputs')).toEqual([{ key_name: 'output-held-20261128' }]);
});

test('with nothing left to purge the hourly job still destroys a key whose time has come, and leaves held pieces readable to nobody', async () => {
  const job = gateway.app.retention.jobs.find((one) => one.name === 'purge-content')!;
  await job.run('');
  expect(await keys().names()).toEqual(['input-held-20261128', 'output-held-20261128']);
  const [piece] = await read<{ request_id: string }>('SELECT request_id FROM vault.inputs');
  const opened = await gateway.app.act({ kind: 'cli', id: 'root', name: 'root', roles: [] }, (tx) => gateway.app.vault.openContent(tx, { requestId: piece!.request_id, side: 'input', purpose: 'troubleshooting', reason: 'curious' }));
  expect(opened).toMatchObject({ refused: true, code: 'not_found' });
});

test('released and past its delay a held piece goes with the next run, and its key with it', async () => {
  await read('UPDATE holds SET released_at = placed_at, released_by = $1, protects_until = placed_at', ['test']);
  now = new Date('2026-12-02T00:00:00Z');
  await gateway.app.retention.jobs.find((one) => one.name === 'purge-content')!.run('');
  expect(await read('SELECT 1 FROM vault.inputs UNION ALL SELECT 1 FROM vault.outputs')).toEqual([]);
  expect(await keys().names()).toEqual([]);
});

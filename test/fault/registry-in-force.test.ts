// A suspension, a changed rule and a revoked key come into force in four gateway processes, also while their connections for
// notifications are being broken all the time. How soon is measured by `npm run bench -- gateway --only registry`.
import pg from 'pg';
import { startChildGateway, type ChildGateway } from '../support/child-gateway.js';
import { createTestApp, type TestApp } from '../support/database.js';
import { change, seedRegistry } from '../support/gateway-registry.js';
import { chatAnswer, json, startUpstream, type ScriptedUpstream } from '../support/upstream.js';

let test_: TestApp, upstream: ScriptedUpstream, key: string, processes: ChildGateway[] = [];
beforeAll(async () => {
  test_ = await createTestApp();
  upstream = await startUpstream(json(chatAnswer()));
  ({ acme: key } = await seedRegistry(test_.app, upstream.url));
  processes = await Promise.all(Array.from({ length: 4 }, () => startChildGateway({ DATABASE_URL: test_.databaseUrl, HOLDFAST_HOME: test_.home })));
}, 180_000);
afterAll(async () => { await Promise.all(processes.map((one) => one.kill('SIGKILL'))); await upstream.close(); await test_.close(); });

const ask = async ({ url }: ChildGateway): Promise<string> => {
  const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body: JSON.stringify({ model: 'mock-x', messages: [] }) });
  const body = await response.json() as { error?: { code: string } };
  return body.error?.code ?? String(response.status);
};
/** Resolves when every process answers so; the longest took so many milliseconds. */
async function everywhere(expected: string): Promise<void> {
  await Promise.all(processes.map(async (one) => {
    for (let i = 0; i < 1_000; i++) { if (await ask(one) === expected) return; await new Promise((done) => { setTimeout(done, 20); }); }
    throw new Error(`${one.url} does not answer ${expected}`);
  }));
}

test.each([['with', false], ['without', true]])('%s notifications: every process obeys every change', async (_, cut) => {
  const killer = new pg.Client(test_.databaseUrl);
  await killer.connect();
  const listeners = `FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN holdfast_registry'`;
  let broken = 0, stop = false;
  const cutting = (async () => { while (cut && !stop) { broken += (await killer.query(`SELECT pg_terminate_backend(pid) ${listeners}`)).rowCount ?? 0; await new Promise((done) => { setTimeout(done, 5); }); } })();
  const moves: [sql: string, expected: string][] = [
    [`UPDATE providers SET status = 'suspended' WHERE provider_id = 'oai'`, 'provider_suspended'], [`UPDATE providers SET status = 'active' WHERE provider_id = 'oai'`, '200'],
    [`INSERT INTO availability_rules (rule_id, position, conditions, outcome, reason) VALUES (gen_random_uuid(), 1, '{"model":"mock-*"}', 'suspend', 'test')`, 'model_suspended'], ['DELETE FROM availability_rules', '200'],
    [`UPDATE api_keys SET status = 'revoked' WHERE account_id = 'acme'`, 'key_revoked'], [`UPDATE api_keys SET status = 'active' WHERE account_id = 'acme'`, '200'],
  ];
  for (const [sql, expected] of moves) { await change(test_.app, sql); await everywhere(expected); }
  stop = true;
  await cutting;
  await killer.end();
  expect(broken > 0).toBe(cut);
}, 180_000);

// Looks for the plaintext of kept content everywhere the product writes: nowhere may it be found.
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { createApp, type App } from '../../../src/app.js';
import { startGateway } from '../../../src/entrypoints/http/gateway-server.js';
import { systemActor } from '../../../src/kernel/actor.js';
import { parseConfig } from '../../../src/platform/config/config.js';
import { createLogger } from '../../../src/platform/log/log.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { seedRegistry } from '../../support/gateway-registry.js';
import { startUpstream, type ScriptedUpstream } from '../../support/upstream.js';

const MARKER = `marker-${randomBytes(12).toString('hex')}`;
const home = mkdtempSync(join(tmpdir(), 'holdfast-marker-')), logged: string[] = [];
let database: TestDatabase, app: App, upstream: ScriptedUpstream, gateway: { url: string; close(): Promise<void> };
let key: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const config = parseConfig({ HOLDFAST_HOME: home, DATABASE_URL: database.url, REDIS_URL: process.env['TEST_REDIS_URL'], HOLDFAST_LOG_LEVEL: 'debug', GATEWAY_PORT: '0', CONSOLE_PORT: '0' });
  app = await createApp(config, 'test', { log: createLogger('test', 'debug', (line) => { logged.push(line); }) });
  upstream = await startUpstream((seen, response) => {
    if (seen.url.startsWith('/v1/messages')) { response.destroy(); return; }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ id: 'c', model: 'served', choices: [{ index: 0, message: { role: 'assistant', content: `answer ${MARKER}` }, finish_reason: 'stop' }], usage: { prompt_tokens: 1, completion_tokens: 1 } }));
  });
  key = (await seedRegistry(app, upstream.url)).acme;
  await app.act(systemActor('test'), (tx) => app.vault.grantContent(tx, { accountId: 'acme', kind: 'troubleshooting', sides: ['input', 'output'], reason: 'marker', authorisedBy: 'someone', validUntil: new Date(Date.now() + 3_600_000) }));
  gateway = await startGateway(app);
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
  await app.close();
  await database.drop();
  rmSync(home, { recursive: true, force: true });
});

const post = (path: string, body: object): Promise<Response> => fetch(gateway.url + path, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
const found = (...folders: string[]): string[] => spawnSync('grep', ['-rlaF', MARKER, ...folders], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);

test('plaintext of kept content is in no table, no file of the database or its write-ahead log, no folder of ours, no queue and no log line', async () => {
  // Answered, refused with the content in the body, broken JSON, and a provider that breaks off: each way an error may quote what it saw.
  const ask = { model: 'mock-chat', messages: [{ role: 'user', content: MARKER }] };
  expect((await post('/v1/chat/completions', ask)).status).toBe(200);
  await (await post('/v1/messages', { ...ask, model: 'mock-claude', max_tokens: 5 })).text();
  await (await post('/v1/chat/completions', { ...ask, model: 'nobody-serves-this' })).text();
  await (await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: `{"model":"mock-chat","messages":[${MARKER}` })).text();
  const rows = async <T extends object>(sql: string): Promise<T[]> => (await app.database.pool.query<T>(sql)).rows;
  const pieces = async (): Promise<number> => Number((await rows<{ n: string }>('SELECT (SELECT count(*) FROM vault.inputs) + (SELECT count(*) FROM vault.outputs) AS n'))[0]!.n);
  for (let i = 0; i < 500 && await pieces() < 3; i++) await new Promise((done) => { setTimeout(done, 20); });
  expect(await pieces()).toBeGreaterThanOrEqual(3);

  const tables = await rows<{ name: string }>(`SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables WHERE table_schema IN ('public', 'vault') AND table_type = 'BASE TABLE'`);
  expect(tables.length).toBeGreaterThan(30);
  for (const { name } of tables) expect([name, (await rows<{ n: string }>(`SELECT count(*) AS n FROM ${name} t WHERE t::text LIKE '%${MARKER}%' OR t::text LIKE '%${Buffer.from(MARKER).toString('hex')}%'`))[0]!.n]).toEqual([name, '0']);

  await rows('CHECKPOINT');
  const [place] = await rows<{ data: string; oid: number }>(`SELECT current_setting('data_directory') AS data, oid FROM pg_database WHERE datname = current_database()`);
  const files = [join(place!.data, 'base', String(place!.oid)), join(place!.data, 'pg_wal')];
  expect(found(...files)).toEqual([]);
  expect(found(home)).toEqual([]);
  expect(logged.length).toBeGreaterThan(0);
  expect(logged.filter((line) => line.includes(MARKER))).toEqual([]);
  const redis = new Redis(process.env['TEST_REDIS_URL']!);
  try {
    for (const name of await redis.keys('*')) expect([name, (await redis.dumpBuffer(name))?.includes(MARKER) ?? false]).toEqual([name, false]);
  } finally { redis.disconnect(); }

  // That the search would find it: a table that does hold it shows up in the table, in the files and in the log of PostgreSQL.
  await rows(`CREATE TABLE control AS SELECT '${MARKER}'::text AS leaked`);
  await rows('CHECKPOINT');
  expect(found(...files).some((file) => file.includes('pg_wal'))).toBe(true);
  expect(found(...files).some((file) => file.includes('base'))).toBe(true);
});

test('the vault\'s keys are in files that nobody else may read', () => {
  const modes = execFileSync('find', [join(home, 'keys', 'vault'), '-type', 'f', '-printf', '%m\n'], { encoding: 'utf8' }).trim().split('\n');
  expect(new Set(modes)).toEqual(new Set(['600']));
});

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { createTestDatabase } from '../support/database.js';
import { discard, processesOf, startInstance, temporaryHome } from '../support/instance.js';

let home: string;
beforeEach(() => { home = temporaryHome(); });
afterEach(async () => { await discard(home); });

/** Starts, waits for the end, and returns the one line that was said. */
async function refusal(env: Record<string, string>, nodeArgs: string[] = [], folder = home): Promise<string> {
  const instance = startInstance(folder, env, nodeArgs);
  expect(await instance.exited).toBe(1);
  const lines = instance.output().trim().split('\n').filter((line) => !/^[✓✗] /.test(line));
  expect(lines).toHaveLength(1);
  if (existsSync(folder)) expect(processesOf(folder)).toEqual([]);
  return lines[0]!;
}

test('a taken port is named, with the variable that changes it, and nothing is made', async () => {
  const taken = createServer();
  const port = await new Promise<number>((done) => { taken.listen(0, '127.0.0.1', () => { done((taken.address() as { port: number }).port); }); });
  try {
    expect(await refusal({ GATEWAY_PORT: String(port) })).toBe(`holdfast: port ${port} is taken by another program; set GATEWAY_PORT to a free one`);
    expect(await refusal({ CONSOLE_PORT: String(port) })).toBe(`holdfast: port ${port} is taken by another program; set CONSOLE_PORT to a free one`);
    expect(readdirSync(home)).toEqual(['run']);
    expect(readdirSync(join(home, 'run'))).toEqual([]);
  } finally { await close(taken); }
});

test('one port for both doors is refused', async () => {
  expect(await refusal({ GATEWAY_PORT: '45999', CONSOLE_PORT: '45999' })).toMatch(/GATEWAY_PORT and CONSOLE_PORT are both 45999/);
});

test('an unknown HOLDFAST_ name is refused before anything is made', async () => {
  expect(await refusal({ HOLDFAST_DRAIN_SECOND: '5' })).toMatch(/unknown variable HOLDFAST_DRAIN_SECOND/);
  expect(readdirSync(home)).toEqual([]);
});

test.each([['/sys/holdfast-home', /cannot be written \(E/], ['/dev/null/home', /cannot be made \(ENOTDIR\)/]])('a home that cannot be written is one line: %s', async (folder, line) => {
  expect(await refusal({}, [], folder)).toMatch(line);
});

// The bootstrap reads the version before anything else; a preloaded module stands in for the other Node.
test('a too old Node is one line', async () => {
  const fake = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.18.3' } })";
  expect(await refusal({}, ['--import', `data:text/javascript,${encodeURIComponent(fake)}`])).toMatch(/^holdfast: Node 20\.19 or newer is needed, and this is 20\.18\.3/);
});

test('a database of a newer version is refused and stays as it is', async () => {
  const database = await createTestDatabase();
  const client = new pg.Client(database.url);
  await client.connect();
  try {
    await client.query("INSERT INTO schema_migrations (timestamp, name) VALUES (9999999999999, 'Future9999999999999')");
    expect(await refusal({ DATABASE_URL: database.url, REDIS_URL: `${process.env['TEST_REDIS_URL']}/8` })).toMatch(/made by a newer Holdfast \(it has Future9999999999999\)/);
    expect((await client.query("SELECT count(*)::int AS n FROM operators")).rows).toEqual([{ n: 0 }]);
  } finally { await client.end(); await database.drop(); }
});

test('a data folder of another major version of PostgreSQL is refused and stays as it is', async () => {
  mkdirSync(join(home, 'postgres', 'data'), { recursive: true });
  writeFileSync(join(home, 'postgres', 'data', 'PG_VERSION'), '19\n');
  expect(await refusal({})).toMatch(/was made by PostgreSQL 19, and this Holdfast brings PostgreSQL 18/);
  expect(readdirSync(join(home, 'postgres', 'data'))).toEqual(['PG_VERSION']);
});

test('servers that do not answer are named', async () => {
  expect(await refusal({ DATABASE_URL: 'postgres://127.0.0.1:9/x', REDIS_URL: 'redis://127.0.0.1:9' })).toMatch(/127\.0\.0\.1:9 does not answer \(ECONNREFUSED\); check DATABASE_URL/);
});

test('a failure half way stops what had been started', async () => {
  // A folder where the sealer's log has to be: both servers are up and the database is made when the start fails.
  mkdirSync(join(home, 'run', 'sealer.log'), { recursive: true });
  expect(await refusal({})).toMatch(/sealer\.log cannot be made \(EISDIR\)/);
  expect(existsSync(join(home, 'run', 'supervisor.lock'))).toBe(false);
  expect(existsSync(join(home, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
});

function close(server: Server): Promise<void> { return new Promise((done) => { server.close(() => { done(); }); }); }

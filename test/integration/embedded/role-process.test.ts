import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startRole, type RoleProcess } from '../../../src/platform/embedded/role-process.js';
import { isAlive } from '../../../src/platform/embedded/server-process.js';
import { eventually } from '../../support/instance.js';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-role-'));
const started: RoleProcess[] = [];
afterAll(async () => {
  await Promise.all(started.map((role) => role.stop(0)));
  rmSync(folder, { recursive: true });
});

function start(behaviour: string): { role: RoleProcess; lines: string[]; givenUp: Promise<string> } {
  const lines: string[] = [];
  let giveUp: (reason: string) => void = () => undefined;
  const givenUp = new Promise<string>((done) => { giveUp = done; });
  const role = startRole({
    role: 'gateway', args: [behaviour], executable: resolve('test/fixtures/roles/role.mjs'), env: { PATH: process.env['PATH'] },
    logFile: join(folder, `${behaviour}.log`), firstDelayMs: 5, report: (line) => { lines.push(line); }, onGivenUp: giveUp,
  });
  started.push(role);
  return { role, lines, givenUp };
}

test('a role is ready when it says so', async () => {
  const { role } = start('lives');
  expect(await role.ready).toBe('http://gateway');
  await role.stop(5_000);
  expect(role.pid()).toBeUndefined();
});

test('a role that cannot start says why, and is not tried again', async () => {
  await expect(start('fails').role.ready).rejects.toThrow(/^the port is taken$/);
  await expect(start('dies-early').role.ready).rejects.toThrow(/gateway did not start: exit code 7: the last words/);
});

test('a killed role is started again', async () => {
  const { role, lines } = start('lives');
  await role.ready;
  const before = role.pid()!;
  process.kill(before, 'SIGKILL');
  await eventually('it is back', () => lines.includes('gateway is back'));
  expect(lines[0]).toMatch(/^gateway ended \(signal SIGKILL.*\); starting it again/);
  expect(role.pid()).not.toBe(before);
});

test('a role that keeps dying is given up after five deaths', async () => {
  const { lines, givenUp } = start('dies');
  expect(await givenUp).toMatch(/^gateway died 5 times within a minute \(exit code 3\); its log is /);
  expect(lines.filter((line) => line.includes('starting it again'))).toHaveLength(4);
});

test('a role that does not hear SIGTERM is killed when the patience is over', async () => {
  const { role } = start('deaf');
  await role.ready;
  const pid = role.pid()!;
  await role.stop(50);
  expect(isAlive(pid)).toBe(false);
});

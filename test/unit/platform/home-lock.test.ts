import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeHomeLock } from '../../../src/platform/embedded/home-lock.js';

let home: string;
beforeEach(() => { home = mkdtempSync(join(tmpdir(), 'holdfast-lock-')); mkdirSync(join(home, 'run')); });
afterEach(() => { rmSync(home, { recursive: true }); });
const lockFile = (): string => join(home, 'run', 'supervisor.lock');

test('a home is locked for one process, until it lets go', () => {
  const lock = takeHomeLock(home);
  expect(() => takeHomeLock(home)).toThrow(new RegExp(`already runs on ${home} \\(process ${process.pid}\\)`));
  lock.release();
  takeHomeLock(home).release();
  expect(readdirSync(join(home, 'run'))).toEqual([]);
});

test('the lock of a process that is gone is taken over', () => {
  const { pid } = spawnSync('/bin/true');
  writeFileSync(lockFile(), `${pid} 12345\n`);
  const lock = takeHomeLock(home);
  expect(readFileSync(lockFile(), 'utf8')).toMatch(new RegExp(`^${process.pid} \\d+\n$`));
  lock.release();
});

test('the lock of a process whose number now belongs to another is taken over', () => {
  writeFileSync(lockFile(), `${process.ppid} 1\n`);
  takeHomeLock(home).release();
});

test('a lock file cut short by a full disk is taken over', () => {
  writeFileSync(lockFile(), '');
  takeHomeLock(home).release();
});

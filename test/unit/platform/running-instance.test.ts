import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refuseFullDisk } from '../../../src/entrypoints/start/prepare-home.js';
import { instanceFile, parseConfig } from '../../../src/platform/config/config.js';

const home = mkdtempSync(join(tmpdir(), 'holdfast-instance-'));
afterAll(() => { rmSync(home, { recursive: true }); });
const writeInstance = (pid: number): void => {
  mkdirSync(join(home, 'run'), { recursive: true });
  writeFileSync(instanceFile(home), JSON.stringify({ databaseUrl: 'postgres://embedded/x', redisUrl: 'redis://embedded', pid, gatewayUrl: '', consoleUrl: '' }));
};

test('the command line finds the servers of the instance that runs in the home; what is set explicitly wins', () => {
  writeInstance(process.pid);
  expect(parseConfig({ HOLDFAST_HOME: home })).toMatchObject({ databaseUrl: 'postgres://embedded/x', redisUrl: 'redis://embedded' });
  expect(parseConfig({ HOLDFAST_HOME: home, DATABASE_URL: 'postgres://own/y' })).toMatchObject({ databaseUrl: 'postgres://own/y', redisUrl: 'redis://embedded' });
});

test('the file of an instance that was killed, or one half written, counts for nothing', () => {
  writeInstance(spawnSync('/bin/true').pid);
  expect(parseConfig({ HOLDFAST_HOME: home }).databaseUrl).toBeUndefined();
  writeFileSync(instanceFile(home), '{"databaseUrl":"postgr');
  expect(parseConfig({ HOLDFAST_HOME: home }).databaseUrl).toBeUndefined();
});

test('a supervisor never takes servers from the file: it is about to start its own', () => {
  writeInstance(process.pid);
  expect(parseConfig({ HOLDFAST_HOME: home }, { instance: false })).toMatchObject({ databaseUrl: undefined, redisUrl: undefined });
});

test('a disk without room for a database is refused before anything is made on it', () => {
  expect(() => { refuseFullDisk('/h', 127, true); }).toThrow(/no space is left on the disk of \/h: 127 MB are free and 128 MB are needed/);
  expect(() => { refuseFullDisk('/h', 31, false); }).toThrow(/31 MB are free and 32 MB/);
  refuseFullDisk('/h', 128, true);
  refuseFullDisk('/h', 32, false);
});

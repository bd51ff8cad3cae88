// The set-up of a checkout, on a small project of its own: bin/lib works on the package it lies in.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const project = mkdtempSync(join(tmpdir(), 'holdfast-setup-'));
const at = (...parts: string[]): string => join(project, ...parts);
const load = async <T>(name: string): Promise<T> => await import(pathToFileURL(at('bin', 'lib', name)).href) as T;
const write = (path: string, content: unknown): void => { writeFileSync(at(path), typeof content === 'string' ? content : JSON.stringify(content)); };

beforeAll(() => {
  cpSync('bin', at('bin'), { recursive: true });
  for (const folder of ['src', 'node_modules', 'migrations']) mkdirSync(at(folder));
  write('package.json', { name: 'small', type: 'module' });
  write('package-lock.json', { packages: { '': {}, 'node_modules/typescript': { version: '1' }, 'node_modules/jest': { version: '2', dev: true }, 'node_modules/for-mac': { version: '3', optional: true } } });
});
afterAll(() => { rmSync(project, { recursive: true }); });

test('dependencies are complete when every package of the lockfile is there in its version, but for optional ones', async () => {
  const { dependenciesComplete } = await load<{ dependenciesComplete: () => boolean }>('dependencies.mjs');
  expect(dependenciesComplete()).toBe(false);
  write('node_modules/.package-lock.json', { packages: { 'node_modules/typescript': { version: '1' } } });
  expect(dependenciesComplete()).toBe(false);
  write('node_modules/.package-lock.json', { packages: { 'node_modules/typescript': { version: '1' }, 'node_modules/jest': { version: '2' } } });
  expect(dependenciesComplete()).toBe(true);
  write('node_modules/.package-lock.json', { packages: { 'node_modules/typescript': { version: '0' }, 'node_modules/jest': { version: '2' } } });
  expect(dependenciesComplete()).toBe(false);
});

test('only changed sources are compiled again, and what has no source any more is removed', async () => {
  const { compile, isCompiled } = await load<{ compile: () => Promise<void>; isCompiled: () => boolean }>('compile.mjs');
  symlinkSync(resolve('node_modules', 'typescript'), at('node_modules', 'typescript'));
  write('tsconfig.json', { compilerOptions: { module: 'NodeNext', target: 'ES2023', rootDir: '.', outDir: 'dist', types: [], incremental: true, tsBuildInfoFile: 'dist/.tsbuildinfo' }, include: ['src/**/*.ts'] });
  write('src/main.ts', 'export const one = 1;\n');
  write('src/old.ts', 'export const two = 2;\n');
  expect(isCompiled()).toBe(false);
  await compile();
  expect([isCompiled(), existsSync(at('dist/src/main.js')), existsSync(at('dist/src/old.js'))]).toEqual([true, true, true]);
  rmSync(at('src/old.ts'));
  expect(isCompiled()).toBe(false);
  await compile();
  expect([isCompiled(), existsSync(at('dist/src/main.js')), existsSync(at('dist/src/old.js'))]).toEqual([true, true, false]);
  rmSync(at('dist/src'), { recursive: true });
  rmSync(at('dist/.sources'));
  await compile();
  expect(existsSync(at('dist/src/main.js'))).toBe(true);
});

test('a source that does not compile fails the build with the message of the compiler, and stays uncompiled', async () => {
  const { compile, isCompiled } = await load<{ compile: () => Promise<void>; isCompiled: () => boolean }>('compile.mjs');
  write('src/main.ts', "export const one: number = 'text';\n");
  await expect(compile()).rejects.toThrow(/src\/main\.ts\(1,14\): error TS2322/);
  expect(isCompiled()).toBe(false);
});

test('one set-up runs at a time, and the lock of one that was killed is taken over', async () => {
  const { withSetupLock } = await load<{ withSetupLock: (work: () => Promise<void>) => Promise<void> }>('setup-lock.mjs');
  const events: string[] = [];
  const work = (name: string) => async (): Promise<void> => {
    events.push(`${name} begins`);
    await new Promise((done) => { setTimeout(done, 50); });
    events.push(`${name} ends`);
  };
  mkdirSync(at('dist'), { recursive: true });
  write('dist/.setup-lock', String(spawnSync('/bin/true').pid));
  await Promise.all([withSetupLock(work('a')), withSetupLock(work('b'))]);
  expect(events).toHaveLength(4);
  expect(events[0]!.replace('begins', '')).toBe(events[1]!.replace('ends', ''));
  expect(existsSync(at('dist/.setup-lock'))).toBe(false);
});

test('each step is one line with its time; a quiet one shows only what takes long or fails', async () => {
  const { createProgress } = await load<{ createProgress: (options: object) => <T>(title: string, work: () => Promise<T>) => Promise<T> }>('progress.mjs');
  const lines: string[] = [];
  const stream = { isTTY: false, write: (line: string) => { lines.push(line); } };
  await createProgress({ stream })('build', async () => undefined);
  await createProgress({ stream })('database', async () => '4 migrations');
  await createProgress({ stream, quiet: true })('build', async () => undefined);
  await createProgress({ stream, quiet: true })('build', () => Promise.reject(new Error('no'))).catch(() => undefined);
  expect(lines).toEqual([expect.stringMatching(/^✓ build +0\.0 s\n$/), expect.stringMatching(/^✓ database +4 migrations {2}0\.0 s\n$/), expect.stringMatching(/^✗ build +failed after {2}0\.0 s\n$/)]);
});

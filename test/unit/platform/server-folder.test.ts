import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverFolder, serverFolderOf } from '../../../src/platform/embedded/server-folder.js';

let base: string, home: string, outside: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'holdfast-folder-')); // 0700, as /root is
  home = join(base, 'home');
  outside = join(base, 'var-lib');
});
afterEach(() => { rmSync(base, { recursive: true }); });

/** A home whose server files were put outside, as for root below /root. */
function homeWithFolderOutside(): string {
  const folder = join(outside, 'abc');
  mkdirSync(home);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'home'), home);
  writeFileSync(join(home, 'servers.path'), folder);
  return folder;
}

test("an ordinary user's servers live in the home, which is closed to others", () => {
  expect(serverFolder(home, undefined, [outside])).toBe(home);
  expect(statSync(home).mode & 0o777).toBe(0o700);
  expect(serverFolderOf(home)).toBe(home);
});

test("servers whose user cannot enter the home get a folder outside, and the home remembers it", () => {
  const nobody = { uid: process.getuid!() === 0 ? 65_534 : process.getuid!(), gid: process.getgid!() === 0 ? 65_534 : process.getgid!() };
  const folder = serverFolder(home, nobody, [outside]);
  expect(folder.startsWith(process.getuid!() === 0 ? outside : home)).toBe(true);
  expect(serverFolder(home, nobody, ['/dev/null'])).toBe(folder);
  expect(serverFolderOf(home)).toBe(folder);
});

test('a home that was moved keeps its data', () => {
  const folder = homeWithFolderOutside(), moved = join(base, 'moved');
  renameSync(home, moved);
  expect(serverFolder(moved, undefined)).toBe(folder);
  expect(readFileSync(join(folder, 'home'), 'utf8')).toBe(moved);
});

test('a copied home does not take the data of the original', () => {
  homeWithFolderOutside();
  const copy = join(base, 'copy');
  cpSync(home, copy, { recursive: true });
  expect(() => serverFolder(copy, undefined)).toThrow(/is a copy of .*; set HOLDFAST_HOME to a new folder/);
});

test('data that is gone is said to be gone, not silently begun anew', () => {
  const folder = homeWithFolderOutside();
  rmSync(folder, { recursive: true });
  expect(() => serverFolder(home, undefined)).toThrow(/was kept in .*, which is gone; restore it/);
  expect(existsSync(folder)).toBe(false);
});

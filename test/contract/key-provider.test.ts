// What every KeyProvider must do; run against the files we ship, and against one in memory that stands for a KMS.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileKeyProvider, type KeyProvider } from '../../src/platform/crypto/key-provider.js';

const homes: string[] = [];
const aHome = (): string => { const home = mkdtempSync(join(tmpdir(), 'holdfast-keys-')); homes.push(home); return home; };
afterAll(() => { for (const home of homes) rmSync(home, { recursive: true, force: true }); });

function inMemory(): KeyProvider {
  const keys = new Map<string, Buffer>(), gone = new Set<string>();
  return {
    keyFor: async (name) => {
      if (gone.has(name)) throw new Error(`the key ${name} was destroyed and is not made again`);
      if (!keys.has(name)) keys.set(name, randomBytes(32));
      return keys.get(name)!;
    },
    findKey: async (name) => keys.get(name),
    destroyKey: async (name) => { gone.add(name); return keys.delete(name); },
    names: async () => [...keys.keys()].sort(),
  };
}

describe.each([['files', () => createFileKeyProvider(aHome())], ['memory', inMemory]])('a key provider of %s', (_, create) => {
  test('makes a key at first use and gives the same again', async () => {
    const keys = create(), key = await keys.keyFor('input-held-20261124');
    expect(key).toHaveLength(32);
    expect((await keys.keyFor('input-held-20261124')).equals(key)).toBe(true);
    expect((await keys.findKey('input-held-20261124'))!.equals(key)).toBe(true);
    expect((await keys.keyFor('output-held-20261124')).equals(key)).toBe(false);
    expect(await keys.names()).toEqual(['input-held-20261124', 'output-held-20261124']);
  });
  test('finds none that was not made', async () => {
    const keys = create();
    expect(await keys.findKey('never')).toBeUndefined();
    expect(await keys.names()).toEqual([]);
    expect(await keys.destroyKey('never')).toBe(false);
  });
  test('destroys for good: not found, not listed, and never made again under that name', async () => {
    const keys = create();
    await keys.keyFor('doomed');
    expect(await keys.destroyKey('doomed')).toBe(true);
    expect(await keys.findKey('doomed')).toBeUndefined();
    expect(await keys.names()).toEqual([]);
    await expect(keys.keyFor('doomed')).rejects.toThrow('destroyed');
    expect(await keys.destroyKey('doomed')).toBe(false);
  });
  test('of several makers at once one wins', async () => {
    const keys = create();
    const made = await Promise.all(Array.from({ length: 20 }, () => keys.keyFor('same')));
    expect(new Set(made.map((key) => key.toString('hex'))).size).toBe(1);
  });
});

describe('files', () => {
  test('hold no key in the clear, are closed to others, and leave nothing of a destroyed one', async () => {
    const home = aHome(), keys = createFileKeyProvider(home), key = await keys.keyFor('day');
    const folder = join(home, 'keys', 'vault');
    expect(readFileSync(join(folder, 'day.key')).includes(key)).toBe(false);
    expect(statSync(join(folder, 'day.key')).mode & 0o777).toBe(0o600);
    await keys.destroyKey('day');
    expect(readdirSync(folder)).toEqual(['day.gone']);
  });
  test('a crash after the mark and before the end leaves a key that nobody uses and the next call removes', async () => {
    const home = aHome(), keys = createFileKeyProvider(home);
    await keys.keyFor('day');
    writeFileSync(join(home, 'keys', 'vault', 'day.gone'), '');
    expect(await keys.findKey('day')).toBeUndefined();
    expect(await keys.names()).toEqual([]);
    expect(await keys.destroyKey('day')).toBe(true);
    expect(readdirSync(join(home, 'keys', 'vault'))).toEqual(['day.gone']);
  });
  test.each(['', '../root', 'A', 'a/b', 'a.b'])('the name %p is refused', async (name) => {
    await expect(createFileKeyProvider(aHome()).keyFor(name)).rejects.toThrow('not a key name');
  });
  test('moved to another name a key does not open', async () => {
    const home = aHome(), keys = createFileKeyProvider(home);
    await keys.keyFor('one');
    writeFileSync(join(home, 'keys', 'vault', 'two.key'), readFileSync(join(home, 'keys', 'vault', 'one.key')));
    await expect(keys.findKey('two')).rejects.toThrow('authenticate');
  });
});

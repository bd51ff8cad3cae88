import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSignedNote, parseTilePath, TILE_WIDTH, tilePath } from '../../src/domain/ledger/index.js';
import { leafHash } from '../../src/domain/ledger/log/merkle.js';
import { TreeBuilder } from '../../src/domain/ledger/log/tree-builder.js';
import { createTestApp, type TestApp } from '../support/database.js';
import { aSealer, writeBatches } from '../support/ledger.js';

let test_: TestApp;
beforeEach(async () => { test_ = await createTestApp(); });
afterEach(async () => { await test_.close(); });
const file = (path: string): string => join(test_.home, 'log', path);
const served = async (path: string): Promise<Buffer | undefined> => (await test_.app.ledger.publishedFile(path))?.body;
/** One stop-and-go of a fresh sealer: seals, publishes, stops. */
async function runOnce(): Promise<void> {
  const stop = new AbortController();
  stop.abort();
  await aSealer(test_.app).runSealer(stop.signal);
}
function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => (statSync(join(folder, name)).isDirectory() ? filesUnder(join(folder, name)).map((rest) => `${name}/${rest}`) : [name])).toSorted((a, b) => (a < b ? -1 : 1));
}

/** What a stranger does with the folder alone: checkpoint, entries, tiles; throws when anything does not fit. */
function checkFolder(): bigint {
  const { treeSize, root } = openSignedNote(readFileSync(file('checkpoint')), test_.app.ledger.verifierKey());
  const tree = new TreeBuilder();
  for (let index = 0; index * TILE_WIDTH < Number(treeSize); index++) {
    const width = Math.min(TILE_WIDTH, Number(treeSize) - index * TILE_WIDTH);
    const bundle = readFileSync(file(tilePath({ level: 'entries', index: BigInt(index), width })));
    expect(bundle.length).toBe(34 * width);
    for (let at = 0; at < bundle.length; at += 34) { expect(bundle.readUInt16BE(at)).toBe(32); tree.append(leafHash(bundle.subarray(at + 2, at + 34))); }
  }
  expect(tree.root()).toEqual(root);
  for (const tile of tree.takeTiles()) expect(readFileSync(file(tilePath({ ...tile, index: BigInt(tile.index) })))).toEqual(tile.hashes);
  return treeSize;
}

test('the folder alone proves its checkpoint, at every size it is published for', async () => {
  let size = 0n;
  for (const more of [1, 254, 1, 1, 300, 3]) {
    await writeBatches(test_.app, [more]);
    await runOnce();
    size += BigInt(more);
    expect(checkFolder()).toBe(size);
  }
  expect(filesUnder(join(test_.home, 'log'))).toEqual(['checkpoint', 'keys', ...['0', 'entries'].flatMap((kind) => [`tile/${kind}/000`, `tile/${kind}/001`, `tile/${kind}/002.p/45`, `tile/${kind}/002.p/48`]),
    'tile/1/000.p/1', 'tile/1/000.p/2'].toSorted((a, b) => (a < b ? -1 : 1)));
});

test('every published file is served byte for byte from the database, and so is every narrower tile', async () => {
  await writeBatches(test_.app, [200, 200, 200]);
  await runOnce();
  for (const path of filesUnder(join(test_.home, 'log'))) expect(await served(path)).toEqual(readFileSync(file(path)));
  expect(await test_.app.ledger.publishedFile('checkpoint')).toMatchObject({ contentType: 'text/plain; charset=utf-8', immutable: false });
  expect(await test_.app.ledger.publishedFile('tile/0/001')).toMatchObject({ contentType: 'application/octet-stream', immutable: true });
  const [tile, bundle] = [(await served('tile/0/001'))!, (await served('tile/entries/001'))!];
  for (const width of [1, 2, 143, 144, 145, 255]) {
    expect(await served(`tile/0/001.p/${width}`)).toEqual(tile.subarray(0, 32 * width));
    expect(await served(`tile/entries/001.p/${width}`)).toEqual(bundle.subarray(0, 34 * width));
  }
  expect((await served('tile/0/002.p/88'))?.length).toBe(88 * 32);
});

test('what the tree has not, or is written otherwise, is not there', async () => {
  await writeBatches(test_.app, [600]);
  await test_.app.ledger.sealOnce();
  const absent = ['tile/0/002.p/89', 'tile/0/002', 'tile/0/003.p/1', 'tile/entries/002.p/89', 'tile/entries/002', 'tile/1/000.p/3', 'tile/2/000.p/1', 'tile/5/000', 'tile/0/1', '../keys/root.key', 'tile/0/x000/001', 'nothing'];
  for (const path of absent) expect([path, await served(path)]).toEqual([path, undefined]);
});

test('nothing is served before the first seal', async () => {
  expect(await served('checkpoint')).toBeUndefined();
  expect(await served('tile/0/000.p/1')).toBeUndefined();
  expect(await served('tile/entries/000.p/1')).toBeUndefined();
});

test('what is missing in the folder is written again by the next sealer that starts', async () => {
  await writeBatches(test_.app, [1000]);
  await runOnce();
  rmSync(file('tile/0/001'));
  rmSync(file('tile/entries'), { recursive: true });
  await runOnce();
  expect(checkFolder()).toBe(1000n);
  rmSync(join(test_.home, 'log'), { recursive: true });
  await runOnce();
  expect(checkFolder()).toBe(1000n);
});

test('a publication that stops between tiles and checkpoint leaves the old checkpoint, and is done again', async () => {
  await writeBatches(test_.app, [300]);
  await runOnce();
  const before = readFileSync(file('checkpoint'));
  await writeBatches(test_.app, [300]);
  // A file where a folder must be: the level-1 tile cannot be written.
  rmSync(file('tile/1'), { recursive: true });
  writeFileSync(file('tile/1'), '');
  await runOnce();
  expect(readFileSync(file('checkpoint'))).toEqual(before);
  expect(existsSync(file('tile/0/001'))).toBe(true);
  rmSync(file('tile/1'));
  await runOnce();
  expect(checkFolder()).toBe(600n);
});

test('a folder that is ahead of the database is left alone', async () => {
  await writeBatches(test_.app, [10]);
  await test_.app.ledger.sealOnce();
  const early = (await test_.app.ledger.latestCheckpoint())!;
  await writeBatches(test_.app, [10]);
  await runOnce();
  const { createPublisher } = await import('../../src/domain/ledger/publish-log.js');
  const { createLogKey } = await import('../../src/domain/ledger/log-key.js');
  await createPublisher({ home: test_.home, reader: test_.app.database.reader, key: createLogKey(test_.app.keys, 'holdfast.local/log') }).publish(early);
  expect(checkFolder()).toBe(20n);
});

test('while the sealer runs, a checkpoint over a record is published soon after its commit', async () => {
  const stop = new AbortController();
  const running = test_.app.ledger.runSealer(stop.signal);
  try {
    mkdirSync(join(test_.home, 'log'), { recursive: true });
    for (let n = 1; n <= 12; n++) {
      await writeBatches(test_.app, [1]);
      while (!existsSync(file('checkpoint')) || openSignedNote(readFileSync(file('checkpoint')), test_.app.ledger.verifierKey()).treeSize < BigInt(n)) await sleep(5);
      await sleep(37 * n);
    }
  } finally { stop.abort(); await running; }
  expect(checkFolder()).toBe(12n);
});

test('a tile that a power cut left empty is written again by the next process', async () => {
  await writeBatches(test_.app, [600]);
  await test_.app.ledger.sealOnce();
  await runOnce();
  for (const tile of ['tile/0/000', 'tile/entries/001']) { expect(readFileSync(file(tile)).length).toBeGreaterThan(8_000); writeFileSync(file(tile), ''); }
  // Another process with the same folder: the one before knows what it wrote.
  await runOnce();
  checkFolder();
});

test('a sealer that is stopped seals and publishes what was written before it stops', async () => {
  const stop = new AbortController();
  const running = test_.app.ledger.runSealer(stop.signal);
  await writeBatches(test_.app, [5]);
  stop.abort();
  await running;
  expect(checkFolder()).toBe(5n);
});

test("the manual's script checks the folder, and notices a changed entry and a changed checkpoint", async () => {
  await writeBatches(test_.app, [700]);
  await runOnce();
  const script = /```js\n(.*?)```/s.exec(readFileSync('docs/ledger.md', 'utf8'))![1]!;
  writeFileSync(join(test_.home, 'check-log.mjs'), script);
  const check = (): { status: number | null; stdout: string; stderr: string } => spawnSync(process.execPath, [join(test_.home, 'check-log.mjs'), join(test_.home, 'log'), test_.app.ledger.verifierKey()], { encoding: 'utf8' });
  expect(check()).toMatchObject({ status: 0, stdout: '700 leaves, intact\n' });
  const bundle = readFileSync(file('tile/entries/001'));
  writeFileSync(file('tile/entries/001'), Buffer.concat([bundle.subarray(0, 100), Buffer.from([bundle[100]! ^ 1]), bundle.subarray(101)]));
  expect(check().stderr).toContain('the root is not the one that was signed');
  writeFileSync(file('checkpoint'), readFileSync(file('checkpoint'), 'utf8').replace('\n700\n', '\n699\n'));
  expect(check().stderr).toContain('the signature does not verify');
});

test('every path of a file in the folder is a tile path, the list of keys or the checkpoint', async () => {
  await writeBatches(test_.app, [700]);
  await runOnce();
  expect(filesUnder(join(test_.home, 'log')).filter((path) => path !== 'checkpoint' && path !== 'keys' && !parseTilePath(path))).toEqual([]);
});

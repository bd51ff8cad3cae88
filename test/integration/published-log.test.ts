import { leafHash, openSignedNote } from '../../src/domain/ledger/index.js';
import { sha256 } from '../../src/kernel/digest.js';
import { systemActor } from '../../src/kernel/actor.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { createTestApp, type TestApp } from '../support/database.js';

let test_: TestApp;
let api: TestApi;
beforeAll(async () => { test_ = await createTestApp(); api = await startTestApi(test_.app); });
afterAll(async () => { await api.close(); await test_.close(); });
const get = (path: string, init?: RequestInit): Promise<Response> => fetch(`${api.url}/log/${path}`, init);
const append = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i += 1) await test_.app.act(systemActor('test'), (tx) => test_.app.ledger.append(tx, { action: 'a.b', subjectKind: 'c', subjectId: String(i) }));
  await test_.app.ledger.sealOnce();
};

test('before the first seal the log answers 404 in JSON', async () => {
  const answer = await get('checkpoint');
  expect([answer.status, ((await answer.json()) as { error: { code: string } }).error.code]).toEqual([404, 'not_found']);
});

test('the checkpoint is text, must be asked for each time, and verifies with the published key', async () => {
  await append(3);
  const answer = await get('checkpoint');
  expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-cache');
  expect(Number(openSignedNote(await answer.text(), test_.app.ledger.verifierKey()).treeSize)).toBe(3);
});

test('tiles and entries are bytes that never change, for pages of others too', async () => {
  const tile = await get('tile/0/000.p/3'), entries = await get('tile/entries/000.p/3');
  for (const answer of [tile, entries]) {
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  }
  expect((await tile.arrayBuffer()).byteLength).toBe(96);
  expect((await entries.arrayBuffer()).byteLength).toBe(3 * 34);
});

test('a stranger recomputes the root from the tiles alone', async () => {
  await append(2);
  const { treeSize, root } = openSignedNote(await (await get('checkpoint')).text(), test_.app.ledger.verifierKey());
  const entries = Buffer.from(await (await get(`tile/entries/000.p/${treeSize}`)).arrayBuffer());
  const hashes = Array.from({ length: Number(treeSize) }, (_, i) => leafHash(entries.subarray(i * 34 + 2, (i + 1) * 34)));
  const tile = Buffer.from(await (await get(`tile/0/000.p/${treeSize}`)).arrayBuffer());
  expect(tile.equals(Buffer.concat(hashes))).toBe(true);
  expect(Number(treeSize)).toBe(5);
  expect(treeHash(hashes)).toEqual(root);
});

/** RFC 6962 §2.1 as it is written, on leaf hashes. */
function treeHash(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 1) return hashes[0]!;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return sha256(Buffer.from([1]), treeHash(hashes.slice(0, split)), treeHash(hashes.slice(split)));
}

test.each(['../keys/root.key', '..%2fkeys%2froot.key', '%2e%2e/keys/root.key', 'tile', 'tile/', 'tile/0', 'tile/0/0', 'tile/0/x000', 'tile/64/000', 'tile/0/000.p/300', 'checkpoint/', 'checkpoint%00', 'tile//000', 'anchor'])(
  'a path that is no file of the log is not found: %s', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: { code: expect.stringMatching(/^(not_found|endpoint_unknown)$/) } });
  });

test('the log is read only', async () => {
  const answer = await get('checkpoint', { method: 'POST' });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  const head = await get('checkpoint', { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
});

test('the list of keys and the verifier are there for strangers', async () => {
  const keys = await get('keys');
  expect([keys.status, keys.headers.get('content-type')?.split(';')[0], await keys.json()]).toEqual([200, 'application/json', { format: 'holdfast.log-keys.v1', first: test_.app.ledger.verifierKey(), handovers: [] }]);
  const verifier = await fetch(`${api.url}/verify.mjs`);
  expect([verifier.status, verifier.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
  expect(await verifier.text()).toMatch(/^#!\/usr\/bin\/env node\n\/\/ Holdfast .*: offline verifier/);
});

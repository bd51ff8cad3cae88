import { rm } from 'node:fs/promises';
import { verifyConsistency } from '../../src/domain/ledger/index.js';
import { consistencySteps, foldSteps } from '../../src/domain/ledger/log/proof-nodes.js';
import { readNodes } from '../../src/domain/ledger/tiles.view.js';
import { fixedClock } from '../../src/kernel/clock.js';
import { ensurePartitions } from '../../src/platform/db/index.js';
import { createTestApp, type TestApp } from '../support/database.js';
import { writeBatches } from '../support/ledger.js';

const HOUR = 3_600_000, start = Math.floor(Date.now() / HOUR) * HOUR - 30 * 24 * HOUR, clock = fixedClock(new Date(start));
let test_: TestApp;
interface Row { readonly tree_size: string; readonly root: Buffer; readonly at: Date }
const stored = async (): Promise<Row[]> => (await test_.app.database.reader.query<Row>('SELECT tree_size, root, at FROM ledger_checkpoints ORDER BY tree_size')).rows;
const sizes = async (): Promise<number[]> => (await stored()).map((row) => Number(row.tree_size));
let all: Row[];

beforeAll(async () => {
  test_ = await createTestApp({ clock });
  await ensurePartitions(test_.app.database.pool, new Date(start), new Date(start + 6 * HOUR));
  // Six hours with five checkpoints each, a leaf or two apart; then the present.
  for (let hour = 0; hour < 6; hour++) for (let n = 0; n < 5; n++) {
    clock.set(new Date(start + hour * HOUR + n * 60_000));
    await writeBatches(test_.app, [1 + n % 2]);
    await test_.app.ledger.sealOnce();
  }
  clock.set(new Date());
  await writeBatches(test_.app, [1]);
  await test_.app.ledger.sealOnce();
  all = await stored();
});
afterAll(async () => { await test_.close(); });

test('no checkpoint goes that is young, the first or last of its hour, or named; not even by hand', async () => {
  const remove = (row: Row) => test_.app.database.pool.query('DELETE FROM ledger_checkpoints WHERE tree_size = $1', [row.tree_size]), refused = { code: '23000' };
  for (const row of [all[0]!, all[4]!, all[5]!, all.at(-1)!]) await expect(remove(row)).rejects.toMatchObject(refused);
  await expect(test_.app.database.pool.query('DELETE FROM ledger_checkpoints')).rejects.toMatchObject(refused);
  await expect(test_.app.database.pool.query('UPDATE ledger_checkpoints SET at = now() WHERE tree_size = $1', [all[1]!.tree_size])).rejects.toMatchObject(refused);
  expect(await sizes()).toEqual(all.map((row) => Number(row.tree_size)));
});

test('of each old hour the first and the last stay, and what a time stamp or a run names; the thinning is on record', async () => {
  const named = [all[7]!, all[12]!, all[18]!];
  await test_.app.database.pool.query(`INSERT INTO ledger_anchors (anchor_id, tree_size, note_sha256, signed_note, authority, attested_at, token, at) VALUES (gen_random_uuid(), $1, decode(repeat('00', 32), 'hex'), '', 'x', now(), '', now())`, [named[0]!.tree_size]);
  await test_.app.database.pool.query(`INSERT INTO ledger_keys (key_number, verifier_key, from_size, handover, at) VALUES (2, 'k', $1, 'h', now())`, [named[1]!.tree_size]);
  const { rows: [view] } = await test_.app.database.pool.query<{ definition: string }>("SELECT pg_get_viewdef('named_tree_sizes') AS definition");
  expect(view!.definition).toContain('purge_runs.checkpoint_before');
  await expect(test_.app.database.pool.query('DELETE FROM ledger_checkpoints WHERE tree_size = $1', [named[0]!.tree_size])).rejects.toMatchObject({ code: '23000' });
  expect(await test_.app.ledger.thinCheckpoints()).toBe(16);
  const expected = all.filter((row, at) => at === all.length - 1 || at % 5 === 0 || at % 5 === 4 || row === named[0] || row === named[1]);
  expect(await sizes()).toEqual(expected.map((row) => Number(row.tree_size)));
  const { rows } = await test_.app.database.reader.query<{ after: object }>("SELECT after FROM audit_records WHERE action = 'ledger.thin'");
  expect(rows).toMatchObject([{ after: { removed: 16, from_size: all[1]!.tree_size } }]);
  expect(await test_.app.ledger.thinCheckpoints()).toBe(0);
  await test_.app.database.pool.query("ALTER TABLE ledger_keys DISABLE TRIGGER USER; DELETE FROM ledger_keys; ALTER TABLE ledger_anchors DISABLE TRIGGER USER; DELETE FROM ledger_anchors");
});

test('every checkpoint that ever was, kept or not, is a prefix of today\'s log by the tiles alone', async () => {
  await test_.app.ledger.sealOnce();
  const latest = (await test_.app.ledger.latestCheckpoint())!;
  for (const row of all) {
    const size = BigInt(row.tree_size), steps = consistencySteps(size, latest.treeSize);
    const path = foldSteps(steps, await readNodes(test_.app.database.reader, steps.flat()));
    expect(verifyConsistency(size, latest.treeSize, path, row.root, latest.root)).toBe(true);
  }
});

test('the verification is content with what is left, and the sealer goes on', async () => {
  const report = await test_.app.ledger.verify({ certifiedPurges: () => Promise.resolve([]) });
  expect(report.problems).toEqual([]);
  expect(report.intact).toBe(true);
  await writeBatches(test_.app, [3]);
  const before = (await test_.app.ledger.latestCheckpoint())!.treeSize;
  await rm(`${test_.home}/log`, { recursive: true, force: true });
  expect(await test_.app.ledger.sealOnce()).toMatchObject({ leaves: 3, treeSize: before + 3n });
});

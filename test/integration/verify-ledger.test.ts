import { writeFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CertifiedPurge, LedgerReport } from '../../src/domain/ledger/index.js';
import { createApp } from '../../src/app.js';
import { parseConfig } from '../../src/platform/config/config.js';
import { createTestApp, createTestDatabase, type TestApp } from '../support/database.js';
import { writeBatches } from '../support/ledger.js';

let test_: TestApp;
let ids: string[];
/** Ten records in batches of 1, 3, 2, 4: leaves 0–9, and 300 more, so that a full tile and an upper one exist. */
beforeEach(async () => {
  test_ = await createTestApp();
  ids = await writeBatches(test_.app, [1, 3, 2, 4]);
  await test_.app.ledger.sealOnce();
  ids.push(...await writeBatches(test_.app, [100, 100, 100]));
  await test_.app.ledger.sealOnce();
});
afterEach(async () => { await test_.close(); });

const verify = (purges: CertifiedPurge[] = []): Promise<LedgerReport> => test_.app.ledger.verify({ certifiedPurges: () => Promise.resolve(purges) });
/** Changes what triggers and checks protect, as a superuser can. */
const tamper = async (sql: string, values: unknown[] = []): Promise<void> => {
  const client = await test_.app.database.pool.connect();
  try {
    for (const table of ['security_events', 'ledger_batches', 'ledger_tiles', 'ledger_checkpoints', 'audit_records']) await client.query(`ALTER TABLE ${table} DISABLE TRIGGER ALL`);
    await client.query(sql, values);
  } finally { client.release(); }
};
const flipBit = (column: string, byte: number): string => `set_byte(${column}, ${byte}, get_byte(${column}, ${byte}) # 1)`;
const brief = (report: LedgerReport) => report.problems.map(({ verdict, leafIndex, table, id }) => [verdict, leafIndex === undefined ? undefined : Number(leafIndex), table, id]);

test('an untouched ledger is intact, with what is unsealed and unanchored counted', async () => {
  await writeBatches(test_.app, [2, 3]);
  const seen: [bigint, bigint][] = [];
  const report = await test_.app.ledger.verify({ certifiedPurges: () => Promise.resolve([]), heldRecords: () => Promise.resolve(7), onProgress: (done, total) => seen.push([done, total]) });
  expect(report).toMatchObject({ intact: true, treeSize: 310n, problems: [], checkpoint: { treeSize: 310n } });
  expect(report.counts).toEqual({ intact: 310, purged_with_certificate: 0, held: 7, missing: 0, altered: 0, duplicate: 0, unsealed: 5, unanchored: 310 });
  expect(seen.at(-1)).toEqual([620n, 620n]);
});

test('an empty ledger is intact', async () => {
  const empty = await createTestApp();
  try { expect(await empty.app.ledger.verify({ certifiedPurges: () => Promise.resolve([]) })).toMatchObject({ intact: true, treeSize: 0n, checkpoint: undefined }); } finally { await empty.close(); }
});

test.each([
  ['kind', `kind = 'other'`], ['a time by a millisecond', `at = at + interval '1 millisecond'`], ['a null', `account_id = NULL`], ['json', `detail = '{"n": 2}'`], ['the salt', `salt = ${flipBit('salt', 15)}`],
  ['the schema version', 'schema_version = 2'],
])('a record with a changed field is altered, by table, id and leaf: %s', async (_, change) => {
  await tamper(`UPDATE security_events SET ${change} WHERE event_id = $1`, [ids[5]]);
  const report = await verify();
  expect(brief(report)).toEqual([['altered', 5, 'security_events', ids[5]]]);
  expect(report.problems[0]!.message).toContain(`security_events ${ids[5]}: `);
  expect(report.counts).toMatchObject({ intact: 309, altered: 1, missing: 0 });
  expect(report.intact).toBe(false);
});

test('a removed record is missing, by leaf and batch', async () => {
  await tamper('DELETE FROM security_events WHERE event_id = $1', [ids[2]]);
  const report = await verify();
  expect(brief(report)).toEqual([['missing', 2, undefined, undefined]]);
  expect(report.problems[0]!.message).toMatch(/^leaf 2 \(batch [0-9a-f-]{36} of test, .*, position 1\): no record stands at its place, and no purge certificate lists it$/);
});

test('records with swapped salts are both altered', async () => {
  await tamper(`UPDATE security_events e SET salt = o.salt FROM security_events o WHERE (e.event_id = $1 AND o.event_id = $2) OR (e.event_id = $2 AND o.event_id = $1)`, [ids[1], ids[2]]);
  expect(brief(await verify())).toEqual([['altered', 1, 'security_events', ids[1]], ['altered', 2, 'security_events', ids[2]]]);
});

test('records with swapped positions are both altered', async () => {
  await tamper(`UPDATE security_events e SET batch_position = o.batch_position FROM security_events o WHERE (e.event_id = $1 AND o.event_id = $2) OR (e.event_id = $2 AND o.event_id = $1)`, [ids[1], ids[2]]);
  expect(brief(await verify())).toEqual([['altered', 2, 'security_events', ids[1]], ['altered', 1, 'security_events', ids[2]]]);
});

test('a copied record under a new id is a duplicate of the one that owns the leaf', async () => {
  const copy = `${ids[4]!.slice(0, -1)}${ids[4]!.endsWith('0') ? '1' : '0'}`;
  await tamper(`INSERT INTO security_events SELECT $2, schema_version, at, kind, severity, account_id, key_id, operator_id, address, detail, salt, batch_id, batch_position FROM security_events WHERE event_id = $1`, [ids[4], copy]);
  const report = await verify();
  expect(brief(report)).toEqual([['duplicate', 4, 'security_events', copy]]);
  expect(report.problems[0]!.message).toBe(`security_events ${copy} claims leaf 4, which is that of security_events ${ids[4]}`);
});

test('a key that is there twice is a duplicate', async () => {
  await tamper('ALTER TABLE security_events DROP CONSTRAINT security_events_pkey');
  await tamper('INSERT INTO security_events SELECT * FROM security_events WHERE event_id = $1', [ids[4]]);
  const report = await verify();
  expect(brief(report)).toEqual([['duplicate', 4, 'security_events', ids[4]]]);
  expect(report.problems[0]!.message).toContain('the row is there twice');
});

test('rows of one key that straddle two pages are still two claims', async () => {
  const { rows } = await test_.app.database.reader.query<{ id: string }>('SELECT event_id AS id FROM security_events ORDER BY event_id');
  expect(rows.map((row) => row.id)).toEqual(ids.toSorted((a, b) => (a < b ? -1 : 1)));
  const more = await writeBatches(test_.app, [200, 200, 200, 200, 200, 200, 200, 200, 200, 200]);
  await test_.app.ledger.sealOnce();
  // Pages have 2,000 rows: of the copies one ends the first page and the others begin the second.
  const last = [...ids, ...more].toSorted((a, b) => (a < b ? -1 : 1))[1999]!;
  await tamper('ALTER TABLE security_events DROP CONSTRAINT security_events_pkey');
  for (let copies = 0; copies < 2; copies++) await tamper('INSERT INTO security_events SELECT * FROM security_events WHERE event_id = $1 LIMIT 1', [last]);
  const report = await verify();
  expect(report.counts).toMatchObject({ intact: 2310, duplicate: 2 });
  expect(report.problems.map((problem) => problem.id)).toEqual([last, last]);
});

test('an invented record is altered: its batch does not exist, or its place does not', async () => {
  const insert = (id: string, batch: string, position: number): Promise<void> => tamper(`INSERT INTO security_events SELECT $2, schema_version, at, kind, severity, account_id, key_id, operator_id, address, detail, salt, ${batch}, ${position} FROM security_events WHERE event_id = $1`, [ids[4], id]);
  const [one, two] = [0, 1].map((n) => `${ids[4]!.slice(0, -2)}f${n}`) as [string, string];
  await insert(one, `'00000000-0000-7000-8000-000000000000'`, 0);
  await insert(two, 'batch_id', 2);
  const report = await verify();
  expect(brief(report)).toEqual([['altered', undefined, 'security_events', one], ['altered', undefined, 'security_events', two]]);
  expect(report.problems.map((problem) => problem.message).join()).toMatch(/does not exist.*outside its batch/s);
});

test('a flipped bit in a commitment names batch and leaf, and the record stays intact', async () => {
  await tamper(`UPDATE ledger_batches SET commitments = ${flipBit('commitments', 40)} WHERE first_leaf = 1`);
  const report = await verify();
  expect(brief(report)).toEqual([['altered', 2, 'ledger_batches', expect.any(String)]]);
  expect(report.problems[0]!.message).toContain('the tile is right');
  expect(report.counts.intact).toBe(310);
});

test('a flipped bit in a level-0 tile names tile and leaf', async () => {
  await tamper(`UPDATE ledger_tiles SET hashes = ${flipBit('hashes', 32 * 7 + 3)} WHERE level = 0 AND tile_index = 0`);
  const report = await verify();
  expect(brief(report)).toEqual([['altered', 7, 'ledger_tiles', '0/0']]);
  expect(report.problems[0]!.message).toContain('the batch is right');
});

test('a flipped bit in an upper tile names the tile and the hash', async () => {
  await tamper(`UPDATE ledger_tiles SET hashes = ${flipBit('hashes', 3)} WHERE level = 1`);
  const report = await verify();
  expect(brief(report)).toEqual([['altered', undefined, 'ledger_tiles', '1/0']]);
  expect(report.problems[0]!.message).toContain('hash 0 is not the root of tile 0/0');
});

test('a missing tile and a tile that is too wide are named', async () => {
  await tamper('DELETE FROM ledger_tiles WHERE level = 0 AND tile_index = 0');
  await tamper(`UPDATE ledger_tiles SET width = width + 1, hashes = hashes || decode(repeat('00', 32), 'hex') WHERE level = 0 AND tile_index = 1`);
  expect(brief(await verify())).toEqual([['missing', undefined, 'ledger_tiles', '0/0'], ['altered', undefined, 'ledger_tiles', '0/1']]);
});

test('commitment and tile changed alike are caught by the checkpoint, within the leaves it added', async () => {
  const hash = await import('../../src/domain/ledger/log/merkle.js');
  const forged = Buffer.alloc(32, 1);
  await tamper(`UPDATE ledger_batches SET commitments = overlay(commitments placing $1::bytea from 33) WHERE first_leaf = 1`, [forged]);
  await tamper(`UPDATE ledger_tiles SET hashes = overlay(hashes placing $1::bytea from 65) WHERE level = 0 AND tile_index = 0`, [hash.leafHash(forged)]);
  const report = await verify();
  expect(report.problems[0]).toMatchObject({ verdict: 'altered', table: 'ledger_checkpoints', id: '10' });
  expect(report.problems[0]!.message).toContain('ledger_checkpoints 10 to 310 (2 of them): their roots are not the root of the batches; what differs lies within leaves 0–9');
  expect(brief(report)).toContainEqual(['altered', 2, 'security_events', ids[2]]);
});

test('a flipped bit in a stored root, and a forged note, are named by checkpoint', async () => {
  await tamper(`UPDATE ledger_checkpoints SET root = ${flipBit('root', 0)} WHERE tree_size = 10`);
  const report = await verify();
  expect(brief(report)).toEqual([['altered', undefined, 'ledger_checkpoints', '10']]);
  expect(report.problems[0]!.message).toContain('root column');
  await tamper(`UPDATE ledger_checkpoints SET root = ${flipBit('root', 0)} WHERE tree_size = 10`);
  await tamper(`UPDATE ledger_checkpoints SET signed_note = replace(signed_note, E'\\n10\\n', E'\\n11\\n') WHERE tree_size = 10`);
  expect((await verify()).problems).toMatchObject([{ verdict: 'altered', id: '10', message: expect.stringContaining('signed note does not verify') as string }]);
});

test('a removed batch is missing with its leaves, and its records lose their ground', async () => {
  await tamper('DELETE FROM ledger_batches WHERE first_leaf = 4');
  const report = await verify();
  expect(brief(report)).toEqual([['missing', 4, 'ledger_batches', undefined], ['altered', undefined, 'security_events', ids[4]], ['altered', undefined, 'security_events', ids[5]]]);
  expect(report.problems[0]!.message).toBe('no batch covers leaves 4–5: it was removed, with the commitments in it');
  expect(report.counts).toMatchObject({ missing: 2, altered: 2, intact: 308 });
});

test('a removed batch at the end is missing too', async () => {
  await tamper('DELETE FROM ledger_batches WHERE first_leaf = 210');
  const report = await verify();
  expect(report.problems[0]!.message).toBe('no batch covers leaves 210–309: it was removed, with the commitments in it');
  expect(report.counts).toMatchObject({ missing: 100, altered: 100, intact: 210 });
});

test('a batch with more records than commitments is altered', async () => {
  await tamper('ALTER TABLE ledger_batches DROP CONSTRAINT ledger_batches_check');
  await tamper('UPDATE ledger_batches SET record_count = 3 WHERE first_leaf = 4');
  expect((await verify()).problems).toMatchObject([{ verdict: 'altered', table: 'ledger_batches', leafIndex: 4n, message: expect.stringContaining('holds 2 commitments for 3 records') as string }]);
});

test('where batch and tile each hold a false leaf, both leaves are named', async () => {
  await tamper(`UPDATE ledger_batches SET commitments = ${flipBit('commitments', 40)} WHERE first_leaf = 1`);
  await tamper(`UPDATE ledger_tiles SET hashes = ${flipBit('hashes', 32 * 7)} WHERE level = 0 AND tile_index = 0`);
  const report = await verify();
  expect(report.problems.map((problem) => [problem.table, problem.leafIndex])).toEqual(expect.arrayContaining([['ledger_batches', 2n], ['ledger_batches', 7n], ['ledger_checkpoints', 0n]]));
  expect(report.problems.filter((problem) => problem.message.includes('no checkpoint says which is right'))).toHaveLength(2);
});

test('a checkpoint with the note of another is altered', async () => {
  await tamper('UPDATE ledger_checkpoints SET signed_note = (SELECT signed_note FROM ledger_checkpoints WHERE tree_size = 10) WHERE tree_size = 310');
  expect((await verify()).problems).toMatchObject([{ verdict: 'altered', id: '310', message: expect.stringContaining('its signed note is about 10 leaves') as string }]);
});

test('a tile that is too narrow is one problem', async () => {
  await tamper('UPDATE ledger_tiles SET width = 10, hashes = substring(hashes FROM 1 FOR 320) WHERE level = 0 AND tile_index = 1');
  expect(brief(await verify())).toEqual([['missing', undefined, 'ledger_tiles', '0/1']]);
});

test('a record changed before it is sealed is altered as well', async () => {
  const [, second] = await writeBatches(test_.app, [2]);
  await tamper(`UPDATE security_events SET kind = 'other' WHERE event_id = $1`, [second]);
  const report = await verify();
  expect(report.problems).toMatchObject([{ verdict: 'altered', table: 'security_events', id: second, message: expect.stringContaining('position 1 of its batch') as string }]);
  expect(report.counts).toMatchObject({ unsealed: 1, altered: 1 });
});

test('two batches that claim the same leaves are duplicates', async () => {
  await tamper('ALTER TABLE ledger_batches DROP CONSTRAINT ledger_batches_first_leaf_key');
  await tamper(`INSERT INTO ledger_batches SELECT gen_random_uuid(), writer, at, record_count, commitments, first_leaf, sealed_at FROM ledger_batches WHERE first_leaf = 4`);
  expect((await verify()).problems).toMatchObject([{ verdict: 'duplicate', table: 'ledger_batches', leafIndex: 4n, message: expect.stringContaining('leaves 4–5, which another batch has') as string }]);
});

test('a database cut at its tail, or restored from an old backup, is caught by the published checkpoint', async () => {
  await publish();
  expect((await verify()).counts).toMatchObject({ unanchored: 0, intact: 310 });
  await tamper('DELETE FROM ledger_checkpoints WHERE tree_size = 310');
  await tamper('DELETE FROM ledger_batches WHERE first_leaf >= 10');
  await tamper('DELETE FROM security_events WHERE event_id = ANY($1)', [ids.slice(10)]);
  await tamper('DELETE FROM ledger_tiles WHERE level = 1 OR tile_index = 1');
  await tamper('UPDATE ledger_tiles SET width = 10, hashes = substring(hashes FROM 1 FOR 320)');
  const report = await verify();
  expect(brief(report)).toEqual([['missing', 10, undefined, undefined]]);
  expect(report.problems[0]!.message).toContain('covers 310 leaves, the database 10: leaves 10–309 are gone');
  expect(report.counts.missing).toBe(300);
});

test('a published checkpoint of another history, or of no one, is altered', async () => {
  await publish();
  await writeBatches(test_.app, [1]);
  await test_.app.ledger.sealOnce();
  expect((await verify()).counts.unanchored).toBe(1);
  const other = await createTestApp();
  try {
    await writeBatches(other.app, [5]);
    await other.app.ledger.sealOnce();
    writeFileSync(join(test_.home, 'log', 'checkpoint'), (await other.app.ledger.latestCheckpoint())!.note);
    expect((await verify()).problems).toMatchObject([{ verdict: 'altered', message: expect.stringContaining('does not verify') as string }]);
  } finally { await other.close(); }
});

test('a published checkpoint that we signed over another tree shows that the log went two ways', async () => {
  const database = await createTestDatabase();
  try {
    const twin = await createApp(parseConfig({ HOLDFAST_HOME: test_.home, DATABASE_URL: database.url, HOLDFAST_LOG_LEVEL: 'error' }), 'test', { log: test_.app.log });
    await writeBatches(twin, [20]);
    await twin.ledger.sealOnce();
    mkdirSync(join(test_.home, 'log'), { recursive: true });
    writeFileSync(join(test_.home, 'log', 'checkpoint'), (await twin.ledger.latestCheckpoint())!.note);
    await twin.close();
  } finally { await database.drop(); }
  expect((await verify()).problems).toMatchObject([{ verdict: 'altered', message: 'the published checkpoint of 20 leaves has another root than the database: the log went two ways within leaves 10–19' }]);
});

test('checkpoints removed from the end are noticed by the leaves they covered', async () => {
  await tamper('DELETE FROM ledger_checkpoints WHERE tree_size = 310');
  const report = await verify();
  expect(report.problems.at(-1)).toMatchObject({ verdict: 'altered', table: 'ledger_checkpoints', message: expect.stringContaining('leaves 10–309, but no checkpoint covers them') as string });
});

test('purged leaves are told from missing ones by a valid certificate', async () => {
  await tamper('DELETE FROM security_events WHERE event_id = ANY($1)', [ids.slice(3, 6)]);
  const purge = (leaves: bigint[], valid = true): CertifiedPurge => ({ certificateId: 'c1', valid, leaves });
  expect(await verify([purge([3n, 4n, 5n])])).toMatchObject({ intact: true, counts: { purged_with_certificate: 3, missing: 0, intact: 307 } });
  expect(brief(await verify([purge([3n, 5n])]))).toEqual([['missing', 4, undefined, undefined]]);
  const invalid = await verify([purge([3n, 4n, 5n], false)]);
  expect(brief(invalid)).toEqual([...[3, 4, 5].map((leaf) => ['missing', leaf, undefined, undefined]), ['altered', undefined, 'purge_certificates', 'c1']]);
  expect(invalid.problems[0]!.message).toContain('certificate c1, which lists it, is not valid');
  expect(brief(await verify([purge([2n, 3n, 4n, 5n])]))).toEqual([['altered', 2, 'purge_certificates', 'c1']]);
});

test('a record that reappears while verification runs is not called missing', async () => {
  await tamper('CREATE TABLE hidden AS SELECT * FROM security_events WHERE event_id = $1', [ids[8]]);
  await tamper('DELETE FROM security_events WHERE event_id = $1', [ids[8]]);
  const report = await test_.app.ledger.verify({ certifiedPurges: async () => {
    await test_.app.database.pool.query('INSERT INTO security_events SELECT * FROM hidden ON CONFLICT DO NOTHING');
    return [];
  } });
  expect(report).toMatchObject({ intact: true, counts: { intact: 310 } });
});

test('more problems than are described are still counted', async () => {
  await writeBatches(test_.app, Array.from({ length: 6 }, () => 200));
  await test_.app.ledger.sealOnce();
  await tamper(`UPDATE security_events SET severity = 'none'`);
  const report = await verify();
  expect(report.counts).toMatchObject({ altered: 1510, intact: 0, missing: 0 });
  expect(report.problems).toHaveLength(1000);
});

/** The newest checkpoint as the published one, as the sealer's loop does it. */
async function publish(): Promise<void> {
  rmSync(join(test_.home, 'log'), { recursive: true, force: true });
  mkdirSync(join(test_.home, 'log'), { recursive: true });
  writeFileSync(join(test_.home, 'log', 'checkpoint'), (await test_.app.ledger.latestCheckpoint())!.note);
}

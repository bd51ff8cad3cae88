import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { CERTIFICATE_KIND, signCertificate, verifyCertificate, type CertifiableRun } from '../../src/domain/retention/certificate.js';
import { LeafList, leavesDigest, mergeLeaves, unpackLeaves } from '../../src/domain/retention/purged-leaves.js';
import { clockBound, PURGE_TARGETS } from '../../src/domain/retention/purge-targets.js';
import { DATA_TYPES, TABLES_BY_DATA_TYPE } from '../../src/kernel/data-types.js';
import { openFileKeyRing, type KeyRing } from '../../src/platform/crypto/keyring.js';
import { PARTITIONED } from '../../src/platform/db/index.js';

let home: string, keys: KeyRing;
beforeAll(() => { home = mkdtempSync(join(tmpdir(), 'holdfast-test-')); keys = openFileKeyRing(home); });
afterAll(() => { rmSync(home, { recursive: true, force: true }); });

const run = (over: Partial<CertifiableRun> = {}): CertifiableRun => ({ runId: 'r', state: 'verifying', survivors: 0n, items: [{ position: 1, state: 'done' }], ...over });
const body = { kind: CERTIFICATE_KIND, run_id: 'r', rows_deleted: '3' };

test('a signature verifies with the public key alone, and no longer once a byte of the body differs', () => {
  const { signature, publicKey } = signCertificate(keys, run(), body);
  expect(verifyCertificate(body, signature, publicKey)).toBe(true);
  expect(verifyCertificate({ rows_deleted: '3', run_id: 'r', kind: CERTIFICATE_KIND }, signature, publicKey)).toBe(true);
  expect(verifyCertificate({ ...body, rows_deleted: '4' }, signature, publicKey)).toBe(false);
  expect(verifyCertificate(body, Buffer.alloc(64), publicKey)).toBe(false);
  expect(verifyCertificate(body, signature, keys.publicKey('ledger'))).toBe(false);
  expect(verifyCertificate(body, signature, Buffer.alloc(3))).toBe(false);
});

test.each([
  ['is not done with an item', run({ items: [{ position: 1, state: 'detached' }] }), 'not done'],
  ['has not counted its survivors', run({ survivors: null }), 'not counted'],
  ['has survivors', run({ survivors: 1n }), '1 rows survived'],
  ['is not verifying', run({ state: 'running' }), 'not verifying'],
  ['is another than the body names', run({ runId: 'other' }), 'something else'],
])('the signer refuses a run that %s', (_, wrong, message) => {
  expect(() => signCertificate(keys, wrong, body)).toThrow(message);
});

const ascending = fc.uniqueArray(fc.integer({ min: 0, max: 2 ** 40 }), { maxLength: 200 }).map((list) => list.sort((a, b) => a - b));
const listOf = (leaves: readonly number[]): LeafList => { const list = new LeafList(); for (const leaf of leaves) list.add(leaf); return list; };

test('a list of leaves comes back as it was, from one piece and from several', () => {
  fc.assert(fc.property(ascending, fc.nat(3), (leaves, parts) => {
    const packed = listOf(leaves).pack();
    expect(unpackLeaves(packed)).toEqual(leaves);
    const pieces = Array.from({ length: parts + 1 }, (_, part) => listOf(leaves.filter((_leaf, index) => index % (parts + 1) === part)).pack());
    expect(unpackLeaves(mergeLeaves(pieces).pack())).toEqual(leaves);
    expect(leavesDigest(mergeLeaves(pieces).pack())).toBe(leavesDigest(packed));
  }));
});

test('neighbouring leaves take about a bit each, and the order is kept to', () => {
  expect(listOf(Array.from({ length: 100_000 }, (_, index) => 5_000_000 + index)).pack().length).toBeLessThan(200);
  expect(() => listOf([3, 3])).toThrow('not above');
  expect(() => listOf([3, 2])).toThrow('not above');
});

test('a purge touches every table registered to its data type, and no other', () => {
  for (const dataType of DATA_TYPES) expect(PURGE_TARGETS[dataType].map((target) => target.table).sort()).toEqual([...TABLES_BY_DATA_TYPE[dataType]].sort());
});

test('partitioned tables are purged by the key they are partitioned by', () => {
  for (const target of Object.values(PURGE_TARGETS).flat()) expect(target.partitioned ? target.key : undefined).toBe(PARTITIONED[target.table]);
});

test('a fiscal year is before the cut-off when its last day has wholly passed', () => {
  const payments = PURGE_TARGETS.payment_records[0]!;
  expect(clockBound(payments, new Date('2027-01-01T00:00:00Z'), 'UTC')).toBe('2026-12-31');
  expect(clockBound(payments, new Date('2027-01-01T00:00:00.001Z'), 'UTC')).toBe('2027-01-01');
  expect(clockBound(payments, null, 'UTC')).toBe('');
});

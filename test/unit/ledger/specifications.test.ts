// The formats to the letter: examples published with the specifications, and their definitions repeated naively.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { bundleEntry, tilePath } from '../../../src/domain/ledger/log/tile-rules.js';
import { parseCheckpointText } from '../../../src/domain/ledger/log/checkpoint.js';
import { signCheckpoint } from '../../../src/domain/ledger/log/key-chain.js';
import { formatKeyList } from '../../../src/domain/ledger/log/key-list.js';
import { leafHash } from '../../../src/domain/ledger/log/merkle.js';
import { consistencySteps, foldSteps, inclusionSteps, type NodeSource } from '../../../src/domain/ledger/log/proof-nodes.js';
import { formatVerifierKey, noteKey, openNote, parseVerifierKey, type NoteSigner } from '../../../src/domain/ledger/log/signed-note.js';
import { TreeBuilder } from '../../../src/domain/ledger/log/tree-builder.js';
import { canonicalRecord, checkLogFolder, commitmentOf, openCheckpoint, readKeyChain, RECORD_TABLES, type RecordTableName } from '../../../src/domain/ledger/offline.js';
import type { Json } from '../../../src/kernel/canonical-json.js';

const sha256 = (...parts: Uint8Array[]): Buffer => { const hash = createHash('sha256'); for (const part of parts) hash.update(part); return hash.digest(); };
const flip = (bytes: Uint8Array, bit: number): Buffer => { const copy = Buffer.from(bytes); copy[bit >> 3]! ^= 1 << (bit & 7); return copy; };

/** RFC 6962 §2.1: MTH, PATH and PROOF, word for word over the entries D. */
const known = new Map<string, Buffer>();
function mth(d: readonly Buffer[]): Buffer {
  const name = `${d[0]?.toString('hex') ?? ''} ${d.length}`, found = known.get(name) ?? define(d);
  known.set(name, found);
  return found;
}
function define(d: readonly Buffer[]): Buffer {
  if (d.length === 0) return sha256();
  if (d.length === 1) return sha256(Buffer.from([0]), d[0]!);
  const k = 2 ** Math.ceil(Math.log2(d.length) - 1);
  return sha256(Buffer.from([1]), mth(d.slice(0, k)), mth(d.slice(k)));
}
function path(m: number, d: readonly Buffer[]): Buffer[] {
  if (d.length === 1) return [];
  const k = 2 ** Math.ceil(Math.log2(d.length) - 1);
  return m < k ? [...path(m, d.slice(0, k)), mth(d.slice(k))] : [...path(m - k, d.slice(k)), mth(d.slice(0, k))];
}
function subproof(m: number, d: readonly Buffer[], b: boolean): Buffer[] {
  if (m === d.length) return b ? [] : [mth(d)];
  const k = 2 ** Math.ceil(Math.log2(d.length) - 1);
  return m <= k ? [...subproof(m, d.slice(0, k), b), mth(d.slice(k))] : [...subproof(m - k, d.slice(k), false), mth(d.slice(0, k))];
}

test('every inclusion and consistency proof of every tree to 70 leaves is the one that RFC 6962 defines', () => {
  const d = Array.from({ length: 70 }, (_, i) => Buffer.from(`d${i}`));
  const source: NodeSource = ({ level, index }) => mth(d.slice(Number(index) * 2 ** level, (Number(index) + 1) * 2 ** level));
  const kept = new Map<string, Uint8Array>(), once: NodeSource = (node) => { const name = `${node.level}/${node.index}`; if (!kept.has(name)) kept.set(name, source(node)); return kept.get(name)!; };
  for (let size = 1; size <= d.length; size++) {
    const tree = d.slice(0, size), builder = new TreeBuilder();
    for (const entry of tree) builder.append(leafHash(entry));
    expect(builder.root()).toEqual(mth(tree));
    const same = (ours: readonly Buffer[], theirs: readonly Buffer[], which: string): void => { if (ours.length !== theirs.length || !Buffer.concat(ours).equals(Buffer.concat(theirs))) throw new Error(`${which} of ${size} is another proof`); };
    for (let at = 0; at < size; at++) same(foldSteps(inclusionSteps(BigInt(at), BigInt(size)), once), path(at, tree), `leaf ${at}`);
    for (let first = 1; first < size; first++) same(foldSteps(consistencySteps(BigInt(first), BigInt(size)), once), subproof(first, tree, true), `prefix ${first}`);
  }
});

// c2sp.org/signed-note, the example; golang.org/x/mod sumdb/note/note_test.go, two signers; the key of sum.golang.org.
const SPEC_KEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const SPEC_NOTE = 'This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
const GO_KEYS = ['PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop'];
const GO_NOTE = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
  + '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'
  + '\u2014 EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';

test('the examples of signed-note open with their keys, each byte of them counts, and keys are written back as they were', () => {
  expect(openNote(SPEC_NOTE, [parseVerifierKey(SPEC_KEY)])).toMatchObject({ text: 'This is an example message.\n', verified: [{ name: 'example.com/foo', id: 0x530d903a }] });
  expect(openNote(GO_NOTE, GO_KEYS.map(parseVerifierKey)).verified.map((key) => key.name)).toEqual(['PeterNeumann', 'EnochRoot']);
  for (const key of [SPEC_KEY, ...GO_KEYS, 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8']) expect(formatVerifierKey(parseVerifierKey(key))).toBe(key);
  const bytes = Buffer.from(SPEC_NOTE);
  for (let bit = 0; bit < bytes.length * 8; bit++) expect(() => openNote(flip(bytes, bit), [parseVerifierKey(SPEC_KEY)])).toThrow();
});

test('the example of signed-note in verse keeps its empty line, and is passed over by who does not know its key', () => {
  const verse = 'Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n\u2014 quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n';
  expect(() => openNote(verse, [parseVerifierKey(SPEC_KEY)])).toThrow('no signature of a known key');
});

test('the example of tlog-checkpoint reads as origin, size and root', () => {
  const text = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
  expect(parseCheckpointText(text)).toEqual({ origin: 'example.com/behind-the-sofa', treeSize: 20_852_163n, root: Buffer.from('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=', 'base64') });
});

test('the tiles of the example tree of tlog-tiles, 70,000 leaves, are the hashes its definition names', () => {
  const d = Array.from({ length: 70_000 }, (_, i) => Buffer.from(String(i))), tree = new TreeBuilder(), tiles = new Map<string, Buffer>();
  for (const entry of d) { tree.append(leafHash(entry)); if (tree.size % 256 === 0) for (const tile of tree.takeTiles()) tiles.set(tilePath({ ...tile, index: BigInt(tile.index) }), tile.hashes); }
  for (const tile of tree.takeTiles()) tiles.set(tilePath({ ...tile, index: BigInt(tile.index) }), tile.hashes);
  const full = [...tiles].filter(([name]) => !name.includes('.p/')).map(([name]) => name);
  expect([full.filter((name) => name.startsWith('tile/0/')).length, full.filter((name) => name.startsWith('tile/1/'))]).toEqual([273, ['tile/1/000']]);
  expect([tiles.get('tile/0/273.p/112')!.length, tiles.get('tile/1/001.p/17')!.length, tiles.get('tile/2/000.p/1')!.length]).toEqual([112 * 32, 17 * 32, 32]);
  // MTH(D[(n * 256 + i) * 256**l : (n * 256 + i + 1) * 256**l])
  const defined = (l: number, n: number, i: number): Buffer => mth(d.slice((n * 256 + i) * 256 ** l, (n * 256 + i + 1) * 256 ** l));
  for (const [name, l, n, i] of [['tile/0/x', 0, 272, 255], ['tile/1/000', 1, 0, 0], ['tile/1/000', 1, 0, 255], ['tile/1/001.p/17', 1, 1, 16], ['tile/2/000.p/1', 2, 0, 0]] as const) {
    const hashes = tiles.get(name === 'tile/0/x' ? 'tile/0/272' : name)!;
    expect(hashes.subarray(i * 32, (i + 1) * 32)).toEqual(defined(l, n, i));
  }
});

/** A row with something in every column, by kind. */
const SAMPLES: Record<string, Json | Date> = { text: 'tëxt', int: 200, bigint: '12', bool: true, time: new Date('2026-03-01T10:00:00.123Z'), uuid: '0193c1a2-0000-7000-8000-00000000000a', 'text[]': ['a', 'b'], 'uuid[]': ['0193c1a2-0000-7000-8000-0000000000c0'], jsonb: { a: [1, { b: null }], c: 'd' } };

test.each(Object.keys(RECORD_TABLES) as RecordTableName[])('every change of every field of a record of %s makes another commitment', (table) => {
  const { columns } = RECORD_TABLES[table], salt = Buffer.alloc(16, 7);
  const row = Object.fromEntries(Object.entries<string>(columns).map(([name, kind]) => [name, SAMPLES[kind]]));
  const own = commitmentOf(canonicalRecord(table, row), salt).toString('hex'), seen = new Set([own]), made = (changed: Record<string, unknown>): void => {
    const commitment = commitmentOf(canonicalRecord(table, changed), salt).toString('hex');
    expect([changed, seen.has(commitment)]).toEqual([changed, false]);
    seen.add(commitment);
  };
  for (const [name, kind] of Object.entries<string>(columns)) {
    made({ ...row, [name]: null });
    const sample = row[name];
    if (sample instanceof Date) for (let bit = 0; bit < 40; bit++) made({ ...row, [name]: new Date(Number(BigInt(sample.getTime()) ^ (1n << BigInt(bit)))) });
    else if (typeof sample === 'string' && kind === 'bigint') for (let bit = 0n; bit < 63n; bit++) made({ ...row, [name]: (BigInt(sample) ^ (1n << bit)).toString() });
    else if (typeof sample === 'string') for (let bit = 0; bit < sample.length * 7; bit++) made({ ...row, [name]: Array.from(sample).map((letter, at) => (at === Math.floor(bit / 7) ? String.fromCharCode(letter.charCodeAt(0) ^ (1 << (bit % 7))) : letter)).join('') });
    else if (typeof sample === 'number') for (let bit = 0; bit < 31; bit++) made({ ...row, [name]: sample ^ (1 << bit) });
    else if (typeof sample === 'boolean') made({ ...row, [name]: false });
    else if (Array.isArray(sample)) { made({ ...row, [name]: sample.slice(1) }); made({ ...row, [name]: [...sample, 'z'] }); }
    else { made({ ...row, [name]: { a: [1, { b: 0 }], c: 'd' } }); made({ ...row, [name]: { a: [1, {}], c: 'd' } }); }
  }
  // The same values under other names, another table, another version, another salt.
  for (let bit = 0; bit < 128; bit++) expect(commitmentOf(canonicalRecord(table, row), flip(salt, bit)).toString('hex')).not.toBe(own);
  const record = canonicalRecord(table, row);
  for (const other of [{ ...record, table: 'other' }, { ...record, version: record.version + 1 }]) expect(commitmentOf(other, salt).toString('hex')).not.toBe(own);
});

function signer(name: string): NoteSigner & { vkey: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519'), key = noteKey(name, Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url'));
  return { key, sign: (message) => sign(null, message, privateKey), vkey: formatVerifierKey(key) };
}

test('every bit of a checkpoint counts', () => {
  const log = signer('holdfast.example/log'), chain = readKeyChain(log.vkey, []), note = Buffer.from(signCheckpoint({ origin: log.key.name, treeSize: 300n, root: Buffer.alloc(32, 3) }, log));
  expect(openCheckpoint(note, chain).treeSize).toBe(300n);
  for (let bit = 0; bit < note.length * 8; bit++) expect(() => openCheckpoint(flip(note, bit), chain)).toThrow();
});

test('in a copy of the log every hash of every tile, every entry, and every byte of the rest counts, and the file is named', () => {
  const log = signer('holdfast.example/log'), tree = new TreeBuilder(), entries = Array.from({ length: 262 }, (_, i) => sha256(Buffer.from([i & 255, i >> 8]))), files = new Map<string, Buffer>();
  for (const entry of entries) tree.append(leafHash(entry));
  for (const { level, index, width, hashes } of tree.takeTiles()) files.set(tilePath({ level, index: BigInt(index), width }), hashes);
  files.set('tile/entries/000', Buffer.concat(entries.slice(0, 256).map(bundleEntry)));
  files.set('tile/entries/001.p/6', Buffer.concat(entries.slice(256).map(bundleEntry)));
  files.set('checkpoint', Buffer.from(signCheckpoint({ origin: log.key.name, treeSize: 262n, root: tree.root() }, log)));
  files.set('keys', Buffer.from(formatKeyList({ first: log.vkey, handovers: [] })));
  const judge = (changed?: string, bytes?: Buffer) => checkLogFolder((path) => (path === changed ? bytes : files.get(path)), { trustedKey: log.vkey });
  expect(judge()).toMatchObject({ verdict: 'intact', checks: expect.not.arrayContaining([expect.objectContaining({ ok: false })]) as unknown });
  const EXPECTED: Record<string, RegExp> = { checkpoint: /checkpoint does not verify|no checkpoint|neither/, keys: /list of keys/ };
  for (const [name, bytes] of files) {
    const steps = name.startsWith('tile/0') || name.startsWith('tile/entries/000') ? Array.from({ length: Math.ceil(bytes.length / 34) }, (_, at) => (at * 34 + (at % 34)) * 8 + (at % 8)) : Array.from({ length: bytes.length }, (_, at) => at * 8 + (at % 8));
    for (const bit of steps.filter((one) => one < bytes.length * 8)) {
      const report = judge(name, flip(bytes, bit)), wrong = report.checks.filter((check) => !check.ok).map((check) => check.message).join('; ');
      expect([name, bit, report.verdict]).toEqual([name, bit, 'altered']);
      expect([bit, wrong]).toEqual([bit, expect.stringMatching(EXPECTED[name] ?? (name.startsWith('tile/entries') ? /the entries do not have the root|no commitment of 32 bytes/ : new RegExp(name.replaceAll('.', '\\.'))))]);
    }
    expect(judge(name, undefined).verdict).toBe(name === 'checkpoint' ? 'unreadable' : name === 'keys' ? 'intact' : 'altered');
  }
});

import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { canonicalJson, type Json } from '../../../src/kernel/canonical-json.js';
import { sha256Hex } from '../../../src/kernel/digest.js';
import { verifyPack, type PackReport } from '../../../src/domain/evidence/index.js';
import type { PackDocument } from '../../../src/domain/evidence/pack-document.js';
import { commitmentOf, type CanonicalRecord } from '../../../src/domain/ledger/index.js';
import { SIGNATURE_ROOM } from '../../../src/domain/evidence/pdf/signature-field.js';
import { sealFile } from '../../../src/domain/evidence/pdf/seal-file.js';
import { openPackSigner } from '../../../src/platform/crypto/pack-signer.js';
import { asFile } from '../../support/pdf-tools.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { evidenceWorld, packBytes } from '../../support/evidence.js';
import { checkSeal } from '../../../src/domain/evidence/verify/check-seal.js';
import { attachment, flip, regionsOf, withAttachments } from '../../support/tamper.js';

let test_: TestApp, pack: Buffer, other: Buffer, key: string;
beforeAll(async () => {
  test_ = await createTestApp();
  const world = await evidenceWorld(test_.app);
  pack = (await packBytes(test_.app, await world.makeCall({ attempts: 2 }))).bytes;
  other = (await packBytes(test_.app, await world.makeCall())).bytes;
  key = test_.app.ledger.verifierKey();
}, 60_000);
afterAll(async () => { await test_.close(); });

const failed = (report: PackReport): Record<string, string> => Object.fromEntries(report.checks.filter((check) => !check.ok).map((check) => [check.name, check.message]));
const said = (report: PackReport): string => report.checks.map((check) => check.message).join('\n');
/** Judges falsified bytes: they must be seen as altered. */
async function caught(bytes: Buffer): Promise<Record<string, string>> {
  const report = await verifyPack(bytes, { reprint: false });
  expect(report.verdict).toBe('altered');
  return failed(report);
}

test('an untouched pack is intact: every check is made and says in words what it found', async () => {
  const report = await verifyPack(pack, { trustedKey: key });
  expect(failed(report)).toEqual({});
  expect(report.verdict).toBe('intact');
  expect(report.checks.map((check) => check.name)).toEqual(['file', 'byte range', 'seal', 'structure', 'pages', 'attachments', 'pack.json', 'other attachments', 'record commitments', 'log inclusion', 'checkpoint', 'log key', 'charge', 'statements', 'certificate', 'time stamp', 'printed pages']);
  expect(said(report)).toContain('The log key is the one you trust.');
  expect(said(report)).toMatch(/All \d+ pages, printed again from pack\.json, are the pages in the file\./);
  expect(report.cannotProve.join()).toContain('the exact time');
  expect(report.pack).toMatchObject({ kind: 'dispute', records: 6 });
});

test('without a key of one\'s own it says that the key is the pack\'s and has to be compared', async () => {
  expect(said(await verifyPack(pack))).toContain(`Compare it with the published one: ${key}`);
});

test('another key than the trusted one is named, and so is a text that is no key', async () => {
  const stranger = (await createTestApp());
  const report = await verifyPack(pack, { trustedKey: stranger.app.ledger.verifierKey() });
  await stranger.close();
  expect(failed(report)).toEqual({ 'log key': expect.stringContaining('is not the one you trust') });
  expect(failed(await verifyPack(pack, { trustedKey: 'nonsense' }))).toEqual({ 'log key': expect.stringContaining('cannot be compared') });
});

describe('one bit changed', () => {
  test.each([
    ['header', 'structure', 'the header was changed'],
    ['page 2', 'structure', 'the content of page 2'],
    ['page 2', 'pages', 'page 2 was changed'],
    ['pack.json', 'attachments', 'pack.json cannot be read'],
    ['manifest.json', 'attachments', 'manifest.json cannot be read'],
    ['font', 'structure', 'a font: its compressed data is damaged'],
    ['metadata', 'seal', 'the change is in fonts, tags, document information or trailer'],
    ['tags', 'seal', 'the file is not the one that was sealed'],
    ['signature', 'seal', ''],
    ['byte range', 'byte range', 'the byte range'],
    ['table', 'structure', 'table of objects'],
    ['trailer', 'structure', 'trailer'],
  ] as const)('in %s is caught by the check of %s: %s', async (region, check, message) => {
    const { start, end } = regionsOf(pack)[region];
    const middle = region === 'header' ? 10 : Math.floor((start + end) / 2);
    const found = await caught(flip(pack, region === 'trailer' ? start + 2 : middle, 1));
    expect(found[check]).toContain(message);
    expect(found).toHaveProperty(region === 'byte range' ? 'byte range' : 'seal');
  });

  test('anywhere in the seal, its brackets and its padding included, is caught: no bit of it is free', () => {
    const open = pack.indexOf('/Contents <') + '/Contents '.length, close = open + 1 + 2 * SIGNATURE_ROOM;
    const places = [...Array.from({ length: 700 }, (_, index) => open + index * 2 + (index % 2)), close - 4000, close - 1, close, close + 1, open - 3];
    for (const at of places) for (let bit = 0; bit < 8; bit += 1) {
      const finding = checkSeal(flip(pack, at, bit));
      if (finding?.checks.every((check) => check.ok)) throw new Error(`bit ${bit} of byte ${at - open} of the seal is free`);
    }
  }, 60_000);

  test('anywhere else, at random places, is caught', async () => {
    for (let i = 0; i < 60; i += 1) expect(await caught(flip(pack, Math.floor((pack.length * (i + 0.37)) / 60), i % 8))).not.toEqual({});
  }, 120_000);
});

test('appended bytes are counted', async () => {
  expect((await caught(Buffer.concat([pack, Buffer.from('\n% more')])))['file']).toBe('7 bytes were appended after the pack was sealed');
  const update = Buffer.from('9999 0 obj\n<<>>\nendobj\nxref\n0 0\ntrailer\n<< /Prev 1 >>\nstartxref\n1\n%%EOF\n');
  expect((await caught(Buffer.concat([pack, update])))['file']).toContain('were appended');
});

test('a file cut anywhere is called cut, with what is missing; too short a rest is called unreadable', async () => {
  for (const part of [0.999, 0.9, 0.7]) {
    const found = await caught(pack.subarray(0, Math.floor(pack.length * part)));
    expect(found['file']).toMatch(/^the file is cut: \d+ of its \d+ bytes are missing$/);
  }
  for (const rest of [pack.subarray(0, 2000), pack.subarray(0, 3), Buffer.alloc(0), Buffer.from('hello'), pack.subarray(1000)]) expect((await verifyPack(rest)).verdict).toBe('unreadable');
});

test('bytes hidden behind the compressed data of a part are found, though every viewer passes over them', async () => {
  const hidden = withAttachments(pack, { 'pack.json': attachment(pack, 'pack.json') }, Buffer.from('hidden'));
  expect((await caught(hidden))['structure']).toContain('attachment pack.json: its compressed data is damaged');
});

test('a PDF that is no pack is unreadable, not altered', async () => {
  expect(await verifyPack(Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n'))).toMatchObject({ verdict: 'unreadable', checks: [{ ok: false, message: expect.stringContaining('not an evidence pack') }] });
});

test('pack.json of another pack is caught by the manifest, the seal and itself', async () => {
  const found = await caught(withAttachments(pack, { 'pack.json': attachment(other, 'pack.json') }));
  expect(found).toMatchObject({ seal: expect.stringContaining('not the one that was sealed'), attachments: expect.stringContaining('pack.json is not the one the manifest names'), 'pack.json': expect.stringContaining('of another pack') });
  expect(found).not.toHaveProperty('structure');
});

test('all attachments of another pack are caught by the seal and by the pages', async () => {
  const names = ['pack.json', 'records.ndjson', 'proofs.tlog', 'manifest.json'];
  const swapped = withAttachments(pack, Object.fromEntries(names.map((name) => [name, attachment(other, name)])));
  const report = await verifyPack(swapped);
  expect(Object.keys(failed(report)).sort()).toEqual(['printed pages', 'seal']);
  expect(failed(report)['printed pages']).toContain('page 1 does not show what pack.json says');
});

/** Changes pack.json, and puts right what anyone can put right without a key. */
function forged(change: (document: PackDocument) => void, options: { commitments?: boolean } = {}): Buffer {
  const document = JSON.parse(attachment(pack, 'pack.json').toString()) as PackDocument;
  change(document);
  if (options.commitments) for (const record of document.records) record.commitment = commitmentOf({ table: record.table, version: record.version, row: record.row } as CanonicalRecord, Buffer.from(record.salt!, 'hex')).toString('hex');
  const bytes = Buffer.from(canonicalJson(document as Json));
  const manifest = JSON.parse(attachment(pack, 'manifest.json').toString()) as { attachments: { name: string; bytes: number; sha256: string }[] };
  Object.assign(manifest.attachments[0]!, { bytes: bytes.length, sha256: sha256Hex(bytes) });
  return withAttachments(pack, { 'pack.json': bytes, 'manifest.json': Buffer.from(canonicalJson(manifest as Json)) });
}
const call = (document: PackDocument) => document.records.find((record) => record.table === 'calls')!;

test('a changed field with a corrected manifest is caught by the seal and named by the record', async () => {
  const found = await caught(forged((document) => { call(document).row['cost_micros'] = '1'; }));
  expect(found['record commitments']).toMatch(/^EP-[0-9a-f]{12}-0001 \(calls [0-9a-f-]+\) was changed/);
  expect(found).toMatchObject({ seal: expect.any(String), charge: expect.any(String), 'other attachments': expect.stringContaining('records.ndjson') });
  expect(found).not.toHaveProperty('attachments');
});

test('a changed field with a corrected commitment as well is no longer in the log', async () => {
  const found = await caught(forged((document) => { call(document).row['cost_micros'] = '1'; }, { commitments: true }));
  expect(found).not.toHaveProperty('record commitments');
  expect(found['log inclusion']).toMatch(/^EP-[0-9a-f]{12}-0001 is not leaf \d+ of the log/);
});

test.each([
  ['a dropped record', (document: PackDocument) => { document.records.splice(2, 1); }, 'statements', 'the items are not numbered'],
  ['a field too many', (document: PackDocument) => { call(document).row['note'] = 'x'; }, 'record commitments', 'does not have the fields'],
  ['another checkpoint root', (document: PackDocument) => { document.checkpoint.root = 'ab'.repeat(32); }, 'checkpoint', 'states another log, size or root'],
  ['another verifier key', (document: PackDocument) => { document.checkpoint.verifier_key = document.checkpoint.verifier_key.replace(/.{8}$/, 'AAAAAAAA'); }, 'checkpoint', 'not signed by the key'],
  ['a signature moved to another size', (document: PackDocument) => { document.checkpoint.note = document.checkpoint.note.replace(/\n\d+\n/, '\n999\n'); }, 'checkpoint', 'not signed by the key'],
  ['a cheaper price', (document: PackDocument) => { document.charge!.price!.input_micros = '1'; }, 'charge', 'is not the one the pack shows'],
  ['another charge line', (document: PackDocument) => { document.charge!.lines[0]!.cost_micros = '1'; }, 'charge', 'is not the one the pack shows'],
  ['a custody entry made up', (document: PackDocument) => { document.custody[0]!.actor = 'Nobody'; }, 'statements', 'the custody log is not what the audit records say'],
  ['a count made up', (document: PackDocument) => { document.scope.searched[1]!.produced = 9; }, 'statements', 'the scope says 9 records of transfers'],
  ['a transfer left undescribed', (document: PackDocument) => { document.transfers.pop(); }, 'statements', 'the transfers described'],
  ['another subject', (document: PackDocument) => { document.subject.request_id = document.pack.pack_id; }, 'statements', 'is not the call the pack is about'],
  ['another certificate', (document: PackDocument) => { document.seal.certificate_sha256 = 'cd'.repeat(32); }, 'certificate', 'made with another certificate'],
  ['a member the schema does not know', (document: PackDocument) => { Object.assign(document, { extra: 1 }); }, 'pack.json', 'not as its schema says'],
  ['one leaf for two records', (document: PackDocument) => { document.records[1]!.leaf_index = document.records[0]!.leaf_index; }, 'log inclusion', 'two records claim the same leaf'],
])('%s is named', async (_, change, check, message) => {
  const found = await caught(forged(change));
  expect(found[check]).toContain(message);
  expect(found['seal']).toContain('not the one that was sealed');
});

test('a seal made anew by someone else is valid, and is told from the one the pack names', async () => {
  const changed = forged((document) => { document.request.requested_by = 'Someone Else'; });
  const range = /\/ByteRange \[[^\]]*\] */.exec(changed.toString('latin1'))!;
  const contents = changed.indexOf('/Contents <') + '/Contents <'.length;
  changed.fill('0', contents, contents + 2 * SIGNATURE_ROOM, 'latin1');
  changed.write(`/ByteRange [0 ${Array(3).fill('/**********').join(' ')}]`.padEnd(range[0].length), range.index, 'latin1');
  const path = asFile(changed);
  await sealFile(path, openPackSigner(dirname(path), 'Evidence seal of a forger', new Date()));
  const report = await verifyPack(readFileSync(path));
  expect(report.verdict).toBe('altered');
  expect(failed(report)).toEqual({ certificate: expect.stringContaining('made with another certificate') });
});

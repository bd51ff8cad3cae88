import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createEvidence, checkVolumes, verifyBytes, verifyPack, type PackRequest } from '../../../src/domain/evidence/index.js';
import type { PackDocument } from '../../../src/domain/evidence/pack-document.js';
import { sealFile } from '../../../src/domain/evidence/pdf/seal-file.js';
import { SIGNATURE_ROOM } from '../../../src/domain/evidence/pdf/signature-field.js';
import { canonicalJson, type Json } from '../../../src/kernel/canonical-json.js';
import { fixedClock } from '../../../src/kernel/clock.js';
import { sha256Hex } from '../../../src/kernel/digest.js';
import { openPackSigner } from '../../../src/platform/crypto/pack-signer.js';
import { aCall } from '../../fixtures/calls.js';
import { approveAll } from '../../support/approvals.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { evidenceWorld, officer, packBytes, type EvidenceWorld } from '../../support/evidence.js';
import { asFile, output, testWithTools } from '../../support/pdf-tools.js';
import { ok } from '../../support/registry.js';
import { placesOf, ROWS, tableOf, unnamed } from '../../support/tamper-table.js';
import { attachment, flip, withAttachments } from '../../support/tamper.js';
import { startAuthority, type Authority } from '../../support/time-stamp-authority.js';

const stamped = spawnSync('openssl', ['version']).status === 0, clock = fixedClock(new Date());
const packs = new Map<string, Buffer>();
let test_: TestApp, world: EvidenceWorld, tsa: Authority | undefined, other: Buffer;
beforeAll(async () => {
  tsa = stamped ? await startAuthority() : undefined;
  test_ = await createTestApp({ clock, ...(tsa ? { env: { HOLDFAST_TSA_URL: tsa.url } } : {}) });
  world = await evidenceWorld(test_.app);
  const from = clock.now(), requestId = await world.makeCall({ attempts: 2 });
  await world.makeCall({ accountId: 'kuhn' });
  clock.advance(1_000);
  const until = clock.now(), legal = { authority: 'Amtsgericht Köln', instrument: '7 O 12/26', servedOn: '2026-11-20', dueOn: '2026-11-30', articles: 'StPO 100k' };
  const common = { purpose: 'lawful_cooperation', language: 'en' } as const;
  const make = async (name: string, request: Partial<PackRequest>): Promise<void> => { packs.set(name, readFileSync(ok(await test_.app.evidence.makePack(officer, { ...common, kind: name as PackRequest['kind'], ...request })).path)); };
  await make('dispute', { requestId });
  await make('scheme_exhibit', { requestId });
  await make('lawful_request', { accountId: 'acme', legal });
  await make('subject_access', { accountId: 'acme' });
  await make('audit_period', { from, until });
  await make('custom', { from, until, accountId: 'acme', redact: ['session_id'] });
  other = (await packBytes(test_.app, await world.makeCall())).bytes;
  // A pack that needs volumes: a master and two files with the records.
  clock.advance(60_000);
  const begin = clock.now(), evidence = createEvidence({ ...test_.app, volumeRows: 4 });
  await test_.app.ledger.createRecorder('bulk').write(Array.from({ length: 6 }, () => aCall(clock.now(), { account_id: 'acme', price_id: world.priceId })));
  const packId = ok(await test_.app.act(officer, (tx) => evidence.requestPack(tx, { ...common, kind: 'audit_period', from: begin, until: new Date(begin.getTime() + 1_000), dataTypes: ['api_call_metadata'] })));
  await test_.app.ledger.sealOnce();
  await evidence.assemblePack(packId);
  for (const [number, name] of ['master', 'volume 1', 'volume 2'].entries()) packs.set(name, readFileSync((await evidence.packFile(packId, number))!.path));
  clock.advance(4 * 366 * 86_400_000);
  const runId = ok(await test_.app.act(officer, (tx) => test_.app.retention.planPurge(tx, 'api_call_metadata', 'test')));
  await approveAll(test_.app);
  await test_.app.retention.runPurge(runId);
  await make('purge_certificate', { kind: 'purge_certificate', runId });
}, 120_000);
afterAll(async () => { await test_.close(); await tsa?.close(); });

/** Failed checks by name; the verdict must not be "intact". */
async function judge(bytes: Buffer): Promise<Record<string, string>> {
  const report = await verifyPack(bytes, { reprint: false });
  expect(report.verdict).not.toBe('intact');
  return Object.fromEntries(report.checks.filter((check) => !check.ok).map((check) => [check.name, check.message]));
}

test('packs of every kind are intact before anything is done to them', async () => {
  expect([...packs.keys()].sort()).toEqual(['audit_period', 'custom', 'dispute', 'lawful_request', 'master', 'purge_certificate', 'scheme_exhibit', 'subject_access', 'volume 1', 'volume 2']);
  for (const [name, bytes] of packs) expect([name, (await verifyPack(bytes, { reprint: false })).checks.filter((check) => !check.ok)]).toEqual([name, []]);
});

test.each(['dispute', 'scheme_exhibit', 'lawful_request', 'subject_access', 'audit_period', 'custom', 'purge_certificate', 'master', 'volume 1'])('one bit changed in any part of a pack (%s) is caught and named', async (kind) => {
  const pack = packs.get(kind)!, many = kind === 'dispute', missed: string[] = [], rows = new Set<string>();
  const places = placesOf(pack, (row) => (many ? (/page/.test(row) ? 2 : 5) : /page/.test(row) ? 1 : 2));
  for (const place of places) {
    rows.add(place.row);
    const problem = unnamed(place, await judge(flip(pack, place.at, place.bit)));
    if (problem !== undefined) missed.push(problem);
  }
  expect(missed).toEqual([]);
  // Nothing of the table is left untried; without openssl there is no time stamp.
  expect([...rows].sort()).toEqual(ROWS.map((row) => row.part).filter((part) => stamped || part !== 'the time stamp').sort());
}, 60_000);

describe('what a change of one bit in a part that no digest of its own covers is called', () => {
  test.each(['a tag', 'the tags', 'a bookmark', 'the document information', 'a page (size, resources)', 'the entry of an attachment'])('%s is named by the pack printed again, or by the structure', async (row) => {
    const pack = packs.get('dispute')!, name = { 'a page (size, resources)': 'page \\d+', 'the entry of an attachment': 'the entry of (?:an )?attachment(?: [a-z.]+)?' }[row] ?? row;
    for (const place of placesOf(pack, () => 1).filter((one) => one.row === row).slice(0, 1)) {
      const report = await verifyPack(flip(pack, place.at, place.bit)), said = report.checks.filter((check) => !check.ok).map((check) => check.message).join('; ');
      expect(said).toMatch(new RegExp(`${name} is not as the pack is printed|part \\d+ of the document: |${name}: |page \\d+ was changed|the document has|list of attachments was changed`));
    }
  });
});

/** Changes pack.json and puts right what anyone can put right without a key. */
function forged(pack: Buffer, change: (document: PackDocument) => void): Buffer {
  const document = JSON.parse(attachment(pack, 'pack.json').toString()) as PackDocument;
  change(document);
  const bytes = Buffer.from(canonicalJson(document as Json)), manifest = JSON.parse(attachment(pack, 'manifest.json').toString()) as { attachments: { bytes: number; sha256: string }[] };
  Object.assign(manifest.attachments[0]!, { bytes: bytes.length, sha256: sha256Hex(bytes) });
  return withAttachments(pack, { 'pack.json': bytes, 'manifest.json': Buffer.from(canonicalJson(manifest as Json)) });
}

/** The seal taken off and made anew with a key of somebody else. */
async function sealedAnew(pack: Buffer): Promise<Buffer> {
  const bare = Buffer.from(pack), range = /\/ByteRange \[[^\]]*\] */.exec(bare.toString('latin1'))!, contents = bare.indexOf('/Contents <') + '/Contents <'.length;
  bare.fill('0', contents, contents + 2 * SIGNATURE_ROOM, 'latin1');
  bare.write(`/ByteRange [0 ${Array(3).fill('/**********').join(' ')}]`.padEnd(range[0].length), range.index, 'latin1');
  const path = asFile(bare);
  await sealFile(path, openPackSigner(dirname(path), 'Evidence seal of a forger', new Date()));
  return readFileSync(path);
}

const names = ['pack.json', 'records.ndjson', 'proofs.tlog', 'manifest.json'];
const withoutRecord = (pack: Buffer): Buffer => forged(pack, (document) => { document.records.splice(1, 1); });
interface Deed { readonly what: string; readonly says: string; readonly to: readonly string[]; readonly done: (pack: Buffer) => Buffer | Promise<Buffer>; readonly check: string; readonly message: RegExp }
const every = ['dispute', 'scheme_exhibit', 'lawful_request', 'subject_access', 'audit_period', 'custom', 'purge_certificate', 'master', 'volume 1'];
const DEEDS: readonly Deed[] = [
  { what: 'bytes appended', says: 'file: 7 bytes were appended after the pack was sealed', to: every, done: (pack) => Buffer.concat([pack, Buffer.from('\n% more')]), check: 'file', message: /^7 bytes were appended after the pack was sealed$/ },
  { what: 'bytes put into the middle', says: 'file: bytes were put into it', to: every, done: (pack) => Buffer.concat([pack.subarray(0, pack.length >> 1), Buffer.from('xyz'), pack.subarray(pack.length >> 1)]), check: 'file', message: /bytes were put into it/ },
  { what: 'the file cut', says: 'file: the file is cut: so many of its bytes are missing', to: every, done: (pack) => pack.subarray(0, Math.floor(pack.length * 0.9)), check: 'file', message: /^the file is cut: \d+ of its \d+ bytes are missing$/ },
  { what: 'a record dropped, the manifest made to fit', says: 'statements: the items are not numbered one after the other', to: ['dispute', 'lawful_request', 'subject_access', 'audit_period', 'volume 1'], done: withoutRecord, check: 'statements', message: /the items are not numbered one after the other/ },
  { what: 'a record dropped, and the seal made anew by somebody else', says: 'statements, and certificate: made with another certificate than the pack names', to: ['dispute'], done: (pack) => sealedAnew(withoutRecord(pack)), check: 'certificate', message: /made with another certificate/ },
  { what: 'a record changed, the manifest made to fit', says: 'record commitments: the record that was changed', to: ['dispute', 'audit_period', 'volume 1'], done: (pack) => forged(pack, (document) => { document.records.find((one) => one.table === 'calls')!.row['cost_micros'] = '1'; }), check: 'record commitments', message: /EP-[0-9a-f]{12}-\d+ \(calls [0-9a-f-]+\) was changed/ },
  { what: "one attachment exchanged for another pack's", says: 'attachments: records.ndjson is not the one the manifest names', to: every, done: (pack) => withAttachments(pack, { 'records.ndjson': attachment(other, 'records.ndjson') }), check: 'attachments', message: /records\.ndjson is not the one the manifest names/ },
  { what: "all attachments exchanged for another pack's", says: 'seal, and printed pages: page 1 does not show what pack.json says', to: ['dispute'], done: (pack) => withAttachments(pack, Object.fromEntries(names.map((name) => [name, attachment(other, name)]))), check: 'printed pages', message: /page 1 does not show what pack\.json says/ },
  { what: 'the seal replaced by one of somebody else', says: 'certificate: made with another certificate than the pack names', to: every, done: sealedAnew, check: 'certificate', message: /the seal was made with another certificate/ },
  { what: 'the certificate of a purge changed in the pack', says: 'purge certificate: the key beside it did not sign this', to: ['purge_certificate'], done: (pack) => forged(pack, (document) => { document.purge!.body['rows_deleted'] = '0'; }), check: 'purge certificate', message: /the key beside it did not sign this; the certificate says 0 rows were removed/ },
  { what: 'the certificate of a purge left out', says: 'purge certificate: it was left out', to: ['purge_certificate'], done: (pack) => forged(pack, (document) => { document.purge = null; }), check: 'purge certificate', message: /it was left out/ },
];
const VOLUMES = [['a volume exchanged under its master', 'volumes: it is not the volume 2 that the master names'], ['a volume of another pack put beside the master', 'volumes: it is a volume of another pack'], ['a volume held back', 'all volumes: volume 2 was not given: nothing is said about it'], ['everything made anew by somebody with a key and a log of their own', 'log key, when the key you trust is given (`--trusted-key`); nothing else can tell']] as const;

test.each(DEEDS)('$what: it is caught and named', async ({ to, done, check, message }) => {
  for (const kind of to) {
    const report = await verifyPack(await done(packs.get(kind)!), { reprint: check === 'printed pages' });
    expect([kind, report.verdict]).toEqual([kind, 'altered']);
    expect([kind, report.checks.find((one) => one.name === check && !one.ok)?.message]).toEqual([kind, expect.stringMatching(message)]);
  }
}, 60_000);

test('volumes are checked against their master: exchanged, of another pack, held back', async () => {
  const file = async (name: string, bytes = packs.get(name)!) => ({ name, ...await verifyBytes(bytes, { reprint: false }) });
  const [master, one, two] = [await file('master'), await file('volume 1'), await file('volume 2')];
  expect(checkVolumes([master, one, two])).toMatchObject([{ verdict: 'intact' }]);
  const failed = (files: Parameters<typeof checkVolumes>[0]) => checkVolumes(files)[0]!.checks.filter((check) => !check.ok).map((check) => `${check.name}: ${check.message}`).join();
  expect(failed([master, one, await file('a forged volume', await sealedAnew(packs.get('volume 2')!))])).toMatch(/^volumes: a forged volume is not the volume 2 that the master names: its SHA-256 is [0-9a-f]{64}/);
  const strange = { ...two, name: 'strange.pdf', pack: { ...two.pack!, packId: '0193c1a2-0000-7000-8000-000000000001' } };
  expect(failed([master, one, two, strange])).toContain('volumes: strange.pdf is a volume of another pack');
  expect(failed([master, one])).toMatch(/^all volumes: volume 2 \(.*\) was not given: nothing is said about it$/);
  expect(checkVolumes([one, two])).toEqual([]);
});

test('the certificate of a purge in a file of its own is verified, and each change to it named', async () => {
  const { purge } = JSON.parse(attachment(packs.get('purge_certificate')!, 'pack.json').toString()) as PackDocument, body = purge!.body as Record<string, Json>;
  const file = { certificate_id: purge!.certificate_id, run_id: body['run_id']!, issued_at: body['issued_at']!, body, body_digest: sha256Hex(canonicalJson(body)), signature: purge!.signature, public_key: purge!.public_key };
  const judged = (changed: object) => verifyBytes(Buffer.from(`${JSON.stringify({ ...file, ...changed }, null, 2)}\n`), { reprint: false });
  expect(await judged({})).toMatchObject({ kind: 'purge certificate', verdict: 'intact', answer: [expect.stringContaining('rows of api_call_metadata')] });
  for (const [changed, message] of [[{ body: { ...body, rows_deleted: '0' } }, 'the key beside it did not sign this'], [{ body_digest: 'ab'.repeat(32) }, 'the digest beside the certificate is not its own'], [{ run_id: purge!.certificate_id }, 'run_id beside the certificate'], [{ certificate_id: file.run_id }, 'another than its number says']] as const) {
    const report = await judged(changed);
    expect([report.verdict, report.checks.filter((check) => !check.ok).map((check) => check.message).join()]).toEqual(['altered', expect.stringContaining(message)]);
  }
  expect(await judged({ signature: 'x' })).toMatchObject({ verdict: 'unreadable' });
  expect(await verifyBytes(Buffer.from(JSON.stringify(file)), { reprint: false, kind: 'proof' })).toMatchObject({ verdict: 'unreadable', checks: [{ message: 'this is the certificate of a purge, not a proof' }] });
});

test('a pack made anew by somebody with a key and a log of their own is told by the key one trusts, and by nothing else', async () => {
  expect(await verifyPack(packs.get('dispute')!, { reprint: false, trustedKey: test_.app.ledger.verifierKey() })).toMatchObject({ verdict: 'intact' });
  const report = await verifyPack(packs.get('dispute')!, { reprint: false, trustedKey: 'holdfast.local/log+00000000+AAAA' });
  expect(report.checks.filter((check) => !check.ok).map((check) => check.name)).toEqual(['log key']);
});

testWithTools(['pdfsig', 'qpdf'], 'tools we did not write see it as well: pdfsig the digest, what was appended and a file cut', async () => {
  const pack = packs.get('dispute')!, place = placesOf(pack, () => 1).find((one) => one.row === 'the content of a page')!;
  const tool = (bytes: Buffer): string => { try { return output('pdfsig', asFile(bytes)); } catch (error) { return String(error); } };
  expect(tool(pack)).toContain('Signature is Valid.');
  expect(tool(flip(pack, place.at, place.bit))).toContain('Digest Mismatch');
  expect(tool(Buffer.concat([pack, Buffer.from('\n% more')]))).toMatch(/Not total document signed|Signature is Valid/);
  expect(tool(pack.subarray(0, Math.floor(pack.length * 0.9)))).not.toContain('Signature is Valid.');
  for (const [name, bytes] of packs) expect([name, output('qpdf', '--check', asFile(bytes))]).toEqual([name, expect.stringContaining('No syntax or stream encoding errors')]);
  await Promise.resolve();
});

test('docs/verification.md has this table (UPDATE_MANUAL=1 npm test -- tamper-table renews it)', () => {
  const file = 'docs/verification.md', manual = readFileSync(file, 'utf8');
  const renewed = manual.replace(/(<!-- from the test: tamper table -->)[\s\S]*?(<!-- end -->)/, (_, head: string, tail: string) => `${head}\n${tableOf([...DEEDS.map(({ what, says }) => [what, says] as const), ...VOLUMES])}\n${tail}`);
  if (process.env['UPDATE_MANUAL'] === '1') writeFileSync(file, renewed);
  expect(readFileSync(file, 'utf8')).toBe(renewed);
  expect(manual).toContain('<!-- from the test: tamper table -->');
});

import { readFileSync } from 'node:fs';
import type { PackDocument } from '../../../src/domain/evidence/pack-document.js';
import { createEvidence, verifyPack, type PackRequest } from '../../../src/domain/evidence/index.js';
import { fixedClock } from '../../../src/kernel/clock.js';
import { aCall } from '../../fixtures/calls.js';
import { assertPdfA3 } from '../../support/assert-pdfa3.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { evidenceWorld, officer, type EvidenceWorld } from '../../support/evidence.js';
import { asFile, output, testWithTools } from '../../support/pdf-tools.js';
import { ok, person } from '../../support/registry.js';
import { attachment } from '../../support/tamper.js';
import { PdfRef } from '../../../src/domain/evidence/verify/pdf-values.js';
import { readPdf } from '../../../src/domain/evidence/verify/read-pdf.js';

const clock = fixedClock(new Date());
let test_: TestApp, world: EvidenceWorld, start: Date;
beforeAll(async () => {
  test_ = await createTestApp({ clock });
  world = await evidenceWorld(test_.app);
  start = clock.now();
  for (const accountId of ['acme', 'acme', 'acme', 'kuhn']) { await world.makeCall({ accountId, sessionId: 'a-secret-session' }); clock.advance(1_000); }
});
afterAll(async () => { await test_.close(); });

const common = { purpose: 'lawful_cooperation', language: 'en', reason: 'Which calls were made?' } as const satisfies Partial<PackRequest>;
const legal = { authority: 'Amtsgericht Köln', instrument: '7 O 12/26', servedOn: '2026-11-20', dueOn: '2026-11-30', articles: 'StPO 100k' };
async function make(request: Partial<PackRequest>): Promise<{ packId: string; bytes: Buffer; document: PackDocument }> {
  const { packId, path } = ok(await test_.app.evidence.makePack(officer, { ...common, ...request }));
  const bytes = readFileSync(path);
  return { packId, bytes, document: JSON.parse(attachment(bytes, 'pack.json').toString()) as PackDocument };
}
const refusal = (request: Partial<PackRequest>) => test_.app.act(officer, (tx) => test_.app.evidence.requestPack(tx, { ...common, ...request }));
const count = (document: PackDocument, table: string): number => document.records.filter((record) => record.table === table).length;

test('each kind says what it needs', async () => {
  expect(await refusal({ kind: 'nonsense' as never })).toMatchObject({ code: 'invalid_request', field: 'kind' });
  expect(await refusal({ kind: 'lawful_request', accountId: 'acme' })).toMatchObject({ code: 'invalid_request', field: 'legal' });
  expect(await refusal({ kind: 'lawful_request', legal })).toMatchObject({ code: 'invalid_request', field: 'accountId' });
  expect(await refusal({ kind: 'subject_access', accountId: 'nobody' })).toMatchObject({ code: 'not_found', field: 'accountId' });
  expect(await refusal({ kind: 'audit_period', from: start })).toMatchObject({ code: 'invalid_request', field: 'until' });
  expect(await refusal({ kind: 'audit_period', from: start, until: start })).toMatchObject({ code: 'invalid_request', field: 'until' });
  expect(await refusal({ kind: 'purge_certificate', runId: '01999d5e-7b3c-7000-8000-000000000000' })).toMatchObject({ code: 'not_found', field: 'runId' });
  expect(await refusal({ kind: 'audit_period', from: start, until: new Date(start.getTime() + 1), redact: ['cost_micros'] })).toMatchObject({ code: 'invalid_request', field: 'redact' });
  expect(await refusal({ kind: 'subject_access', accountId: 'acme', reason: 'card 4111 1111 1111 1111' })).toMatchObject({ code: 'invalid_request', field: 'reason' });
});

test.each([
  ['lawful_request', () => ({ accountId: 'acme', legal, caseNumber: 'L-2026-0001' }), 3],
  ['subject_access', () => ({ accountId: 'acme' }), 3],
  ['audit_period', () => ({ from: start, until: clock.now() }), 4],
  ['custom', () => ({ from: start, until: clock.now(), accountId: 'kuhn', dataTypes: ['third_party_call_records'] as const }), 0],
] as const)('a pack of kind %s holds what its query finds, keeps the rules of PDF/A-3a and is intact', async (kind, selectors, calls) => {
  const { bytes, document, packId } = await make({ kind, ...selectors() });
  assertPdfA3(bytes);
  expect((await verifyPack(bytes, { reprint: kind === 'lawful_request' })).checks.filter((check) => !check.ok)).toEqual([]);
  expect(document.pack).toMatchObject({ kind, template: `evidence-pack/v1/${kind}` });
  expect(count(document, 'calls')).toBe(calls);
  expect(document.charge).toBeNull();
  const row = (await test_.app.evidence.findPack(packId))!;
  expect(row.snapshot).toMatchObject({ ids_sha256: document.scope.snapshot.ids_sha256, counts: document.scope.snapshot.counts });
});

test('other customers are in no pack about one account', async () => {
  for (const kind of ['lawful_request', 'subject_access'] as const) {
    const { bytes } = await make({ kind, accountId: 'acme', legal });
    for (const name of ['pack.json', 'records.ndjson']) expect(attachment(bytes, name).toString()).not.toMatch(/kuhn|库恩/);
  }
});

testWithTools(['pdftotext', 'pdfinfo'], 'an exhibit for a card scheme is short, grey, small and plainly named', async () => {
  const requestId = await world.makeCall({ attempts: 2, sessionId: 'a-secret-session' });
  const { bytes, packId } = await make({ kind: 'scheme_exhibit', requestId });
  assertPdfA3(bytes);
  expect(await verifyPack(bytes)).toMatchObject({ verdict: 'intact' });
  expect(Number(/Pages:\s+(\d+)/.exec(output('pdfinfo', asFile(bytes)))![1])).toBeLessThanOrEqual(19);
  expect(bytes.length).toBeLessThan(1_000_000);
  expect((await test_.app.evidence.packFile(packId))!.name).toMatch(/^EX[0-9a-f]{10}\.pdf$/);
  const colours = [...contents(bytes).matchAll(/([\d.]+) ([\d.]+) ([\d.]+) rg/g)];
  expect(colours.length).toBeGreaterThan(50);
  for (const [, red, green, blue] of colours) expect([green, blue]).toEqual([red, red]);
  expect(output('pdftotext', asFile(bytes), '-')).not.toContain('a-secret-session');
});

test('what was taken out is in no byte of the file, is listed, and the record is still known to be in the log', async () => {
  const { bytes, document } = await make({ kind: 'audit_period', from: start, until: clock.now(), redact: ['session_id', 'actor_name', 'actor_id'], language: 'en' });
  const everything = `${bytes.toString('latin1')}\n${contents(bytes)}\n${['pack.json', 'records.ndjson', 'proofs.tlog', 'manifest.json'].map((name) => attachment(bytes, name).toString()).join('\n')}`;
  for (const value of ['a-secret-session', 'Mara Lindqvist', officer.id]) {
    expect(everything).not.toContain(value);
    expect(everything).not.toContain(Buffer.from(value, 'utf16le').swap16().toString('latin1'));
  }
  expect(document.redactions).toEqual(expect.arrayContaining([{ field: 'calls.session_id', records: count(document, 'calls'), ground: 'officer' }, { field: 'audit_records.actor_name', records: count(document, 'audit_records'), ground: 'officer' }]));
  for (const record of document.records.filter((one) => one.table === 'calls')) expect(record).toMatchObject({ salt: null, redacted: ['session_id'] });
  const report = await verifyPack(bytes, { reprint: false });
  expect(report.verdict).toBe('intact');
  expect(report.checks.find((check) => check.name === 'record commitments')!.message).toMatch(/From \d+ records fields were taken out: their commitments are in the log/);
});

test('the last gate stops a card number, a key and a value that is only half taken out', async () => {
  for (const [sessionId, what] of [['4111-1111-1111-1111', 'a card number'], [`sk-${'a1B2'.repeat(8)}`, 'an API key'], ['-----BEGIN PRIVATE KEY-----', 'a private key']] as const) {
    const requestId = await world.makeCall({ sessionId });
    expect(await test_.app.evidence.makePack(officer, { ...common, requestId })).toMatchObject({ code: 'conflict', message: expect.stringContaining(`session_id holds ${what}`) });
    expect((await test_.app.evidence.makePack(officer, { ...common, requestId, redact: ['session_id'] }))).toHaveProperty('path');
  }
  const requestId = await world.makeCall({ sessionId: 'req_openai_7' });
  expect(await test_.app.evidence.makePack(officer, { ...common, requestId, redact: ['session_id'] })).toMatchObject({ code: 'conflict', message: expect.stringContaining('a value that was to be taken out') });
});

test('a query run again finds the same; a new record, a changed and a vanished one are named with the reason', async () => {
  clock.advance(60_000);
  const from = clock.now();
  const kept = await world.makeCall();
  const vanishing = await world.makeCall();
  clock.advance(1_000);
  const until = new Date(clock.now().getTime() + 60_000);
  const { packId } = await make({ kind: 'audit_period', from, until, dataTypes: ['api_call_metadata'] });
  expect(await test_.app.evidence.comparePack(officer, packId)).toMatchObject({ same: true, records: 2, byRecord: true, differences: [] });
  const added = await world.makeCall();
  await test_.app.ledger.sealOnce();
  const client = await test_.app.database.pool.connect();
  try {
    await client.query("SET session_replication_role = 'replica'");
    await client.query('UPDATE calls SET cost_micros = 1 WHERE request_id = $1', [kept]);
    await client.query('DELETE FROM calls WHERE request_id = $1', [vanishing]);
  } finally { await client.query("SET session_replication_role = 'origin'"); client.release(); }
  const comparison = ok(await test_.app.evidence.comparePack(officer, packId));
  expect(comparison).toMatchObject({ same: false, counts: { new: 1, changed: 1, missing: 1, purged: 0 }, summary: expect.stringContaining('1 missing, 1 new, 1 changed') });
  expect(comparison.differences).toEqual(expect.arrayContaining([{ table: 'calls', id: kept, what: 'changed' }, { table: 'calls', id: vanishing, what: 'missing' }, { table: 'calls', id: added, what: 'new' }]));
  expect(await test_.app.evidence.comparePack(person('administrator'), packId)).toMatchObject({ code: 'forbidden' });
});

test('more records than a file holds become volumes, and the master names the digest of each; a killed assembly goes on', async () => {
  clock.advance(60_000);
  const from = clock.now(), volumeRows = 40, rows = volumeRows + 3, evidence = createEvidence({ ...test_.app, volumeRows });
  const recorder = test_.app.ledger.createRecorder('bulk');
  await recorder.write(Array.from({ length: rows }, () => aCall(clock.now(), { account_id: 'acme', price_id: world.priceId })));
  await test_.app.ledger.sealOnce();
  const request = { ...common, kind: 'audit_period', from, until: new Date(from.getTime() + 1_000), dataTypes: ['api_call_metadata'], language: 'en' } as const;
  const packId = ok(await test_.app.act(officer, (tx) => evidence.requestPack(tx, request)));
  await test_.app.ledger.sealOnce();
  await evidence.assemblePack(packId);
  const row = (await evidence.findPack(packId))!, master = readFileSync((await evidence.packFile(packId))!.path);
  expect(row).toMatchObject({ state: 'ready', volumes: 2, snapshot: { counts: { calls: rows } } });
  const { volumes, pack } = JSON.parse(attachment(master, 'pack.json').toString()) as PackDocument;
  expect(pack.volume).toEqual({ number: 0, of: 2 });
  expect(volumes.map((one) => one.records)).toEqual([volumeRows, 3]);
  for (const { number, sha256, file } of volumes) {
    const found = (await evidence.packFile(packId, number))!;
    expect(found).toMatchObject({ sha256, name: file });
  }
  expect((await verifyPack(master)).checks.filter((check) => !check.ok)).toEqual([]);
  const second = readFileSync((await evidence.packFile(packId, 2))!.path);
  expect((await verifyPack(second, { reprint: false })).checks.filter((check) => !check.ok)).toEqual([]);
  // As after kill -9 between the volumes and the master: what is finished is taken over, byte for byte.
  await test_.app.database.pool.query("UPDATE evidence_packs SET state = 'assembling', ready_at = NULL, sha256 = NULL, bytes = NULL, pages = NULL WHERE pack_id = $1", [packId]);
  await evidence.assemblePack(packId);
  expect((await evidence.packFiles(packId)).slice(1).map((one) => one.sha256)).toEqual(volumes.map((one) => one.sha256));
  expect(await evidence.findPack(packId)).toMatchObject({ state: 'ready' });
});

/** Every stream of the file, decompressed. */
function contents(bytes: Buffer): string {
  const pdf = readPdf(bytes);
  return [...pdf.objects.values()].filter((object) => object.stream).map((object) => pdf.streamOf(new PdfRef(object.id))!.toString('latin1')).join('\n');
}

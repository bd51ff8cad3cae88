import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { verifyPack } from '../../../src/domain/evidence/index.js';
import type { PackDocument } from '../../../src/domain/evidence/pack-document.js';
import { renderPack } from '../../../src/domain/evidence/render-pack.js';
import { checkCommands } from '../../../src/domain/evidence/sections/verify.js';
import { parseLogProof, verifyLogProof } from '../../../src/domain/ledger/index.js';
import { sha256Hex } from '../../../src/kernel/digest.js';
import { aCall } from '../../fixtures/calls.js';
import { assertPdfA3 } from '../../support/assert-pdfa3.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { evidenceWorld, packBytes, type EvidenceWorld } from '../../support/evidence.js';
import { asFile, output, testWithTools } from '../../support/pdf-tools.js';
import { attachment } from '../../support/tamper.js';

const STRANGE = 'سلام שלום 中文 😀👨‍👩‍👧 nul-free \u202E\u2066bidi\u2069 a\u0301\u0302 </x>&amp; \\u{41} \u{10FFFF}';
let test_: TestApp, world: EvidenceWorld, requestId: string, otherId: string;
const packs = new Map<string, Buffer>();
beforeAll(async () => {
  test_ = await createTestApp({ env: { HOLDFAST_PUBLIC_URL: 'https://gateway.example.test' } });
  world = await evidenceWorld(test_.app);
  requestId = await world.makeCall({ attempts: 2, sessionId: STRANGE });
  otherId = await world.makeCall({ accountId: 'kuhn', sessionId: 'the other customer' });
  for (const language of ['en', 'zh', 'both'] as const) packs.set(language, (await packBytes(test_.app, requestId, language, `Charge and whereabouts? ${STRANGE}`)).bytes);
}, 60_000);
afterAll(async () => { await test_.close(); });

const en = (): Buffer => packs.get('en')!;
const documentOf = (bytes: Buffer): PackDocument => JSON.parse(attachment(bytes, 'pack.json').toString()) as PackDocument;

test.each(['en', 'zh', 'both'])('a pack in %s keeps the rules of PDF/A-3a and PDF/UA-1 and is intact', async (language) => {
  assertPdfA3(packs.get(language)!);
  expect(await verifyPack(packs.get(language)!)).toMatchObject({ verdict: 'intact' });
});

test('pack.json holds the call, its transfers and outcomes, the charge, the terms and confirmations, the retention and the custody', () => {
  const document = documentOf(en());
  expect(document.records.map((record) => record.table)).toEqual(['calls', 'transfers', 'transfer_outcomes', 'transfers', 'transfer_outcomes', 'audit_records']);
  expect(document.subject).toMatchObject({ request_id: requestId, account: { account_id: 'acme', name: 'Acme GmbH', jurisdiction: 'DE' } });
  expect(document.operator).toEqual({ name: 'Example Gateway Ltd', jurisdiction: 'SG', contact: 'privacy@example.test' });
  expect(document.charge).toMatchObject({ recorded_micros: '5360', total_micros: '5360', agrees: true, currency: 'USD', price: { price_id: world.priceId },
    lines: [{ bucket: 'input', units: '1200', cost_micros: '2400' }, { bucket: 'cache_read', units: '800', cost_micros: '160' }, { bucket: 'output', units: '350', cost_micros: '2800' }] });
  expect(document.transfers).toHaveLength(2);
  expect(document.transfers[0]).toMatchObject({ terms: { version: '2026-01-01', trains_on_inputs: false, retention_days: 30 }, confirmations: [{ confirmation_id: world.confirmationId, basis: 'standard-contract', confirmed_by: 'dpo@acme.test' }] });
  expect(document.retention.map((one) => [one.data_type, one.policy?.keep, one.holds.length])).toEqual([['api_call_metadata', 'P12M', 1], ['third_party_call_records', 'P3Y', 1]]);
  expect(document.custody).toMatchObject([{ actor: 'Mara Lindqvist', action: 'pack.request', purpose: 'dispute_resolution' }]);
  expect(document.scope.gaps).toEqual([]);
  expect(document.checkpoint.published_at).toBe('https://gateway.example.test/log/');
  expect(documentOf(packs.get('both')!).custody.map((one) => one.action)).toEqual(['pack.request', 'pack.assemble', 'pack.request', 'pack.assemble', 'pack.request']);
});

test('what a hold is about, other customers and secrets are nowhere in it', () => {
  for (const name of ['pack.json', 'records.ndjson', 'proofs.tlog', 'manifest.json']) {
    const text = attachment(en(), name).toString();
    for (const secret of ['Case 4711', 'kuhn', 'the other customer', otherId, 'PRIVATE KEY']) expect(text).not.toContain(secret);
  }
});

test('proofs.tlog holds a C2SP proof of each record that verifies with the published key', () => {
  const { records } = documentOf(en());
  const proofs = attachment(en(), 'proofs.tlog').toString().split(/\n(?=c2sp\.org\/tlog-proof@v1\n)/);
  expect(proofs).toHaveLength(records.length);
  for (const [index, text] of proofs.entries()) {
    expect(verifyLogProof(text, Buffer.from(records[index]!.commitment, 'hex'), test_.app.ledger.verifierKey()).index.toString()).toBe(records[index]!.leaf_index);
    expect(parseLogProof(text).extra!.toString('hex')).toBe(records[index]!.salt);
  }
});

test('the same document makes the same bytes before the seal', async () => {
  const [a, b] = [join(test_.home, 'a.pdf'), join(test_.home, 'b.pdf')];
  await Promise.all([renderPack(documentOf(en()), a), renderPack(documentOf(en()), b)]);
  expect(readFileSync(a).equals(readFileSync(b))).toBe(true);
});

test('a refused call without transfers, and one without a valid credential, have packs too', async () => {
  const refused = aCall(test_.app.clock.now(), { status: 'refused', http_status: 401, refusal_code: 'unauthenticated', account_id: null, key_id: null, account_seq: null, attempts: 0, provider_id: null, served_model: null,
    usage_input: 0n, usage_cache_read: 0n, usage_output: 0n, usage_reasoning: 0n, usage_source: 'none', cost_micros: 0n, currency: null, first_byte_ms: null, model: null, protocol: null });
  await test_.app.ledger.createRecorder('test').write([refused]);
  const { bytes } = await packBytes(test_.app, refused.row.request_id!, 'both');
  assertPdfA3(bytes);
  expect(await verifyPack(bytes)).toMatchObject({ verdict: 'intact' });
  expect(documentOf(bytes)).toMatchObject({ subject: { account: null }, transfers: [], charge: { price: null, lines: [] }, retention: [{ data_type: 'api_call_metadata' }] });
});

test('what is missing is counted as a gap: an attempt without a transfer, a transfer without an outcome, terms not on file', async () => {
  const at = test_.app.clock.now();
  const { aTransfer } = await import('../../fixtures/calls.js');
  const call = aCall(at, { attempts: 2, price_id: world.priceId });
  await test_.app.ledger.createRecorder('test').write([call, aTransfer(call, { terms_version: 'unknown', confirmation_ids: [] })]);
  const { bytes } = await packBytes(test_.app, call.row.request_id!);
  expect(documentOf(bytes).scope.gaps).toEqual([{ gap: 'transfers_missing', count: 1 }, { gap: 'outcome_missing', count: 1 }, { gap: 'terms_unknown', count: 1 }]);
  expect(await verifyPack(bytes)).toMatchObject({ verdict: 'intact' });
});

test('a recorded charge that does not follow from usage and price is shown as such, on the page and by the verifier; the pack is intact', async () => {
  const call = aCall(test_.app.clock.now(), { price_id: world.priceId, cost_micros: 9_999n });
  await test_.app.ledger.createRecorder('test').write([call]);
  const { bytes } = await packBytes(test_.app, call.row.request_id!);
  expect(documentOf(bytes).charge).toMatchObject({ recorded_micros: '9999', total_micros: '5360', agrees: false });
  const report = await verifyPack(bytes);
  expect(report.verdict).toBe('intact');
  expect(report.checks.find((check) => check.name === 'charge')!.message).toContain('the recorded charge (9999) does NOT follow from the recorded usage and the price (5360)');
});

testWithTools(['pdftotext', 'pdfinfo'], 'the pages say it: cover, not qualified, manifest, every section, the record as it was written', async () => {
  const path = asFile(en());
  const text = output('pdftotext', '-layout', path, '-');
  for (const shown of [requestId, 'Acme GmbH (acme)', 'not qualified, no legal presumption', sha256Hex(attachment(en(), 'manifest.json')), documentOf(en()).seal.certificate_sha256,
    'Certificate of a custodian', '0.00536 USD', 'OpenAI OpCo, LLC', 'standard contract', '\\u{202e}', '中文', 'gpt-5-2026-08-01', 'cost_micros', documentOf(en()).checkpoint.root]) expect(text).toContain(shown);
  const pages = Number(/Pages:\s+(\d+)/.exec(output('pdfinfo', path))![1]);
  expect(text).toContain(`Page ${pages} of ${pages}`);
  expect(text).toMatch(new RegExp(`Pages\\s+${pages}\\n`));
  for (const shown of ['证据包', '保管链', '非合格签章']) for (const language of ['zh', 'both']) expect(output('pdftotext', asFile(packs.get(language)!), '-').replace(/\s/g, '')).toContain(shown);
});

testWithTools(['qpdf', 'pdfsig', 'pdfdetach', 'pdffonts'], 'qpdf, pdfsig, pdfdetach and pdffonts agree', async () => {
  for (const bytes of packs.values()) {
    const path = asFile(bytes);
    expect(output('qpdf', '--check', path)).toContain('No syntax or stream encoding errors');
    const signature = output('pdfsig', path);
    expect(signature).toContain('Signature Validation: Signature is Valid.');
    expect(signature).toContain('Total document signed');
    expect(signature).toContain('Signature Type: ETSI.CAdES.detached');
    for (const name of ['pack.json', 'records.ndjson', 'proofs.tlog', 'manifest.json']) expect(output('pdfdetach', '-list', path)).toContain(name);
    for (const font of output('pdffonts', path).trim().split('\n').slice(2)) expect(font).toContain('yes yes yes');
  }
});

testWithTools(['pdfsig', 'pdfdetach', 'openssl', 'sha256sum'], 'the commands printed on page 2 work as printed and show what the cover says', async () => {
  const { pack, seal } = documentOf(en());
  const path = asFile(en(), `${pack.code}.pdf`);
  const run = (commands: string): string => execFileSync('sh', ['-ec', commands], { cwd: dirname(path), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const { step2, step3, step4 } = checkCommands(`${pack.code}.pdf`);
  expect(run(step2)).toContain('Signature is Valid');
  expect(run(step3)).toContain(seal.certificate_sha256);
  const digests = run(step4);
  expect(digests.split(/\s/)[0]).toBe(sha256Hex(attachment(en(), 'manifest.json')));
  for (const name of ['pack.json', 'records.ndjson', 'proofs.tlog']) expect(digests.match(new RegExp(sha256Hex(attachment(en(), name)), 'g'))).toHaveLength(2);
});

testWithTools(['openssl'], 'openssl accepts the seal as CAdES, and pkijs verifies it', async () => {
  const range = /\/ByteRange \[0 (\d+) (\d+) (\d+)\]/.exec(en().toString('latin1'))!.slice(1).map(Number) as [number, number, number];
  const signed = Buffer.concat([en().subarray(0, range[0]), en().subarray(range[1])]);
  const room = Buffer.from(en().toString('latin1', range[0] + 1, range[1] - 1), 'hex');
  const cms = room.subarray(0, 4 + room.readUInt16BE(2));
  const content = asFile(signed, 'signed.bin');
  writeFileSync(join(dirname(content), 'sig.der'), cms);
  writeFileSync(join(dirname(content), 'cert.pem'), new X509Certificate(readFileSync(join(test_.home, 'keys', 'pack.cert.der'))).toString());
  execFileSync('openssl', ['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', 'sig.der', '-content', 'signed.bin', '-CAfile', 'cert.pem', '-partial_chain', '-purpose', 'any', '-out', '/dev/null'], { cwd: dirname(content), stdio: 'pipe' });
  const pkijs = await import('pkijs');
  const { webcrypto } = await import('node:crypto');
  pkijs.setEngine('node', new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto as never }));
  const signedData = new pkijs.SignedData({ schema: pkijs.ContentInfo.fromBER(Uint8Array.from(cms).buffer).content });
  expect(await signedData.verify({ signer: 0, data: Uint8Array.from(signed).buffer, extendedMode: true })).toMatchObject({ signatureVerified: true });
});

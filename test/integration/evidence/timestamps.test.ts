import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { verifyPack, type PackReport } from '../../../src/domain/evidence/index.js';
import type { PackDocument } from '../../../src/domain/evidence/pack-document.js';
import { verifyCms } from '../../../src/domain/evidence/pdf/cms.js';
import { sha256 } from '../../../src/kernel/digest.js';
import { readPackSigner } from '../../../src/platform/crypto/pack-signer.js';
import { createTimestamper } from '../../../src/platform/timestamp/timestamp.js';
import { verifyTimestamp } from '../../../src/platform/timestamp/token.js';
import { assertPdfA3 } from '../../support/assert-pdfa3.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { evidenceWorld, officer, packBytes, type EvidenceWorld } from '../../support/evidence.js';
import { asFile, output, testWithTools } from '../../support/pdf-tools.js';
import { ok } from '../../support/registry.js';
import { attachment, flip } from '../../support/tamper.js';
import { startAuthority, type Authority } from '../../support/time-stamp-authority.js';

const installed = spawnSync('openssl', ['version']).status === 0;
let tsa: Authority, folder: string, test_: TestApp, world: EvidenceWorld, pack: Buffer;
beforeAll(async () => {
  if (!installed) return;
  tsa = await startAuthority();
  folder = mkdtempSync(join(tmpdir(), 'holdfast-seal-'));
  const openssl = (...args: string[]): void => { execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' }); };
  // A house authority and a seal issued by it, RSA: what an operator brings along.
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-keyout', 'ca.key', '-out', 'ca.pem', '-nodes', '-days', '3650', '-subj', '/CN=House CA');
  openssl('req', '-newkey', 'rsa:2048', '-keyout', 'seal.key', '-out', 'seal.csr', '-nodes', '-subj', '/CN=Seal of Example Gateway Ltd');
  writeFileSync(join(folder, 'ext.cnf'), 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\nextendedKeyUsage=emailProtection\n');
  openssl('x509', '-req', '-in', 'seal.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '3000', '-extfile', 'ext.cnf', '-out', 'seal.pem');
  test_ = await createTestApp({ env: { HOLDFAST_TSA_URL: tsa.url, HOLDFAST_SEAL_CERTIFICATE: join(folder, 'seal.pem'), HOLDFAST_SEAL_KEY: join(folder, 'seal.key') } });
  world = await evidenceWorld(test_.app);
  pack = (await packBytes(test_.app, await world.makeCall())).bytes;
}, 60_000);
afterAll(async () => {
  if (!installed) return;
  await test_.close();
  await tsa.close();
  rmSync(folder, { recursive: true, force: true });
});

const failed = (report: PackReport): Record<string, string> => Object.fromEntries(report.checks.filter((check) => !check.ok).map((check) => [check.name, check.message]));
/** The room for the signature: where its digits start, and its DER. */
function seal(bytes: Buffer): { start: number; cms: Buffer; signed: Buffer } {
  const [open, close] = /\/ByteRange \[0 (\d+) (\d+) (\d+)\]/.exec(bytes.toString('latin1'))!.slice(1).map(Number) as [number, number];
  const room = Buffer.from(bytes.toString('latin1', open + 1, close - 1), 'hex');
  return { start: open + 1, cms: room.subarray(0, 4 + room.readUInt16BE(2)), signed: Buffer.concat([bytes.subarray(0, open), bytes.subarray(close)]) };
}

testWithTools(['openssl', 'pdfsig', 'qpdf'], "a pack with the operator's own seal and a time stamp is PAdES-B-T: openssl, pdfsig and we accept it", async () => {
  assertPdfA3(pack);
  const report = await verifyPack(pack, { reprint: false });
  expect(failed(report)).toEqual({});
  expect(report.checks.find((check) => check.name === 'time stamp')!.message).toContain('Test Time Stamp Authority');
  expect(report.pack!.stampedAt).toMatch(/^20/);
  expect(report.cannotProve.join()).not.toContain('no time stamp of a third party');
  expect((JSON.parse(attachment(pack, 'pack.json').toString()) as PackDocument).seal).toMatchObject({ qualified: false, self_made: false, timestamp: tsa.url });
  expect(output('qpdf', '--check', asFile(pack))).toContain('No syntax or stream encoding errors');
  expect(output('pdfsig', asFile(pack))).toContain('Signature Validation: Signature is Valid.');
  const { cms, signed } = seal(pack), path = asFile(signed, 'signed.bin'), cwd = dirname(path);
  const { token, signature } = verifyCms(cms, sha256(signed));
  writeFileSync(join(cwd, 'sig.der'), cms);
  writeFileSync(join(cwd, 'token.der'), token!);
  execFileSync('openssl', ['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', 'sig.der', '-content', 'signed.bin', '-CAfile', join(folder, 'ca.pem'), '-purpose', 'any', '-out', '/dev/null'], { cwd, stdio: 'pipe' });
  execFileSync('openssl', ['ts', '-verify', '-digest', sha256(signature).toString('hex'), '-in', 'token.der', '-token_in', '-CAfile', tsa.certificatePath, '-partial_chain'], { cwd, stdio: 'pipe' });
  const text = output('pdftotext', asFile(pack), '-').replace(/\s+/g, ' ');
  expect(text).toContain('not qualified, no legal presumption');
  expect(text).not.toContain('self-made');
});

testWithTools(['openssl'], 'one bit changed anywhere in seal, certificate or time stamp is caught', async () => {
  const { start, cms } = seal(pack), missed: number[] = [];
  // Every 7th byte, another bit each time: structure, certificates, attributes, signature and token alike.
  for (let at = 0; at < cms.length; at += 7) {
    const changed = Buffer.from(cms);
    changed[at] = changed[at]! ^ (1 << (at % 8));
    const bytes = Buffer.from(pack);
    bytes.write(changed.toString('hex'), start, 'latin1');
    const { checkSeal, checkTimestamp } = await import('../../../src/domain/evidence/verify/check-seal.js');
    const found = checkSeal(bytes)!;
    if (found.checks.every((check) => check.ok) && checkTimestamp(found.stamped, tsa.url).check.ok) missed.push(at);
  }
  expect(missed).toEqual([]);
  expect((await verifyPack(flip(pack, start + 2 * cms.length - 40), { reprint: false })).verdict).toBe('altered');
});

testWithTools(['openssl'], 'a time stamp taken from another pack is told', async () => {
  const other = (await packBytes(test_.app, await world.makeCall())).bytes;
  const one = verifyCms(seal(pack).cms, sha256(seal(pack).signed)), two = verifyCms(seal(other).cms, sha256(seal(other).signed));
  expect(verifyTimestamp(one.token!, sha256(one.signature)).problems).toEqual([]);
  expect(verifyTimestamp(two.token!, sha256(one.signature)).problems).toEqual(['the time stamp is of something else']);
});

testWithTools(['openssl'], 'an authority that is away or answers nonsense makes the pack wait, and says so on its row', async () => {
  const packId = ok(await test_.app.act(officer, async (tx) => test_.app.evidence.requestPack(tx, { requestId: await world.makeCall(), purpose: 'dispute_resolution', language: 'en' })));
  await test_.app.ledger.sealOnce();
  const spoilt: [(answer: Buffer) => Buffer, string][] = [[() => Buffer.from('no'), 'time stamp authority'], [(answer) => flip(answer, answer.length - 10), 'time stamp authority'], [() => Buffer.from('30053003020102', 'hex'), 'did not grant']];
  for (const [spoil, message] of spoilt) {
    tsa.spoil = spoil;
    await expect(test_.app.evidence.assemblePack(packId)).rejects.toMatchObject({ code: 'records_unavailable' });
    expect(await test_.app.evidence.findPack(packId)).toMatchObject({ state: 'requested', failure: expect.stringContaining(message) });
  }
  tsa.spoil = undefined;
  await test_.app.evidence.assemblePack(packId);
  expect(await test_.app.evidence.findPack(packId)).toMatchObject({ state: 'ready', failure: null });
});

testWithTools(['openssl'], 'an answer to another request is refused: the nonce binds them', async () => {
  const digest = sha256('x');
  let first: Buffer | undefined;
  tsa.spoil = (answer) => (first ??= answer);
  await createTimestamper(tsa.url)(digest);
  await expect(createTimestamper(tsa.url)(digest)).rejects.toThrow('answers another request');
  tsa.spoil = undefined;
});

testWithTools(['openssl'], 'a seal whose key is another, or that is an authority, is refused with the file that is wrong', async () => {
  expect(() => readPackSigner(join(folder, 'seal.pem'), join(folder, 'ca.key'))).toThrow(/does not belong to the certificate/);
  expect(() => readPackSigner(join(folder, 'ca.pem'), join(folder, 'ca.key'))).toThrow(/is one of an authority/);
  expect(() => readPackSigner(join(folder, 'none.pem'), join(folder, 'ca.key'))).toThrow(/cannot be read from .*none\.pem/);
  expect(readFileSync(join(folder, 'seal.pem'), 'utf8')).toContain('BEGIN CERTIFICATE');
  await Promise.resolve();
});

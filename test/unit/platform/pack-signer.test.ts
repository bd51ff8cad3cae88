import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { der, integer, oid, readDer, sequence, setOf, TAG } from '../../../src/platform/crypto/der.js';
import { openPackSigner } from '../../../src/platform/crypto/pack-signer.js';

let home: string;
beforeAll(() => { home = mkdtempSync(join(tmpdir(), 'holdfast-signer-')); });
afterAll(() => { rmSync(home, { recursive: true, force: true }); });
const now = new Date('2026-11-24T12:00:00Z');

test('the seal is made once, is kept with mode 0600, and signs with the key of its certificate', async () => {
  const signer = openPackSigner(home, 'Evidence seal of x', now);
  const again = openPackSigner(home, 'another name', new Date());
  expect(again.certificate.equals(signer.certificate)).toBe(true);
  for (const name of ['pack.p256.pem', 'pack.cert.der']) expect(statSync(join(home, 'keys', name)).mode & 0o777).toBe(0o600);
  const certificate = new X509Certificate(signer.certificate);
  expect(verify('sha256', Buffer.from('message'), certificate.publicKey, await again.sign(Buffer.from('message')))).toBe(true);
});

test('its certificate is self-signed, no CA, for digital signature and non-repudiation, and says so to those who read it', () => {
  const certificate = new X509Certificate(openPackSigner(home, 'x', now).certificate);
  expect(certificate.subject).toBe('CN=Evidence seal of x');
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.ca).toBe(false);
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.4', '1.3.6.1.5.5.7.3.36']);
  expect(createPublicKey({ key: certificate.publicKey.export({ type: 'spki', format: 'der' }), type: 'spki', format: 'der' }).asymmetricKeyDetails).toMatchObject({ namedCurve: 'prime256v1' });
  expect([certificate.validFrom, certificate.validTo]).toEqual(['Nov 24 12:00:00 2026 GMT', 'Nov 24 12:00:00 2046 GMT']);
});

test('a self-made seal never calls itself qualified', () => { expect(openPackSigner(home, 'x', now).qualified).toBe(false); });

test('DER is written as the standard has it', () => {
  expect(oid('1.2.840.113549.1.9.16.2.47').toString('hex')).toBe('060b2a864886f70d010910022f');
  expect(oid('2.16.840.1.101.3.4.2.1').toString('hex')).toBe('0609608648016503040201');
  expect(integer(Buffer.from([0, 0, 0x80])).toString('hex')).toBe('02020080');
  expect(setOf(Buffer.from([2, 1, 9]), Buffer.from([2, 1, 3])).toString('hex')).toBe('3106020103020109');
});

test('what was written is read back, whatever its length', () => {
  fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 70_000, size: 'max' }), { maxLength: 3 }), (contents) => {
    const read = readDer(readDer(sequence(...contents.map((content) => der(TAG.octets, content))))[0]!.content);
    expect(read.map((one) => one.content.toString('hex'))).toEqual(contents.map((content) => Buffer.from(content).toString('hex')));
  }), { numRuns: 50 });
});

test.each([['a length in more bytes than needed', '04810101'], ['an indefinite length', '0480000000'], ['a value beyond its container', '040501'], ['no length', '04']])('%s is refused', (_, hex) => {
  expect(() => readDer(Buffer.from(hex, 'hex'))).toThrow(RangeError);
});

import { createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFileKeyRing } from '../../../src/platform/crypto/keyring.js';

let home: string;
beforeEach(() => { home = mkdtempSync(join(tmpdir(), 'holdfast-keys-')); });
afterEach(() => { rmSync(home, { recursive: true }); });

test('a sealed secret opens only with its context and unchanged', () => {
  const keys = openFileKeyRing(home);
  const sealed = keys.sealSecret('upstream-secret', 'provider:a');
  expect(sealed.includes('upstream-secret')).toBe(false);
  expect(openFileKeyRing(home).openSecret(sealed, 'provider:a')).toBe('upstream-secret');
  expect(() => keys.openSecret(sealed, 'provider:b')).toThrow();
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at]! ^= 1;
    expect(() => keys.openSecret(changed, 'provider:a')).toThrow();
  }
});

test('a signature verifies with the published raw key', () => {
  const keys = openFileKeyRing(home);
  const message = Buffer.from('m');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: keys.publicKey('ledger').toString('base64url') }, format: 'jwk' });
  expect(verify(null, message, key, keys.sign('ledger', message))).toBe(true);
  expect(keys.publicKey('certificate').equals(keys.publicKey('ledger'))).toBe(false);
});

test('key files are readable by their owner alone and survive a second opening', () => {
  openFileKeyRing(home).secret('session');
  const first = openFileKeyRing(home).publicKey('ledger');
  expect(openFileKeyRing(home).publicKey('ledger').equals(first)).toBe(true);
  for (const name of readdirSync(join(home, 'keys'))) expect(statSync(join(home, 'keys', name)).mode & 0o077).toBe(0);
});

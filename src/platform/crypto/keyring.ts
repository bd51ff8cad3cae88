// Keys live outside the database, in files under HOLDFAST_HOME/keys (mode 0600); a KMS can stand behind the same port later.
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBytes, sealBytes } from './sealed-bytes.js';

/** `ledger.2` and on are the later keys of the log. */
export type SigningKeyName = 'ledger' | 'certificate' | `ledger.${number}`;

export interface KeyRing {
  /** Seals a secret with the root key, AES-256-GCM; `context` is bound as associated data and must be given again to open. */
  sealSecret(secret: string, context: string): Buffer;
  /** Opens what `sealSecret` made; throws when bytes or context differ. */
  openSecret(sealed: Uint8Array, context: string): string;
  /** Ed25519 signature (64 bytes) with the named key. */
  sign(name: SigningKeyName, message: Uint8Array): Buffer;
  /** Raw 32-byte Ed25519 public key. */
  publicKey(name: SigningKeyName): Buffer;
  /** A secret of 32 random bytes, made at first use and kept: session signing and the like. */
  secret(name: 'session'): Buffer;
}

/** The key files of `home`, made at first use. Several processes may start at once: the first to link a file wins. */
export function openFileKeyRing(home: string): KeyRing {
  const folder = join(home, 'keys');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fileOf = (name: string, make: () => Buffer | string): Buffer => keyFile(folder, name, make);
  const root = (): Buffer => fileOf('root.key', () => randomBytes(32));
  const signingKeys = new Map<SigningKeyName, KeyObject>();
  const signingKey = (name: SigningKeyName): KeyObject => {
    let key = signingKeys.get(name);
    if (!key) {
      const pem = fileOf(`${name}.ed25519.pem`, () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
      signingKeys.set(name, key = createPrivateKey(pem));
    }
    return key;
  };
  return {
    sealSecret: (secret, context) => sealBytes(root(), Buffer.from(secret), context),
    openSecret: (sealed, context) => openBytes(root(), sealed, context).toString('utf8'),
    sign: (name, message) => sign(null, message, signingKey(name)),
    publicKey: (name) => Buffer.from(createPublicKey(signingKey(name)).export({ format: 'jwk' }).x!, 'base64url'),
    secret: (name) => fileOf(`${name}.secret`, () => randomBytes(32)),
  };
}

/** A file of key material (mode 0600) in an existing folder, made at first use; of several makers the first wins and all read its file. */
export function keyFile(folder: string, name: string, make: () => Buffer | string): Buffer {
  const path = join(folder, name);
  if (!existsSync(path)) createOnce(path, make());
  return readFileSync(path);
}

function createOnce(path: string, content: Buffer | string): void {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(temporary, content, { mode: 0o600, flush: true });
  try { linkSync(temporary, path); } catch (error) { if (!existsSync(path)) throw error; } finally { rmSync(temporary, { force: true }); }
}

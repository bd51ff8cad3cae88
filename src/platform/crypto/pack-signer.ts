// The seal of evidence packs: the operator's certificate and key where it has them, else a pair we make ourselves, beside the other
// keys. A KMS can stand behind the same port.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { coerceError, HoldfastError } from '../../kernel/errors.js';
import { contextTag, der, integer, oid, sequence, setOf, TAG } from './der.js';
import { keyFile } from './keyring.js';

export interface Signer {
  /** The signer's X.509 certificate, DER. */
  readonly certificate: Buffer;
  /** Certificates between it and its root, DER, without the root; empty for a self-made one. */
  readonly chain: readonly Buffer[];
  /** Whether the certificate says that it is a qualified one in the sense of eIDAS; a self-made one never does. */
  readonly qualified: boolean;
  readonly selfMade: boolean;
  /** ECDSA (as a DER signature) or RSA PKCS #1, as the key is, with SHA-256 over `message`. */
  sign(message: Uint8Array): Promise<Buffer>;
}

const YEARS = 20;
const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));

/** The pack seal of `home`, made at first use and then kept. `name` goes into the certificate; processes that start together agree on one. */
export function openPackSigner(home: string, name: string, now: Date): Signer {
  const folder = join(home, 'keys');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pem = keyFile(folder, 'pack.p256.pem', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const key = createPrivateKey(pem);
  const signed = (message: Uint8Array): Buffer => sign('sha256', message, key);
  const certificate = keyFile(folder, 'pack.cert.der', () => makeCertificate(name, createPublicKey(key).export({ type: 'spki', format: 'der' }), now, signed));
  return { certificate, chain: [], qualified: false, selfMade: true, sign: (message) => Promise.resolve(signed(message)) };
}

/** QcCompliance of EN 319 412-5: the statement with which an issuer calls a certificate qualified. */
const QUALIFIED = oid('0.4.0.1862.1.1');

/**
 * The operator's own seal from PEM files: `certificatePath` starts with the certificate and goes on with its chain. Throws
 * `invalid_configuration` that says what is wrong with which file; an RSA or EC key and a certificate for signatures are needed.
 */
export function readPackSigner(certificatePath: string, keyPath: string): Signer {
  const read = <T>(path: string, parse: (text: string) => T): T => {
    try { return parse(readFileSync(path, 'utf8')); } catch (error) { throw new HoldfastError('invalid_configuration', `the seal cannot be read from ${path}: ${coerceError(error).message}`); }
  };
  const [own, ...chain] = read(certificatePath, (text) => [...text.matchAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)].map(([pem]) => new X509Certificate(pem)));
  const key = read(keyPath, (text) => createPrivateKey(text));
  if (!own) throw new HoldfastError('invalid_configuration', `${certificatePath} holds no certificate`);
  if (!['rsa', 'ec'].includes(key.asymmetricKeyType ?? '')) throw new HoldfastError('invalid_configuration', `the key of the seal is ${key.asymmetricKeyType}; it must be RSA or EC`);
  if (!own.checkPrivateKey(key)) throw new HoldfastError('invalid_configuration', `the key in ${keyPath} does not belong to the certificate in ${certificatePath}`);
  if (own.ca) throw new HoldfastError('invalid_configuration', `the certificate in ${certificatePath} is one of an authority; the seal needs one of its own`);
  return { certificate: own.raw, chain: chain.filter((one) => one.issuer !== one.subject).map((one) => one.raw), qualified: own.raw.includes(QUALIFIED), selfMade: own.issuer === own.subject, sign: (message) => Promise.resolve(sign('sha256', message, key)) };
}

function makeCertificate(name: string, publicKey: Buffer, now: Date, signed: (message: Uint8Array) => Buffer): Buffer {
  const subject = sequence(setOf(sequence(oid('2.5.4.3'), der(TAG.utf8, Buffer.from(name)))));
  const until = new Date(now);
  until.setUTCFullYear(until.getUTCFullYear() + YEARS);
  const keyId = createHash('sha256').update(publicKey).digest().subarray(0, 20);
  const extensions = sequence(
    extension('2.5.29.19', true, sequence()), // basic constraints: not a CA
    extension('2.5.29.15', true, der(TAG.bitString, Buffer.from([6, 0xc0]))), // digitalSignature, nonRepudiation
    extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.4'), oid('1.3.6.1.5.5.7.3.36'))), // e-mail protection, document signing
    extension('2.5.29.14', false, der(TAG.octets, keyId)),
    extension('2.5.29.35', false, sequence(der(0x80, keyId))),
  );
  const body = sequence(
    der(contextTag(0), integer(Buffer.from([2]))), integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])), ECDSA_SHA256,
    subject, sequence(utcTime(now), utcTime(until)), subject, publicKey, der(contextTag(3), extensions),
  );
  return sequence(body, ECDSA_SHA256, der(TAG.bitString, Buffer.from([0]), signed(body)));
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(oid(id), ...(critical ? [der(TAG.boolean, Buffer.from([0xff]))] : []), der(TAG.octets, value));
}

/** UTCTime; good until 2049, after which certificates need the other form. */
function utcTime(at: Date): Buffer {
  if (at.getUTCFullYear() > 2049) throw new RangeError('UTCTime ends with 2049');
  return der(TAG.utcTime, Buffer.from(`${at.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`));
}

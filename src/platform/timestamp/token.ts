// RFC 3161 tokens: the request, and the strict reading and verification of what an authority answers. Pure; the offline verifier uses it.
import { X509Certificate, createHash, verify } from 'node:crypto';
import { contextTag, der, integer, oid, readDer, sequence, setOf, TAG, type DerValue } from '../crypto/der.js';

const ID = {
  signedData: oid('1.2.840.113549.1.7.2'), tstInfo: oid('1.2.840.113549.1.9.16.1.4'), contentType: oid('1.2.840.113549.1.9.3'), messageDigest: oid('1.2.840.113549.1.9.4'),
  signingCertificate: oid('1.2.840.113549.1.9.16.2.12'), signingCertificateV2: oid('1.2.840.113549.1.9.16.2.47'), sha256: oid('2.16.840.1.101.3.4.2.1'),
};
const HASHES: readonly (readonly [Buffer, string])[] = [[ID.sha256, 'sha256'], [oid('2.16.840.1.101.3.4.2.2'), 'sha384'], [oid('2.16.840.1.101.3.4.2.3'), 'sha512']];
const NULL = der(0x05);
/** How an authority may name its signature algorithm, by the kind of its key and the hash. */
const SIGNATURES: Readonly<Record<string, (hash: string) => Buffer[]>> = {
  ec: (hash) => [sequence(oid(`1.2.840.10045.4.3.${{ sha256: 2, sha384: 3, sha512: 4 }[hash] ?? 0}`))],
  rsa: (hash) => [sequence(oid('1.2.840.113549.1.1.1'), NULL), sequence(oid(`1.2.840.113549.1.1.${{ sha256: 11, sha384: 12, sha512: 13 }[hash] ?? 0}`), NULL)],
};
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const GENERALIZED_TIME = 0x18;

/** The DER of a TimeStampReq over a SHA-256 digest; asks for the authority's certificate. The nonce has 8 bytes, the first from 0x40 to 0x7f. */
export function timestampRequest(digest: Buffer, nonce: Buffer): Buffer {
  return sequence(integer(Buffer.from([1])), imprintOf(digest), integer(nonce), der(TAG.boolean, Buffer.from([0xff])));
}

function imprintOf(digest: Buffer): Buffer { return sequence(sequence(ID.sha256, der(0x05)), der(TAG.octets, digest)); }

/** The token in a TimeStampResp. Throws RangeError when it was not granted or is no response. */
export function tokenIn(response: Buffer): Buffer {
  const [status, token] = members(only(readDer(response)));
  const granted = status && members(status)[0];
  if (granted?.tag !== TAG.integer) throw new RangeError('it is no time stamp response');
  if (granted.content.length !== 1 || granted.content[0]! > 1) throw new RangeError(`the authority did not grant a time stamp (status ${granted.content.toString('hex')})`);
  if (!token) throw new RangeError('the response has no token');
  return token.whole;
}

export interface TimestampReport {
  /** Time the authority states. */
  readonly at: Date;
  /** Nonce of the request it answers, if it states one. */
  readonly nonce: Buffer | undefined;
  readonly serial: string;
  readonly policy: string;
  /** The authority's certificate. */
  readonly certificate: X509Certificate;
  /** What does not fit; empty when the token is valid for the digest. That the authority can be trusted is for the reader to judge. */
  readonly problems: readonly string[];
}

/** Checks a token against the SHA-256 digest it should be about: imprint, attributes, certificate, signature. Throws RangeError when it cannot be read. */
export function verifyTimestamp(token: Buffer, digest: Buffer): TimestampReport {
  const problems: string[] = [];
  const [type, wrapped] = members(only(readDer(token)));
  if (!type?.whole.equals(ID.signedData) || wrapped?.tag !== contextTag(0)) throw new RangeError('it is no signed token');
  const [version, algorithms, content, ...rest] = members(only(readDer(wrapped.content)));
  const [contentId, octets] = content ? members(content) : [];
  if (!contentId?.whole.equals(ID.tstInfo) || octets?.tag !== contextTag(0)) throw new RangeError('its content is no time stamp');
  const info = only(readDer(octets.content)).content;
  const stated = readInfo(only(readDer(info)));
  if (!sameImprint(stated.imprint, digest)) problems.push('the time stamp is of something else');
  const certificates = rest.filter((one) => one.tag === contextTag(0)).flatMap((one) => readDer(one.content)).map((one) => one.whole);
  const signer = readSigner(only(readDer(need(rest.find((one) => one.tag === TAG.set)).content)));
  const own = certificates.find((one) => createHash(signer.certificateHash.name).update(one).digest().equals(signer.certificateHash.value));
  if (!own) throw new RangeError('the certificate of the authority is not in it, or was changed');
  const certificate = new X509Certificate(own);
  // Rebuilt from its parts and compared, so that no bit around what is signed is free.
  const rebuilt = sequence(ID.signedData, der(contextTag(0), sequence(integer(Buffer.from([3])), setOf(signer.algorithm), sequence(ID.tstInfo, der(contextTag(0), der(TAG.octets, info))),
    der(contextTag(0), ...certificates), setOf(signer.rebuild(own)))));
  if (version === undefined || algorithms === undefined || !rebuilt.equals(token) || !SIGNATURES[certificate.publicKey.asymmetricKeyType ?? '']?.(signer.hash).some((one) => one.equals(signer.signatureAlgorithm))) problems.push('the structure of the time stamp was changed');
  for (const one of certificates) if (one !== own && !certificates.some((other) => other !== one && new X509Certificate(other).verify(new X509Certificate(one).publicKey))) problems.push('a certificate in it does not belong to its chain');
  if (!(certificate.keyUsage as string[] | undefined)?.includes(TIME_STAMPING)) problems.push('its certificate is not made for time stamps');
  if (!signer.digest.equals(createHash(signer.hash).update(info).digest())) problems.push('the time stamp was changed: its digest differs');
  if (!verify(signer.hash, signer.attributes, certificate.publicKey, signer.signature)) problems.push('the signature of the time stamp does not verify');
  if (stated.at < new Date(certificate.validFrom) || stated.at > new Date(certificate.validTo)) problems.push('the certificate of the authority was not valid at the time it states');
  return { at: stated.at, nonce: stated.nonce, serial: stated.serial, policy: stated.policy, certificate, problems };
}

function readInfo(value: DerValue): { imprint: Buffer; at: Date; nonce: Buffer | undefined; serial: string; policy: string } {
  const [version, policy, imprint, serial, time, ...rest] = members(value);
  const text = time?.tag === GENERALIZED_TIME ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,9})?Z$/.exec(time.content.toString('latin1')) : null;
  if (version?.tag !== TAG.integer || policy?.tag !== TAG.oid || !imprint || serial?.tag !== TAG.integer || !text) throw new RangeError('the time stamp is malformed');
  const at = new Date(`${text[1]}-${text[2]}-${text[3]}T${text[4]}:${text[5]}:${text[6]}${(text[7] ?? '').slice(0, 4)}Z`);
  return { imprint: imprint.whole, at, nonce: rest.find((one) => one.tag === TAG.integer)?.content, serial: serial.content.toString('hex'), policy: policy.content.toString('hex') };
}

/** The algorithm may be written with parameters NULL or without. */
function sameImprint(imprint: Buffer, digest: Buffer): boolean {
  return imprint.equals(imprintOf(digest)) || imprint.equals(sequence(sequence(ID.sha256), der(TAG.octets, digest)));
}

interface TokenSigner {
  readonly attributes: Buffer; readonly digest: Buffer; readonly hash: string; readonly algorithm: Buffer; readonly signatureAlgorithm: Buffer; readonly signature: Buffer; readonly certificateHash: { readonly name: string; readonly value: Buffer };
  /** The signer's structure as it must be for this certificate. */
  rebuild(certificate: Buffer): Buffer;
}

function readSigner(value: DerValue): TokenSigner {
  const [, , algorithm, attributes, signatureAlgorithm, signature, ...more] = members(value);
  const hash = algorithm && HASHES.find(([id]) => members(algorithm)[0]?.whole.equals(id))?.[1];
  if (!algorithm || hash === undefined || attributes?.tag !== contextTag(0) || signature?.tag !== TAG.octets || !signatureAlgorithm || more.some((one) => one.tag !== contextTag(1))) throw new RangeError('its signature is malformed');
  const list = readDer(attributes.content);
  const attribute = (id: Buffer): DerValue | undefined => {
    const found = list.map(members).find(([type]) => type?.whole.equals(id))?.[1];
    return found && only(readDer(found.content));
  };
  if (!attribute(ID.contentType)?.whole.equals(ID.tstInfo)) throw new RangeError('its signature is not over a time stamp');
  const digest = need(attribute(ID.messageDigest)).content;
  const v2 = attribute(ID.signingCertificateV2), v1 = attribute(ID.signingCertificate);
  const first = members(need(members(need(v2 ?? v1))[0]))[0]!;
  const [head, ...others] = members(first);
  // ESSCertIDv2 may name another algorithm before the hash; without one it is SHA-256. Version 1 is always SHA-1.
  const named = head?.tag === TAG.sequence ? HASHES.find(([id]) => members(head)[0]?.whole.equals(id))?.[1] : undefined;
  const value_ = head?.tag === TAG.sequence ? others[0] : head;
  const rebuild = (certificate: Buffer): Buffer => {
    const fields = members(need(members(only(readDer(certificate)))[0])), offset = fields[0]?.tag === contextTag(0) ? 1 : 0;
    return sequence(integer(Buffer.from([1])), sequence(need(fields[offset + 2]).whole, need(fields[offset]).whole), algorithm.whole, der(contextTag(0), ...list.map((one) => one.whole)), signatureAlgorithm.whole, der(TAG.octets, signature.content), ...more.map((one) => one.whole));
  };
  return { rebuild, signatureAlgorithm: signatureAlgorithm.whole, attributes: setOf(...list.map((one) => one.whole)), digest, hash, algorithm: algorithm.whole, signature: signature.content, certificateHash: { name: v2 ? named ?? 'sha256' : 'sha1', value: need(value_).content } };
}

function members(value: DerValue): DerValue[] { return readDer(value.content); }
function only(values: readonly DerValue[]): DerValue {
  if (values.length !== 1) throw new RangeError('it has more or less than one value where one belongs');
  return values[0]!;
}
function need<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('a part of it is missing');
  return value;
}

// The CMS signature of PAdES-B-B: content type, message digest and signing certificate v2 are signed. B-T adds the time stamp of an
// authority over the signature value, and nothing else is there.
import { X509Certificate, verify } from 'node:crypto';
import { sha256 } from '../../../kernel/digest.js';
import { contextTag, der, integer, oid, readDer, sequence, setOf, TAG, type DerValue } from '../../../platform/crypto/der.js';
import type { Signer } from '../../../platform/crypto/pack-signer.js';
import type { Timestamper } from '../../../platform/timestamp/timestamp.js';

const OID = { data: oid('1.2.840.113549.1.7.1'), signedData: oid('1.2.840.113549.1.7.2'), contentType: oid('1.2.840.113549.1.9.3'),
  messageDigest: oid('1.2.840.113549.1.9.4'), signingCertificateV2: oid('1.2.840.113549.1.9.16.2.47'), sha256: oid('2.16.840.1.101.3.4.2.1'), ecdsaSha256: oid('1.2.840.10045.4.3.2'),
  rsaSha256: oid('1.2.840.113549.1.1.11'), timestamp: oid('1.2.840.113549.1.9.16.2.14') };
const SHA256 = sequence(OID.sha256);
const VERSION_1 = integer(Buffer.from([1]));

/** Signs a digest (32 bytes, SHA-256 of the signed byte ranges), and has the signature stamped where there is an authority. Returns the DER of the CMS. */
export async function signDigest(digest: Buffer, signer: Signer, stamp?: Timestamper): Promise<Buffer> {
  const attributes = signedAttributes(digest, signer.certificate), signature = await signer.sign(attributes);
  return assemble([signer.certificate, ...signer.chain], signer.certificate, attributes, signature, stamp && await stamp(sha256(signature)));
}

/** The signed attributes as the SET OF that is signed. ESSCertIDv2 leaves its algorithm out, which means SHA-256. */
function signedAttributes(digest: Buffer, certificate: Buffer): Buffer {
  const attribute = (type: Buffer, value: Buffer): Buffer => sequence(type, setOf(value));
  return setOf(
    attribute(OID.contentType, OID.data),
    attribute(OID.messageDigest, der(TAG.octets, digest)),
    attribute(OID.signingCertificateV2, sequence(sequence(sequence(der(TAG.octets, sha256(certificate)))))),
  );
}

function assemble(certificates: readonly Buffer[], certificate: Buffer, attributes: Buffer, signature: Buffer, token: Buffer | undefined): Buffer {
  const { issuer, serial } = issuerAndSerial(certificate);
  const implicitAttributes = Buffer.from(attributes);
  implicitAttributes[0] = contextTag(0);
  const algorithm = new X509Certificate(certificate).publicKey.asymmetricKeyType === 'rsa' ? sequence(OID.rsaSha256, der(0x05)) : sequence(OID.ecdsaSha256);
  const unsigned = token ? [der(contextTag(1), sequence(OID.timestamp, setOf(token)))] : [];
  const signerInfo = sequence(VERSION_1, sequence(issuer, serial), SHA256, implicitAttributes, algorithm, der(TAG.octets, signature), ...unsigned);
  const signedData = sequence(VERSION_1, setOf(SHA256), sequence(OID.data), der(contextTag(0), ...certificates.toSorted((a, b) => Buffer.compare(a, b))), setOf(signerInfo));
  return sequence(OID.signedData, der(contextTag(0), signedData));
}

function issuerAndSerial(certificate: Buffer): { issuer: Buffer; serial: Buffer } {
  const body = readDer(only(readDer(certificate)).content)[0];
  const fields = body ? readDer(body.content) : [];
  const offset = fields[0]?.tag === contextTag(0) ? 1 : 0;
  const serial = fields[offset], issuer = fields[offset + 2];
  if (!serial || !issuer) throw new RangeError('the certificate has no serial number or issuer');
  return { issuer: issuer.whole, serial: serial.whole };
}

export interface CmsReport {
  readonly certificate: X509Certificate; readonly digestMatches: boolean; readonly problems: readonly string[];
  /** The time stamp in it, over the signature value. */
  readonly token: Buffer | undefined; readonly signature: Buffer;
}

/**
 * Checks a CMS against the digest of what it should sign. Strict: its bytes must be exactly what we would have written around its
 * certificates, signature value and time stamp, so that no other bit of it is free. Throws RangeError when it cannot be read at all.
 */
export function verifyCms(cms: Buffer, digest: Buffer): CmsReport {
  const { certificates, certificateDer, messageDigest, signature, token } = readCms(cms);
  const certificate = new X509Certificate(certificateDer);
  const problems: string[] = [];
  const attributes = signedAttributes(messageDigest, certificateDer);
  const digestMatches = messageDigest.equals(digest);
  if (!digestMatches) problems.push('the file is not the one that was sealed: its digest differs from the sealed one');
  if (!assemble(certificates, certificateDer, attributes, signature, token).equals(cms)) problems.push('the signature structure (attributes, certificate reference or versions) was changed');
  if (!verify('sha256', attributes, certificate.publicKey, signature)) problems.push("the signature value does not verify with the certificate's key");
  if (certificate.issuer === certificate.subject && !certificate.verify(certificate.publicKey)) problems.push('the certificate is damaged: it does not verify with its own key');
  for (const one of certificates) if (one !== certificateDer && !isIssuerOfAny(one, certificates)) problems.push('a certificate beside it does not belong to its chain');
  return { certificate, digestMatches, problems, token, signature };
}

function isIssuerOfAny(issuer: Buffer, certificates: readonly Buffer[]): boolean {
  const { publicKey } = new X509Certificate(issuer);
  return certificates.some((one) => one !== issuer && new X509Certificate(one).verify(publicKey));
}

function readCms(cms: Buffer): { certificates: Buffer[]; certificateDer: Buffer; messageDigest: Buffer; signature: Buffer; token: Buffer | undefined } {
  const signedData = readDer(only(readDer(member(only(readDer(cms)), 1).content)).content);
  const certificates = readDer(need(signedData, (one) => one.tag === contextTag(0)).content).map((one) => one.whole);
  const signerInfo = readDer(only(readDer(need(signedData.slice(-1), (one) => one.tag === TAG.set).content)).content);
  const [issuer, serial] = readDer(need(signerInfo.slice(1, 2), (one) => one.tag === TAG.sequence).content);
  const certificateDer = certificates.find((one) => { const own = issuerAndSerial(one); return issuer?.whole.equals(own.issuer) && serial?.whole.equals(own.serial); });
  if (!certificateDer) throw new RangeError('the certificate it names is not in it');
  const attributes = readDer(need(signerInfo, (one) => one.tag === contextTag(0)).content);
  const digestAttribute = need(attributes, (one) => readDer(one.content)[0]?.whole.equals(OID.messageDigest) ?? false);
  const messageDigest = only(readDer(member(digestAttribute, 1).content)).content;
  const unsigned = signerInfo.find((one) => one.tag === contextTag(1));
  const token = unsigned && only(readDer(member(only(readDer(unsigned.content)), 1).content)).whole;
  return { certificates, certificateDer, messageDigest, signature: need(signerInfo, (one) => one.tag === TAG.octets).content, token };
}

function member(value: DerValue, index: number): DerValue { return need(readDer(value.content).slice(index), () => true); }

function only(values: readonly DerValue[]): DerValue {
  if (values.length !== 1) throw new RangeError('the signature is not one CMS structure with one certificate and one signer');
  return values[0]!;
}

function need(values: readonly DerValue[], test: (value: DerValue) => boolean): DerValue {
  const found = values.find(test);
  if (!found) throw new RangeError('a part of the signature is missing');
  return found;
}

// The seal: what it covers, whether anything was appended or cut, and whether it verifies.
import { coerceError } from '../../../kernel/errors.js';
import type { X509Certificate } from 'node:crypto';
import { sha256 } from '../../../kernel/digest.js';
import { verifyTimestamp } from '../../../platform/timestamp/token.js';
import type { PackCheck } from '../pack-report.js';
import { verifyCms } from '../pdf/cms.js';
import { SIGNATURE_ROOM } from '../pdf/signature-field.js';
import { checked, unmade } from './check.js';

export interface SealFinding {
  readonly checks: readonly PackCheck[];
  /** Where the sealed document ends; bytes behind it are none of its. */
  readonly end: number;
  readonly certificate: X509Certificate | undefined;
  /** The time stamp over the seal, and the seal's signature value; undefined when there is none or it cannot be read. */
  readonly stamped: { readonly token: Buffer; readonly signature: Buffer } | undefined;
  /** Whether the digest that was sealed is the digest of these bytes. */
  readonly digestMatches: boolean;
}

const CONTENTS = '/Contents <';
const END = '%%EOF\n';
const HEX = 2 * SIGNATURE_ROOM;

/** Judges the seal of the file; undefined when nothing in it looks like one. */
export function checkSeal(bytes: Buffer): SealFinding | undefined {
  const range = findByteRange(bytes);
  const contents = bytes.indexOf(CONTENTS, 0, 'latin1');
  if (!range && contents < 0) return undefined;
  const open = contents >= 0 ? contents + CONTENTS.length - 1 : range![0];
  const close = open + 1 + HEX;
  const end = range && range[1] + range[2] > close ? Math.min(range[1] + range[2], bytes.length) : bytes.length;
  const checks = [checkEnd(bytes, range), checkRange(bytes, range, open, close, end)];
  const digest = sha256(bytes.subarray(0, open), bytes.subarray(close + 1, end));
  const problems: string[] = [];
  let certificate: X509Certificate | undefined, digestMatches = false, stamped: SealFinding['stamped'];
  try {
    const report = verifyCms(signatureBytes(bytes.toString('latin1', open + 1, close)), digest);
    certificate = report.certificate;
    problems.push(...report.problems);
    digestMatches = report.digestMatches;
    if (report.token) stamped = { token: report.token, signature: report.signature };
  } catch (error) { problems.push(`the signature cannot be read: ${coerceError(error).message}`); }
  checks.push(certificate === undefined && problems.length === 0 ? unmade('seal', 'there is no signature')
    : checked('seal', `The seal is valid and was made with the certificate of "${certificate?.subject ?? ''}"; every byte outside the seal is as it was when it was sealed.`, problems));
  return { checks, end, certificate, digestMatches, stamped };
}

/** The time stamp: of this seal, properly signed; `named` is the authority the pack says stamps it, null when none. */
export function checkTimestamp(stamped: SealFinding['stamped'], named: string | null): { check: PackCheck; at: Date | undefined } {
  const name = 'time stamp';
  if (!stamped) return { at: undefined, check: checked(name, 'The pack was not stamped by a time stamp authority; its times are those of the operator\'s clock.', named === null ? [] : [`the time stamp of ${named} is missing`]) };
  try {
    const { at, certificate, problems } = verifyTimestamp(stamped.token, sha256(stamped.signature));
    const fingerprint = certificate.fingerprint256.replaceAll(':', '').toLowerCase();
    return { at, check: checked(name, `The seal existed at ${at.toISOString()} by the word of "${certificate.subject.replaceAll('\n', ', ')}" (certificate SHA-256 ${fingerprint}); whether that authority is trustworthy, and a qualified one, is for you to judge.`, problems) };
  } catch (error) { return { at: undefined, check: { name, ok: false, message: `the time stamp cannot be read: ${coerceError(error).message}` } }; }
}

function findByteRange(bytes: Buffer): readonly [number, number, number] | undefined {
  const at = bytes.indexOf('/ByteRange [', 0, 'latin1');
  const found = at < 0 ? null : /^\/ByteRange \[0 (\d{1,12}) (\d{1,12}) (\d{1,12})\] *\n/.exec(bytes.toString('latin1', at, at + 80));
  return found ? [Number(found[1]), Number(found[2]), Number(found[3])] : undefined;
}

function checkEnd(bytes: Buffer, range: readonly [number, number, number] | undefined): PackCheck {
  if (!range) return unmade('file', 'the byte range of the seal was changed and cannot be read');
  const sealed = range[1] + range[2], more = bytes.length - sealed;
  // Our documents have one end, and the seal covers it: where it stands tells what was done.
  const endsAt = (at: number): boolean => bytes.toString('latin1', at - END.length, at) === END;
  const problems = more === 0 ? [] : more > 0 && endsAt(sealed) ? [`${more} bytes were appended after the pack was sealed`]
    : more < 0 && !endsAt(bytes.length) ? [`the file is cut: ${-more} of its ${sealed} bytes are missing`]
      : [`the file has ${bytes.length} bytes and the seal is for ${sealed}: bytes were put into it or taken out, or the byte range was changed`];
  return checked('file', `The file has its ${sealed} bytes; nothing was appended or cut off.`, problems);
}

function checkRange(bytes: Buffer, range: readonly [number, number, number] | undefined, open: number, close: number, end: number): PackCheck {
  const problems: string[] = [];
  if (!range) problems.push('the byte range of the seal was changed and cannot be read');
  else if (range[0] !== open || range[1] !== close + 1) problems.push('the byte range was changed: it does not leave out exactly the signature');
  if (bytes[open] !== 0x3c || bytes[close] !== 0x3e) problems.push('the brackets around the signature were changed');
  if (bytes.toString('latin1', open - CONTENTS.length + 1, open + 1) !== CONTENTS) problems.push('the entry that holds the signature was changed');
  if (bytes.indexOf(CONTENTS, close, 'latin1') >= 0 && bytes.indexOf(CONTENTS, close, 'latin1') < end) problems.push('there is more than one place for a signature');
  return checked('byte range', 'The seal covers the whole file except the signature itself.', problems);
}

/** The CMS in the room for it. Upper-case digits and anything but zeros behind it would be free bits, and are refused. */
function signatureBytes(hex: string): Buffer {
  if (!/^[0-9a-f]+$/.test(hex) || hex.length !== HEX) throw new RangeError('its digits were changed');
  const room = Buffer.from(hex, 'hex');
  const count = room[1]! & 0x7f;
  const length = room[1]! < 0x80 ? 2 + room[1]! : count >= 1 && count <= 3 ? 2 + count + room.readUIntBE(2, count) : room.length + 1;
  if (length > room.length) throw new RangeError('its length was changed');
  if (room.subarray(length).some((byte) => byte !== 0)) throw new RangeError('the padding behind it was changed');
  return room.subarray(0, length);
}

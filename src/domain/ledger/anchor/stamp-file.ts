// The published form of a time stamp: the checkpoint's note and the authority's token over its SHA-256, as one JSON file. Pure.
import { coerceError } from '../../../kernel/errors.js';
import { sha256 } from '../../../kernel/digest.js';
import { verifyTimestamp } from '../../../platform/timestamp/token.js';
import { openCheckpoint, type KeySpan } from '../log/key-chain.js';
import { decodeBase64 } from '../log/signed-note.js';

const FORMAT = 'holdfast.checkpoint-timestamp.v1';

export function formatStampFile({ note, token }: { note: string; token: Buffer }): string { return `${JSON.stringify({ format: FORMAT, note, token: token.toString('base64') }, null, 2)}\n`; }

/** What a time stamp attests: that the log had this root at this size at the latest at `at`. */
export interface Attested { readonly treeSize: bigint; readonly root: Buffer; readonly at: Date; /** Subject and SHA-256 of the authority's certificate, to be compared with what is known of it. */ readonly authority: string }

/** Checks a token over a note of this log. Throws Error that says what does not fit. */
export function openStamp({ note, token }: { note: string; token: Buffer }, chain: readonly KeySpan[]): Attested {
  const { treeSize, root } = openCheckpoint(note, chain), { at, certificate, problems } = verifyTimestamp(token, sha256(note));
  if (problems.length > 0) throw new RangeError(problems.join('; '));
  return { treeSize, root, at, authority: `${certificate.subject.replaceAll('\n', ', ')} (SHA-256 ${certificate.fingerprint256.replaceAll(':', '').toLowerCase()})` };
}

/** Reads the file without judging it. Throws RangeError for anything not written exactly as `formatStampFile` writes it. */
export function parseStampFile(text: string): { note: string; token: Buffer } {
  try {
    const { note, token } = JSON.parse(text) as { note?: unknown; token?: unknown }, bytes = typeof token === 'string' ? decodeBase64(token) : undefined;
    if (typeof note === 'string' && bytes && formatStampFile({ note, token: bytes }) === text) return { note, token: bytes };
  } catch (error) { throw new RangeError(`it is no time stamp of a checkpoint (${coerceError(error).message})`, { cause: error }); }
  throw new RangeError('it is no time stamp of a checkpoint, or was changed');
}

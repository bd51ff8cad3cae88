// Opened content as a person reads it: taken out of the encoding it travelled in.
import { brotliDecompressSync, constants, gunzipSync, inflateSync } from 'node:zlib';
import type { OpenedContent } from './open-content.js';

/** What is unpacked at most, bytes. */
const LONGEST = 64 * 1_048_576;

/** UTF-8 text; of a piece whose end was not kept, as far as it goes. Bytes in an encoding we cannot open, or broken ones, are shown as they are. */
export function readableText({ bytes, contentEncoding }: Pick<OpenedContent, 'bytes' | 'contentEncoding'>): string {
  const soft = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: LONGEST };
  try {
    switch (contentEncoding?.trim().toLowerCase()) {
      case 'gzip': case 'x-gzip': return gunzipSync(bytes, soft).toString('utf8');
      case 'deflate': return inflateSync(bytes, soft).toString('utf8');
      case 'br': return brotliDecompressSync(bytes, { finishFlush: constants.BROTLI_OPERATION_FLUSH, maxOutputLength: LONGEST }).toString('utf8');
      default: return bytes.toString('utf8');
    }
  } catch { return bytes.toString('utf8'); }
}

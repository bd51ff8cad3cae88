// How an answer's bytes pass: as a stream of events, or as a body. Either keeps its last bytes back until the call is on record.
import { createBrotliDecompress, createGunzip, createInflate, type Gunzip } from 'node:zlib';
import type { Meter } from './meter.js';
import { SseReader } from './sse-reader.js';

export interface Passage {
  /** Takes what came; returns what may go on. */
  take(chunk: Buffer): Buffer[];
  /** Whether the protocol's last event has come, whatever the connection does afterwards. */
  readonly ended: boolean;
  /** To be called when nothing more comes: what was kept back, in order. */
  held(): Buffer[];
}

export function streamPassage(meter: Meter): Passage {
  const reader = new SseReader((name, data) => meter.event(name, data));
  return { take: (chunk) => reader.feed(chunk), get ended() { return reader.ended; }, held: () => reader.held() };
}

/** Bodies beyond this are passed on unread, and their usage is estimated. */
const LARGEST_READ = 33_554_432;

/** Always one chunk behind. The meter reads the whole once it is there; without one nothing is kept. */
export function bodyPassage(meter: Meter | undefined): Passage {
  let last: Buffer | undefined, size = 0;
  const chunks: Buffer[] = [];
  return {
    take: (chunk) => {
      const before = last;
      last = chunk;
      size += chunk.length;
      if (meter && size <= LARGEST_READ) chunks.push(chunk);
      return before ? [before] : [];
    },
    ended: false,
    held: () => {
      meter?.body(size <= LARGEST_READ ? parse(chunks) : undefined);
      return last ? [last] : [];
    },
  };
}

function parse(chunks: readonly Buffer[]): unknown {
  try { return JSON.parse((chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString('utf8')); } catch { return undefined; }
}

/** Opens what a provider compressed although we asked it not to; undefined for identity. 'unknown': no way to read it. */
export function decoderFor(encoding: string | undefined): Gunzip | 'unknown' | undefined {
  switch (encoding?.trim().toLowerCase() ?? 'identity') {
    case 'identity': case '': return undefined;
    // Sync flush: an event must come out when it came in, not when a block is full; a missing end is noticed as a cut all the same.
    case 'gzip': case 'x-gzip': return createGunzip();
    case 'deflate': return createInflate();
    case 'br': return createBrotliDecompress();
    default: return 'unknown';
  }
}

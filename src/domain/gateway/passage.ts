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

/** Classes, not literals: a literal with a getter costs V8 a hidden class of its own for every call. */
class StreamPassage implements Passage {
  private readonly reader: SseReader;
  constructor(meter: Meter) { this.reader = new SseReader(meter); }
  get ended(): boolean { return this.reader.ended; }
  take(chunk: Buffer): Buffer[] { return this.reader.feed(chunk); }
  held(): Buffer[] { return this.reader.held(); }
}

/** Bodies beyond this are passed on unread, and their usage is estimated. */
const LARGEST_READ = 33_554_432;

class BodyPassage implements Passage {
  readonly ended = false;
  private last: Buffer | undefined;
  private size = 0;
  private readonly chunks: Buffer[] = [];
  constructor(private readonly meter: Meter | undefined) {}

  take(chunk: Buffer): Buffer[] {
    const before = this.last;
    this.last = chunk;
    this.size += chunk.length;
    if (this.meter && this.size <= LARGEST_READ) this.chunks.push(chunk);
    return before ? [before] : NOTHING;
  }

  held(): Buffer[] {
    this.meter?.body(this.size <= LARGEST_READ ? parse(this.chunks) : undefined);
    return this.last ? [this.last] : NOTHING;
  }
}
const NOTHING: Buffer[] = [];

export function streamPassage(meter: Meter): Passage { return new StreamPassage(meter); }

/** Always one chunk behind. The meter reads the whole once it is there; without one nothing is kept. */
export function bodyPassage(meter: Meter | undefined): Passage { return new BodyPassage(meter); }

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

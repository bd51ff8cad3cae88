// How an answer's bytes pass: as a stream of events, or as a body. Either keeps its last bytes back until the call is on record.
import { brotliDecompressSync, createBrotliDecompress, createGunzip, createInflate, gunzipSync, inflateSync, type Gunzip } from 'node:zlib';
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
  private chunks: Buffer[] = [];
  constructor(private readonly meter: Meter | undefined, private readonly type: string, private readonly encoding: string | undefined, private readonly keep: boolean) {}

  take(chunk: Buffer): Buffer[] {
    const before = this.last;
    this.last = chunk;
    this.size += chunk.length;
    if (this.keep && this.size <= LARGEST_READ) this.chunks.push(chunk); else if (this.chunks.length > 0) this.chunks = [];
    return before ? [before] : NOTHING;
  }

  held(): Buffer[] {
    this.meter?.body(this.keep && this.size <= LARGEST_READ ? contentOf(this.chunks, this.type, this.encoding) : undefined);
    return this.last ? [this.last] : NOTHING;
  }
}
const NOTHING: Buffer[] = [];
/** Sound, pictures, files: nothing to read in them, so nothing of them is kept. */
const BINARY = /^\s*(?:audio|image|video|font)\/|^\s*application\/(?:octet-stream|binary|zip|pdf|x-)/i;

export function streamPassage(meter: Meter): Passage { return new StreamPassage(meter); }

/** Always one chunk behind. Bytes pass as they came, compressed or not; the meter reads an opened copy once the whole is there. */
export function bodyPassage(meter: Meter | undefined, type = '', encoding?: string): Passage { return new BodyPassage(meter, type, encoding, meter !== undefined && !BINARY.test(type)); }

function contentOf(chunks: readonly Buffer[], type: string, encoding: string | undefined): unknown {
  const bytes = openBody(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks), encoding);
  const text = bytes?.toString('utf8');
  if (text === undefined) return undefined;
  try { return JSON.parse(text); } catch { return /^\s*text\//i.test(type) ? text : undefined; }
}

function openBody(bytes: Buffer, encoding: string | undefined): Buffer | undefined {
  const bounded = { maxOutputLength: LARGEST_READ };
  try {
    switch (encoding?.trim().toLowerCase() ?? 'identity') {
      case 'identity': case '': return bytes;
      case 'gzip': case 'x-gzip': return gunzipSync(bytes, bounded);
      case 'deflate': return inflateSync(bytes, bounded);
      case 'br': return brotliDecompressSync(bytes, bounded);
      default: return undefined;
    }
  } catch { return undefined; } // broken, or larger than we read: estimated
}

/** Opens a stream that a provider compressed although we asked it not to: its events must be seen before they go on. Undefined for identity, 'unknown': no way to read it. */
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

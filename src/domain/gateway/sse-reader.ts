// Server-sent events as they go by: cuts a byte stream into whole events without changing a byte of what is passed on.
import type { Disposition } from './meter.js';

/** Whoever is shown each event and says what becomes of it. */
export interface EventSink { event(name: string, data: string): Disposition }

const LF = 0x0a, CR = 0x0d, COLON = 0x3a;
/** An event that grows beyond this goes on unread. The last event of a stream may hold the pictures it made, base64. */
const LONGEST_EVENT = 16_777_216;
/** Beyond this what is held grows in a buffer that doubles, so that an event of many pieces is not copied for each of them. */
const COPIED_AT_ONCE = 65_536;

/**
 * Feed it chunks as they come; it returns what may go on. An event is held until its blank line has come, so that a meter can still
 * keep it back; comments go at once. After the event that ends the stream everything stays in `held`.
 */
export class SseReader {
  private readonly sink: EventSink;
  /** Bytes not passed on yet, and how far they were scanned. */
  private rest: Buffer = Buffer.alloc(0);
  private scanned = 0;
  private room: Buffer | undefined;
  /** Start of the current line, and of the current event's first field; -1 between events. */
  private line = 0;
  private eventStart = -1;
  private skipLf = false;
  private oversize = false;
  private hidden = false;
  private readonly heldBack: Buffer[] = [];
  private over = false;

  constructor(sink: EventSink) { this.sink = sink; }

  /** Whether the event that ends the stream has come. */
  get ended(): boolean { return this.over; }

  feed(chunk: Buffer): Buffer[] {
    if (this.over) { this.heldBack.push(chunk); return []; }
    const bytes = this.rest.length === 0 ? chunk : this.rest.length < COPIED_AT_ONCE ? Buffer.concat([this.rest, chunk]) : this.append(chunk);
    const out: Buffer[] = [];
    let passed = 0, passable = 0, at = this.scanned;
    for (; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte === LF && this.skipLf) {
        this.skipLf = false;
        this.line = at + 1;
        if (this.eventStart < 0) passable = at + 1;
        if (this.hidden) passed = at + 1; // the second half of a hidden event's last line end
        continue;
      }
      this.skipLf = this.hidden = false;
      if (byte !== LF && byte !== CR) continue;
      this.skipLf = byte === CR;
      const start = this.line, next = at + 1;
      this.line = next;
      if (at > start) { // a line with something in it
        if (this.eventStart < 0) { if (bytes[start] === COLON) passable = next; else this.eventStart = start; }
        continue;
      }
      const disposition = this.eventStart < 0 || this.oversize ? 'pass' : this.read(bytes.toString('utf8', this.eventStart, at));
      const eventStart = this.eventStart;
      this.eventStart = -1;
      this.oversize = false;
      if (disposition === 'pass') { passable = next; continue; }
      if (eventStart > passed) out.push(bytes.subarray(passed, eventStart));
      if (disposition === 'last') { this.over = true; this.heldBack.push(bytes.subarray(eventStart)); return out; }
      this.hidden = true;
      passed = passable = next;
    }
    if (this.oversize || bytes.length - passable > LONGEST_EVENT) {
      this.oversize = true;
      this.eventStart = Math.max(this.eventStart, 0); // its first line may not even have ended
      passable = bytes.length;
    }
    if (passable > passed) out.push(bytes.subarray(passed, passable));
    this.keep(bytes, Math.max(passed, passable));
    return out;
  }

  /** What was held back: the event that ends the stream and what followed, or a last event that never got its blank line. */
  held(): Buffer[] { return this.over ? this.heldBack : this.rest.length > 0 ? [this.rest] : []; }

  /** Writes behind what is held only: what was handed out lies before it. */
  private append(chunk: Buffer): Buffer {
    const { rest } = this, size = rest.length + chunk.length;
    let start = rest.byteOffset;
    if (rest.buffer !== this.room?.buffer || start + size > this.room.length) {
      this.room = Buffer.allocUnsafeSlow(size * 2);
      rest.copy(this.room);
      start = 0;
    }
    chunk.copy(this.room, start + rest.length);
    return this.room.subarray(start, start + size);
  }

  private keep(bytes: Buffer, from: number): void {
    this.rest = bytes.subarray(from);
    this.scanned = bytes.length - from;
    this.line -= from;
    if (this.eventStart >= 0) this.eventStart = this.oversize ? 0 : this.eventStart - from;
  }

  private read(event: string): Disposition {
    let name = '', data: string | undefined;
    for (const line of event.split(/\r\n|\n|\r/)) {
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
      if (field === 'data') data = data === undefined ? value : `${data}\n${value}`;
      else if (field === 'event') name = value;
    }
    return data === undefined ? 'pass' : this.sink.event(name, data);
  }
}

// UUIDv7 (RFC 9562 §5.7), minted by us alone: the id carries the time and thereby chooses the partition and the retention.
import { fillRandom } from './random.js';

export type Uuid = string;
const PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

let lastMs = 0;
let sequence = 0;
/** The id being minted; its text is made before the next one begins. */
const minted = Buffer.alloc(16);

/**
 * A new UUIDv7 for the instant `at`. Rises strictly within one process: 12 bits of counter follow the millisecond, and a
 * clock that stands still or steps back reuses the last millisecond instead of going back.
 */
export function mintId(at: Date): Uuid {
  const ms = at.getTime();
  if (ms > lastMs || ms < lastMs - 60_000) { lastMs = ms; fillRandom(minted, 0, 2); sequence = minted.readUInt16BE() & 0x7ff; } // a far jump is a test clock
  else if (++sequence > 0xfff) { lastMs += 1; sequence = 0; }
  minted.writeUIntBE(lastMs, 0, 6);
  minted.writeUInt16BE(0x7000 | sequence, 6);
  fillRandom(minted, 8, 8);
  minted[8] = (minted[8]! & 0x3f) | 0x80;
  return format(minted);
}

/** The smallest UUIDv7-ordered value of the instant; partition bounds and time windows are made of these. */
export function idLowerBound(at: Date): Uuid {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(at.getTime(), 0, 6);
  return format(bytes);
}

/** The instant inside a UUIDv7 (millisecond precision). */
export function instantOfId(id: Uuid): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}

/** Whether the text is a UUID in the lower-case form we mint. */
export function isUuid(text: string): boolean {
  return PATTERN.test(text);
}

function format(bytes: Buffer): Uuid {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

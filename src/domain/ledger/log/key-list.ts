// The published list of the log's keys: the first one, and the hand-overs since.
import { NoteError } from './signed-note.js';

const FORMAT = 'holdfast.log-keys.v1';
export interface KeyList { readonly first: string; readonly handovers: readonly string[] }

/** The text of /log/keys. */
export function formatKeyList({ first, handovers }: KeyList): string { return `${JSON.stringify({ format: FORMAT, first, handovers }, null, 2)}\n`; }

/** Reads it without judging the keys. Throws NoteError for anything not written exactly as `formatKeyList` writes it. */
export function parseKeyList(text: string): KeyList {
  let json: Partial<KeyList>;
  try { json = JSON.parse(text) as Partial<KeyList>; } catch { throw new NoteError('the list of keys is not JSON'); }
  const { first, handovers } = json;
  if (typeof first !== 'string' || !Array.isArray(handovers) || handovers.some((one) => typeof one !== 'string')) throw new NoteError('the list of keys names no keys');
  const list = { first, handovers: handovers as string[] };
  if (formatKeyList(list) !== text) throw new NoteError('the list of keys was changed');
  return list;
}

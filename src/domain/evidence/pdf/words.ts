// Text of a block: one piece, or one per language when a pack is bilingual.

/** `lang` is set where the piece is not in the document's main language. */
export interface Piece { readonly text: string; readonly lang?: string }
export type Words = readonly Piece[];

/** Words in no particular language: ids, names, recorded values. */
export function plain(text: string): Words { return [{ text }]; }

/** All pieces on one line. */
export function oneLine(words: Words, separator = '  '): string { return words.map((piece) => piece.text).join(separator); }

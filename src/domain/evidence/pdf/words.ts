// Text of a block: one piece, or one per language when a pack is bilingual.

/** `lang` is set where the piece is not in the document's main language; `minor` pieces explain the one before and are set smaller. */
export interface Piece { readonly text: string; readonly lang?: string; readonly minor?: true; readonly style?: 'regular' | 'mono' }
export type Words = readonly Piece[];

/** Words in no particular language: ids, names, recorded values. */
export function plain(text: string): Words { return [{ text }]; }

/** An addition to the words before it. */
export function minor(words: Words, style?: 'regular' | 'mono'): Words { return words.map((piece) => ({ ...piece, minor: true, ...(style ? { style } : {}) })); }

/** All pieces on one line. */
export function oneLine(words: Words, separator = '  '): string { return words.map((piece) => piece.text).join(separator); }

// What a page may show: every character visible and in reading order. Controls, bidirectional overrides, lone surrogates,
// invisible characters and what no font can draw are printed as \u{…}, so that nothing on the page can hide or mislead.

/** One thing to draw: a grapheme cluster, or the escape that stands for a character. */
export interface Cluster { readonly text: string; readonly escaped: boolean }

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });
/** Controls, formats (with all bidi controls), surrogates, private use, unassigned, separators, and every space but the plain and the ideographic one. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]|(?![ \u3000])\p{Zs}/u;
const MARK = /^\p{M}/u;
/** A cluster may have unlimited marks; past this many UTF-16 units it is shown code point by code point. */
const LONGEST_CLUSTER = 12;
const WINDOW = 256;

/** The escape of a code point: `\u{202e}`. */
export function escapeOf(codePoint: number): string { return `\\u{${codePoint.toString(16)}}`; }

/**
 * The text as clusters to draw, lazily. `drawable` says whether one font can draw the whole cluster. A backslash that starts
 * something looking like an escape is escaped itself, so that the printed form stays unambiguous.
 */
export function* visibleClusters(text: string, drawable: (cluster: string) => boolean): Generator<Cluster> {
  for (const [segment, index] of segments(text)) {
    if (segment === '\\' && text.startsWith('u{', index + 1)) yield escaped('\\');
    else if (plain(segment) && drawable(segment)) yield { text: segment, escaped: false };
    else for (const character of segment) yield plain(character) && !MARK.test(character) && drawable(character) ? { text: character, escaped: false } : escaped(character);
  }
}

/**
 * Grapheme clusters with their positions. In windows, as V8's segmenter takes quadratic time on one long string (measured: 300,000
 * characters 114 s); the last cluster of a window is read again with what follows it.
 */
function* segments(text: string): Generator<[string, number]> {
  let start = 0;
  while (start < text.length) {
    // A printable ASCII character between others of ASCII is a cluster by every rule; asking the segmenter takes ten times as long.
    while (isPlainAt(text, start)) { yield [text[start]!, start]; start += 1; }
    if (start === text.length) return;
    let end = Math.min(start + WINDOW, text.length);
    if (end < text.length && /[\ud800-\udbff]/.test(text[end - 1]!)) end += 1;
    const found = [...segmenter.segment(text.slice(start, end))];
    const whole = end === text.length || found.length === 1 ? found : found.slice(0, -1);
    for (const { segment, index } of whole) yield [segment, start + index];
    const last = whole.at(-1)!;
    start += last.index + last.segment.length;
  }
}

function isPlainAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x20 && code < 0x7f && !(text.charCodeAt(at - 1) >= 0x80) && !(text.charCodeAt(at + 1) >= 0x80);
}

/** Emoji that Unicode lists, joiners and selectors in them included: those hide nothing. */
const EMOJI = new RegExp('^\\p{RGI_Emoji}$', 'v');

function plain(cluster: string): boolean {
  return (!INVISIBLE.test(cluster) && cluster.length <= LONGEST_CLUSTER) || EMOJI.test(cluster);
}

function escaped(character: string): Cluster { return { text: escapeOf(character.codePointAt(0)!), escaped: true }; }

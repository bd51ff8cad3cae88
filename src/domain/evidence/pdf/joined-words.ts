// Words of scripts whose letters change with their neighbours: they are shaped as a whole, not cluster by cluster.
import type { Cluster } from './visible-text.js';

/** Letters written from right to left that we have fonts for; what no font has is an escape and reads from the left. */
export const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}]/u;
const JOINING = [/^[\p{Script=Arabic}\p{M}]+$/u, /^[\p{Script=Hebrew}\p{M}]+$/u, /^[\p{Script=Devanagari}\p{M}]+$/u] as const;
const LETTER = /\p{L}/u;
/** UTF-16 units of a shaped word at most; a longer one is shaped in pieces, so that a megabyte of letters stays a matter of time. */
const LONGEST_WORD = 40;

export interface Unit extends Cluster { /** What it was put together from. */ readonly clusters: readonly string[] }

/** Joins clusters that stand in one word of one such script; everything else passes as it is. */
export function* joinWords(clusters: Iterable<Cluster>): Generator<Unit> {
  let word: string[] = [], length = 0, script = -1;
  for (const cluster of clusters) {
    const own = cluster.escaped || !LETTER.test(cluster.text) ? -1 : JOINING.findIndex((one) => one.test(cluster.text));
    if (word.length > 0 && (own !== script || length + cluster.text.length > LONGEST_WORD)) { yield { text: word.join(''), escaped: false, clusters: word }; word = []; length = 0; }
    script = own;
    if (own < 0) yield { ...cluster, clusters: [cluster.text] };
    else { word.push(cluster.text); length += cluster.text.length; }
  }
  if (word.length > 0) yield { text: word.join(''), escaped: false, clusters: word };
}

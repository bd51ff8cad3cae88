// Which numbers without a record a purge may explain: certified purges of calls, with how many rows they removed and from when. Pure.
import type { Json } from '../../../kernel/canonical-json.js';
import { audits, memberOf, NUMBERING_DELAY_MS, wordOf } from './epoch-facts.js';
import type { ProofFile } from './proof-file.js';

export interface Purges {
  /** The certificate that explains `count` calls which began between the two times, counted off; undefined when none does. */
  take(count: number, around: { readonly after: number; readonly before: number }): string | undefined;
}

/** Reads the `purge.certify` records of the file: each states what its run removed, table by table. */
export function readPurges(file: ProofFile): Purges {
  const removed = audits(file, 'purge.certify').flatMap(({ after }) => {
    const list = memberOf(after ?? null, 'removed');
    return (Array.isArray(list) ? list as readonly Json[] : []).filter((one) => memberOf(one, 'table') === 'calls').map((one) => ({
      certificate: wordOf(memberOf(after ?? null, 'certificate_id')), from: Date.parse(wordOf(memberOf(one, 'min_at'))), to: Date.parse(wordOf(memberOf(one, 'max_at'))), left: Number(memberOf(one, 'rows')),
    }));
  });
  return { take: (count, { after, before }) => {
    const fitting = removed.filter((one) => one.from <= before + NUMBERING_DELAY_MS && one.to >= after - NUMBERING_DELAY_MS && one.left > 0);
    if (fitting.reduce((sum, one) => sum + one.left, 0) < count) return undefined;
    let open = count;
    for (const one of fitting) { const taken = Math.min(open, one.left); open -= taken; one.left -= taken; }
    return [...new Set(fitting.map((one) => one.certificate))].join(', ');
  } };
}

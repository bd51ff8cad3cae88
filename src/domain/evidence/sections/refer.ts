// References from one section to another, for kinds of packs that lack the other.
import type { Params } from '../template.js';
import type { Words } from '../pdf/words.js';
import type { SectionKey, Sheet } from './sheet.js';

/** The label with the number of the section it speaks of; where this pack has no such section, the label `…_alone`, which speaks of none. */
export function refer(sheet: Sheet, label: string, key: SectionKey, params: Params = {}): Words {
  const { labels } = sheet, number = sheet.section(key);
  return typeof number === 'number' ? labels.words(label, { ...params, section: number }) : labels.words(`${label}_alone`, params);
}

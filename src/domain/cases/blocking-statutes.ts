// Statutes that forbid answering a foreign authority directly, as data. Suggested, to be confirmed with counsel; r: from memory.
import type { Jurisdiction } from '../../kernel/jurisdiction.js';

export interface BlockingStatute {
  readonly id: string;
  /** Where the data is held, or whose law governs the account. */
  readonly countries: readonly Jurisdiction[];
  /** Authorities of these countries are not foreign to it. */
  readonly home: readonly Jurisdiction[];
  readonly says: string;
  readonly source: string;
}

const EU = ['AT', 'BE', 'BG', 'HR', 'CY', 'CZ', 'DK', 'EE', 'FI', 'FR', 'DE', 'GR', 'HU', 'IE', 'IT', 'LV', 'LT', 'LU', 'MT', 'NL', 'PL', 'PT', 'RO', 'SK', 'SI', 'ES', 'SE'];

export const BLOCKING_STATUTES: readonly BlockingStatute[] = [
  { id: 'cn-pipl-41', countries: ['CN'], home: ['CN'], says: 'personal information stored in China is given to foreign judicial or law-enforcement bodies only with approval of the competent authority', source: 'PIPL art. 41' },
  { id: 'cn-dsl-36', countries: ['CN'], home: ['CN'], says: 'data stored in China is given to foreign judicial or law-enforcement bodies only with approval of the competent authority', source: 'Data Security Law art. 36' },
  { id: 'eu-gdpr-48', countries: EU, home: EU, says: 'a judgment or decision of a third country is only recognised under an international agreement; otherwise another ground of chapter V is needed', source: 'GDPR art. 48' },
  { id: 'fr-68-678', countries: ['FR'], home: ['FR'], says: 'documents for foreign proceedings leave only through treaties', source: 'Loi n° 68-678 art. 1 bis (r)' },
  { id: 'ch-stgb-271', countries: ['CH'], home: ['CH'], says: 'acts for a foreign state on Swiss territory need permission; use mutual legal assistance', source: 'Swiss Criminal Code art. 271 (r)' },
];

/** The statutes an answer to an authority of `authority` meets, for data held in or governed by `places`. */
export function statutesFor(authority: Jurisdiction, places: readonly Jurisdiction[]): readonly BlockingStatute[] {
  return BLOCKING_STATUTES.filter((one) => places.some((place) => one.countries.includes(place)) && !one.home.includes(authority));
}

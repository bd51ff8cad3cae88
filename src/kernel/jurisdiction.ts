// Jurisdictions are ISO 3166-1 alpha-2 codes, upper case.

export type Jurisdiction = string;

/** Codes CLDR can name that are no assigned ISO 3166-1 code: unions, placeholders, exceptional reservations. */
const NOT_COUNTRIES = new Set(['AC', 'CP', 'CQ', 'DG', 'EA', 'EU', 'EZ', 'IC', 'QO', 'TA', 'UK', 'UN', 'XA', 'XB', 'ZZ']);
const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/** Whether `code` is an assigned ISO 3166-1 alpha-2 code (by the runtime's CLDR data). */
export function isJurisdiction(code: string): boolean {
  return /^[A-Z]{2}$/.test(code) && !NOT_COUNTRIES.has(code) && names.of(code) !== undefined;
}

/** Country name in the language, or the code itself. */
export function jurisdictionName(code: Jurisdiction, language: 'en' | 'zh' = 'en'): string {
  return new Intl.DisplayNames([language], { type: 'region' }).of(code) ?? code;
}

/** A transfer crosses a border when the account's jurisdiction is not among those where the provider processes (promise P7). */
export function crossesBorder(origin: Jurisdiction, processing: readonly Jurisdiction[]): boolean {
  return processing.length === 0 || processing.some((place) => place !== origin);
}

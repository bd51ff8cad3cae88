// Which version of a provider's terms is in force, and whether calls may go out under it (promise P2): pure.

export interface TermsVersion { readonly version: string; /** First day, YYYY-MM-DD. */ readonly effectiveFrom: string; readonly trainsOnInputs: boolean }

/** The version in force on `day`: of those already effective the newest; of one day's, the last listed. */
export function termsInForce<T extends TermsVersion>(terms: readonly T[], day: string): T | undefined {
  let best: T | undefined;
  for (const one of terms) if (one.effectiveFrom <= day && (!best || one.effectiveFrom >= best.effectiveFrom)) best = one;
  return best;
}

/** Whether calls may go out: unknown terms count as terms that allow training. */
export function termsPermit(terms: TermsVersion | undefined): boolean {
  return terms !== undefined && !terms.trainsOnInputs;
}

import { checkDay, checkHttpUrl, checkLine } from '../../kernel/field-rules.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { findProviderRow, findTerms, insertTerms, type TermsRow } from './provider.store.js';

export interface TermsInput {
  readonly version: string;
  /** First day, YYYY-MM-DD. */
  readonly effectiveFrom: string;
  readonly url: string;
  /** Such terms close the provider to calls from that day (promise P2). */
  readonly trainsOnInputs: boolean;
  /** How long the provider itself keeps inputs, whole days. */
  readonly retentionDays: number;
}

/**
 * Puts a version of a provider's terms on file. A version never changes and is never removed, since transfers name it. Refusals:
 * forbidden, invalid_request, not_found, conflict when the version is on file with other facts.
 */
export type AddTerms = (tx: Tx, providerId: string, input: TermsInput) => Promise<{ changed: boolean } | Refusal>;

export function createAddTerms(append: AppendRecord): AddTerms {
  return async (tx, providerId, input) => {
    const refusal = forbid(tx.actor, 'providers.write') ?? check(input);
    if (refusal) return refusal;
    if (!await findProviderRow(tx, providerId)) return refuse('not_found', `there is no provider ${providerId}`, 'providerId');
    const row: TermsRow = { provider_id: providerId, version: input.version, effective_from: input.effectiveFrom, url: input.url, trains_on_inputs: input.trainsOnInputs, retention_days: input.retentionDays };
    const found = await findTerms(tx, providerId, input.version);
    if (found && same(found, row)) return { changed: false };
    if (found || !await insertTerms(tx, row)) return refuse('conflict', `version ${input.version} of the terms of ${providerId} is on file with other facts; a version never changes, so give this one another name`, 'version');
    await append(tx, { action: 'terms.add', subjectKind: 'provider', subjectId: providerId, after: { version: row.version, effective_from: row.effective_from, url: row.url,
      trains_on_inputs: row.trains_on_inputs, retention_days: row.retention_days } });
    return { changed: true };
  };
}

function check(input: TermsInput): Refusal | undefined {
  const days = Number.isInteger(input.retentionDays) && input.retentionDays >= 0 && input.retentionDays <= 36_500;
  return checkLine(input.version, 'version', 100) ?? checkDay(input.effectiveFrom, 'effectiveFrom') ?? checkHttpUrl(input.url, 'url')
    ?? (days ? undefined : refuse('invalid_request', 'must be a whole number of days from 0 to 36500', 'retentionDays'));
}

function same(a: TermsRow, b: TermsRow): boolean {
  return a.effective_from === b.effective_from && a.url === b.url && a.trains_on_inputs === b.trains_on_inputs && a.retention_days === b.retention_days;
}

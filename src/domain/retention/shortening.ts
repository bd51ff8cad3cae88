// A shortening as a second person sees it: what exactly, and what it would make due. Pure but for the counting.
import type { DataType } from '../../kernel/data-types.js';
import type { Period } from '../../kernel/period.js';
import type { Facts } from '../security/index.js';
import type { ClockStart, Policy, PolicyInput } from './policy.js';
import { scopeOf } from './policy-scope.js';
import { OWN_CLOCK, type Rule } from './policy-rules.js';
import type { PreviewPurge } from './preview-purge.js';
import type { PurgePreview } from './purge.js';

/** A policy as its records tell it. */
export function describePolicy(policy: Policy): Facts {
  return { data_type: policy.dataType, account_id: policy.accountId, jurisdiction: policy.jurisdiction, item_ids: policy.itemIds, version: policy.version, keep: policy.keep, starts_at: policy.startsAt,
    purpose: policy.purpose, source: policy.source, legal_basis: policy.legalBasis, locked: policy.locked, effective_from: policy.effectiveFrom.toISOString() };
}

/** The change, whole, with what it takes the place of. */
export function proposalOf(input: PolicyInput, shortened: Policy, lastVersion: number, grace: Period): Facts {
  return { data_type: input.dataType, scope: scopeOf(input), account_id: input.accountId ?? null, jurisdiction: input.jurisdiction ?? null, item_ids: input.itemIds ? [...input.itemIds] : null, keep: input.keep,
    starts_at: input.startsAt ?? OWN_CLOCK[input.dataType], purpose: input.purpose ?? null, source: input.source ?? null, legal_basis: input.legalBasis ?? null, locked: input.locked ?? false,
    effective_from: input.effectiveFrom?.toISOString() ?? null, grace, last_version: lastVersion, shortens: { policy_id: shortened.policyId, keep: shortened.keep, starts_at: shortened.startsAt, scope: scopeOf(shortened) } };
}

/** The input again, from a proposal of ours. */
export function readProposal(proposal: Facts): { readonly input: PolicyInput; readonly shortens: string; readonly lastVersion: number } {
  const p = proposal as unknown as { data_type: DataType; account_id: string | null; jurisdiction: string | null; item_ids: string[] | null; keep: string; starts_at: ClockStart; purpose: string | null; source: string | null;
    legal_basis: string | null; locked: boolean; effective_from: string | null; last_version: number; shortens: { policy_id: string } };
  const input: PolicyInput = { dataType: p.data_type, keep: p.keep, startsAt: p.starts_at, locked: p.locked, confirmShortening: true, ...(p.account_id === null ? {} : { accountId: p.account_id }),
    ...(p.jurisdiction === null ? {} : { jurisdiction: p.jurisdiction }), ...(p.item_ids === null ? {} : { itemIds: p.item_ids }), ...(p.purpose === null ? {} : { purpose: p.purpose }), ...(p.source === null ? {} : { source: p.source }),
    ...(p.legal_basis === null ? {} : { legalBasis: p.legal_basis }), ...(p.effective_from === null ? {} : { effectiveFrom: new Date(p.effective_from) }) };
  return { input, shortens: p.shortens.policy_id, lastVersion: p.last_version };
}

/** What runs would remove now, and would by the policy. */
export async function impactOf(previewPurge: PreviewPurge, input: PolicyInput): Promise<Facts & { readonly rows_due_before: string; readonly rows_due_after: string }> {
  const [before] = await previewPurge(input.dataType), [after] = await previewPurge(input.dataType, input);
  const rows = (preview: PurgePreview | undefined): bigint => preview?.rowsDue ?? 0n;
  return { rows_due_before: rows(before).toString(), rows_due_after: rows(after).toString(), bytes_due_after: (after?.bytesDue ?? 0n).toString(),
    rows_held_after: (after?.rowsHeld ?? 0n).toString(), accounts_held_after: after?.accountsHeld ?? 0, oldest_due_after: after?.oldest?.toISOString() ?? null };
}

export function shorteningMessage(governing: Rule, input: PolicyInput, impact: Awaited<ReturnType<typeof impactOf>>, grace: Period): string {
  return `${input.keep} is shorter than ${governing.keep}, which is in force: ${impact.rows_due_after} rows would be due at the next run, now ${impact.rows_due_before}. `
    + `A second person has to approve it, and then it takes effect ${grace} later; look at the preview, then confirm it`;
}

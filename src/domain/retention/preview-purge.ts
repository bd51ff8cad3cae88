// What a run would remove now, or would under a policy that is not published. Changes nothing.
import type { Clock } from '../../kernel/clock.js';
import { DATA_TYPES, type DataType } from '../../kernel/data-types.js';
import { cutOffsAt, lastCutOff, type CutOffs } from './cut-off-rules.js';
import { readFacts, readItems, type Facts } from './facts.view.js';
import { sortedIds } from './hold-input.js';
import { scopeOf } from './policy-scope.js';
import { governingRules, OWN_CLOCK, resolveRetention, type Rule } from './policy-rules.js';
import type { HypotheticalPolicy, PreviewPart, PurgePreview } from './purge.js';
import { countParts } from './purge-count.view.js';
import { readHeld, roundedFor } from './purge-guard.js';
import type { Query } from './query.store.js';

export type PreviewPurge = (dataType?: DataType, hypothetical?: HypotheticalPolicy) => Promise<PurgePreview[]>;

/** Binds the reading pool. One preview a data type; with a hypothetical policy of the same scope, that one stands in its place. */
export function createPreviewPurge(deps: { query: Query; clock: Clock; timeZone: string }): PreviewPurge {
  return async (dataType, hypothetical) => {
    const previews: PurgePreview[] = [];
    for (const type of dataType ? [dataType] : DATA_TYPES) previews.push(await previewOne(deps, type, hypothetical));
    return previews;
  };
}

async function previewOne(deps: { query: Query; clock: Clock; timeZone: string }, dataType: DataType, hypothetical?: HypotheticalPolicy): Promise<PurgePreview> {
  const now = deps.clock.now(), stored = await readFacts(deps.query, dataType, deps.timeZone, now);
  const facts = hypothetical ? await withHypothetical(deps.query, stored, dataType, hypothetical) : stored;
  const cutOffs = roundedFor(dataType, cutOffsAt(dataType, facts, facts.accounts, now, facts.items));
  const held = await readHeld(deps.query, dataType, now);
  const parts = await countParts(deps.query, dataType, { cutOffs, held }, deps.timeZone);
  const started = first(parts.map((part) => part.clockStart));
  return { dataType, policies: facts.rules.map(describeRule), cutOff: lastCutOff(cutOffs), rowsDue: sum(parts, 'rowsDue'), rowsHeld: sum(parts, 'rowsHeld'),
    accountsHeld: new Set(parts.flatMap((part) => part.heldAccounts)).size, bytesDue: sum(parts, 'bytesDue'),
    oldest: first(parts.map((part) => part.minAt)), overdueSince: started && overdueSince(dataType, facts, cutOffs, started), parts };
}

/** The facts as they would be with the policy in the place of that of its scope. */
export async function withHypothetical(query: Query, facts: Facts, dataType: DataType, policy: HypotheticalPolicy): Promise<Omit<Facts, 'rules'> & { rules: readonly Rule[] }> {
  const rule: Rule = { dataType, accountId: policy.accountId ?? null, jurisdiction: policy.jurisdiction ?? null, itemIds: sortedIds(policy.itemIds), keep: policy.keep,
    startsAt: policy.startsAt ?? OWN_CLOCK[dataType], policyId: null, version: null, purpose: 'hypothetical', source: null };
  const scope = scopeOf(rule), rules: Rule[] = [rule, ...facts.rules.filter((one) => scopeOf(one) !== scope)];
  const items = rule.itemIds ? await readItems(query, dataType, [...new Set([...facts.items.map((item) => item.itemId), ...rule.itemIds])]) : facts.items;
  return { ...facts, rules, items };
}

function describeRule(rule: Rule): PurgePreview['policies'][number] {
  const scope = rule.itemIds ? `${rule.itemIds.length} items` : rule.accountId !== null ? `account ${rule.accountId}` : rule.jurisdiction !== null ? `jurisdiction ${rule.jurisdiction}` : 'all accounts';
  return { policyId: rule.policyId, scope, keep: rule.keep, startsAt: rule.startsAt, version: rule.version };
}

// When the oldest row became due, by the rule of all; where only accounts of their own rules are due, the cut-off says it well enough.
function overdueSince(dataType: DataType, facts: Pick<Facts, 'operator' | 'timeZone'> & { rules: readonly Rule[] }, cutOffs: CutOffs, start: Date): Date | null {
  if (cutOffs.standard === null || governingRules(facts.rules, dataType, null, null).length === 0) return lastCutOff(cutOffs);
  const item = { dataType, createdAt: start, accountId: null, jurisdiction: null, accountClosedAt: start, fiscalYearEnd: start };
  return resolveRetention(item, facts).deleteAt;
}

function sum(parts: readonly PreviewPart[], field: 'rowsDue' | 'rowsHeld' | 'bytesDue'): bigint { return parts.reduce((total, part) => total + part[field], 0n); }

function first(dates: readonly (Date | null)[]): Date | null {
  return dates.reduce((a, b) => (a === null || (b !== null && b < a) ? b : a), null);
}

// What a run would remove now, or would under a policy that is not published. Changes nothing.
import type { Clock } from '../../kernel/clock.js';
import { DATA_TYPES, type DataType } from '../../kernel/data-types.js';
import { cutOffsAt, lastCutOff, type CutOffs } from './cut-off-rules.js';
import { readFacts, type Facts } from './facts.view.js';
import { governingRules, OWN_CLOCK, resolveRetention, type Rule } from './policy-rules.js';
import type { HypotheticalPolicy, PreviewPart, PurgePreview } from './purge.js';
import { countParts } from './purge-count.view.js';
import { readHeldAccounts, roundedFor } from './purge-guard.js';
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
  const stored = await readFacts(deps.query, dataType, deps.timeZone), now = deps.clock.now();
  const facts = hypothetical ? { ...stored, rules: withHypothetical(stored.rules, dataType, hypothetical) } : stored;
  const cutOffs = roundedFor(dataType, cutOffsAt(dataType, facts, stored.accounts, now));
  const held = await readHeldAccounts(deps.query, dataType, now);
  const parts = await countParts(deps.query, dataType, { cutOffs, held }, deps.timeZone);
  const started = first(parts.map((part) => part.clockStart));
  return { dataType, policies: facts.rules.map(describeRule), cutOff: lastCutOff(cutOffs), rowsDue: sum(parts, 'rowsDue'), rowsHeld: sum(parts, 'rowsHeld'),
    accountsHeld: new Set(parts.flatMap((part) => part.heldAccounts)).size, bytesDue: sum(parts, 'bytesDue'),
    oldest: first(parts.map((part) => part.minAt)), overdueSince: started && overdueSince(dataType, facts, cutOffs, started), parts };
}

function withHypothetical(rules: readonly Rule[], dataType: DataType, policy: HypotheticalPolicy): Rule[] {
  const rule: Rule = { dataType, accountId: policy.accountId ?? null, jurisdiction: policy.jurisdiction ?? null, keep: policy.keep,
    startsAt: policy.startsAt ?? OWN_CLOCK[dataType], policyId: null, version: null, purpose: 'hypothetical', source: null };
  return [rule, ...rules.filter((one) => one.accountId !== rule.accountId || one.jurisdiction !== rule.jurisdiction)];
}

function describeRule(rule: Rule): PurgePreview['policies'][number] {
  const scope = rule.accountId !== null ? `account ${rule.accountId}` : rule.jurisdiction !== null ? `jurisdiction ${rule.jurisdiction}` : 'all accounts';
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

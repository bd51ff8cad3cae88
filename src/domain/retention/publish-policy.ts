// Publishes a retention policy: versioned, within the legal limits, and never shorter by accident.
import type { Clock } from '../../kernel/clock.js';
import { DATA_TYPES } from '../../kernel/data-types.js';
import { mintId } from '../../kernel/ids.js';
import { isJurisdiction } from '../../kernel/jurisdiction.js';
import { isPeriod, isShorterPeriod } from '../../kernel/period.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { DEFAULT_POLICIES } from './default-policies.js';
import { readFacts, type Facts } from './facts.view.js';
import { checkLimits } from './limit-rules.js';
import { insertPolicy, lockPolicies, readLastVersion, supersedePolicy } from './policies.store.js';
import type { Policy, PolicyInput, PublishedPolicy } from './policy.js';
import { clocksFor, governingRules, OWN_CLOCK, type Rule } from './policy-rules.js';
import type { PreviewPurge } from './preview-purge.js';
import type { PurgePreview } from './purge.js';
import { inTx } from './query.store.js';

export interface PublishDeps { readonly clock: Clock; readonly append: AppendRecord; readonly timeZone: string; readonly previewPurge: PreviewPurge }

/** Binds the use case. Refusals: forbidden, invalid_request, not_found, conflict (a limit), confirmation_required (shortening). */
export function createPublishPolicy(deps: PublishDeps): (tx: Tx, input: PolicyInput) => Promise<PublishedPolicy | Refusal> {
  return async (tx, input) => {
    const wrong = forbid(tx.actor, 'retention.write') ?? checkInput(input);
    if (wrong) return wrong;
    await lockPolicies(tx);
    const facts = await readFacts(inTx(tx), input.dataType, deps.timeZone);
    const account = facts.accounts.find((one) => one.accountId === input.accountId);
    if (input.accountId !== undefined && !account) return refuse('not_found', `no account ${input.accountId}`, 'accountId');
    const governed = account ? [account.jurisdiction] : input.jurisdiction !== undefined ? [input.jurisdiction] : jurisdictionsLeft(input, facts);
    const verdict = checkLimits(input, facts.operator, governed);
    if (isRefusal(verdict)) return verdict;
    const current = facts.rules.find((rule) => rule.accountId === (input.accountId ?? null) && rule.jurisdiction === (input.jurisdiction ?? null));
    if (current && isSame(current, input)) return { policyId: current.policyId, version: current.version, changed: false, advice: verdict.advice };
    const [governing] = current ? [current] : governingRules(facts.rules, input.dataType, input.accountId ?? null, account?.jurisdiction ?? input.jurisdiction ?? null);
    const impact = governing && isShortening(governing, input) ? await impactOf(deps, input) : undefined;
    if (impact && governing && input.confirmShortening !== true) return refuse('confirmation_required', shorteningMessage(governing, input, impact), 'confirmShortening');
    const policy = await publish(deps, tx, input, current);
    await deps.append(tx, { action: 'policy.publish', subjectKind: 'policy', subjectId: policy.policyId, purpose: 'compliance_retention',
      ...(current ? { before: describe(current) } : {}), after: { ...describe(policy), advice: verdict.advice, ...(impact ? { shortening: impact } : {}) } });
    return { policyId: policy.policyId, version: policy.version, changed: true, advice: verdict.advice };
  };
}

function checkInput(input: PolicyInput): Refusal | undefined {
  if (!DATA_TYPES.includes(input.dataType)) return refuse('invalid_request', `no data type ${String(input.dataType)}; it is one of ${DATA_TYPES.join(', ')}`, 'dataType');
  if (!isPeriod(input.keep) || isShorterPeriod('P100Y', input.keep)) return refuse('invalid_request', `${input.keep} is not a period of at most P100Y, such as P12M, P3Y, P30D, PT72H or P0D`, 'keep');
  if (input.accountId !== undefined && input.jurisdiction !== undefined) return refuse('invalid_request', 'a policy is for an account or for a jurisdiction, not for both', 'jurisdiction');
  if (input.jurisdiction !== undefined && !isJurisdiction(input.jurisdiction)) return refuse('invalid_request', `${input.jurisdiction} is not an ISO 3166-1 alpha-2 code`, 'jurisdiction');
  const clocks = clocksFor(input.dataType);
  if (input.startsAt !== undefined && !clocks.includes(input.startsAt)) return refuse('invalid_request', `${input.dataType} counts from ${clocks.join(' or ')}, not from ${input.startsAt}`, 'startsAt');
  return undefined;
}

// A policy for all accounts governs those for which nothing more explicit is in force.
function jurisdictionsLeft(input: PolicyInput, facts: Facts): string[] {
  const explicit = facts.rules.filter((rule) => rule.accountId !== null || rule.jurisdiction !== null);
  return [...new Set(facts.accounts.filter((one) => governingRules(explicit, input.dataType, one.accountId, one.jurisdiction).length === 0).map((one) => one.jurisdiction))];
}

function isSame(current: Policy, input: PolicyInput): boolean {
  return current.keep === input.keep && current.startsAt === (input.startsAt ?? OWN_CLOCK[input.dataType])
    && (input.purpose === undefined || input.purpose === current.purpose) && (input.source === undefined || input.source === current.source);
}

// Another clock can end sooner for somebody, whatever the periods.
function isShortening(governing: Rule, input: PolicyInput): boolean {
  return governing.startsAt !== (input.startsAt ?? OWN_CLOCK[input.dataType]) || isShorterPeriod(input.keep, governing.keep);
}

interface Impact { readonly [key: string]: string | number | null }

async function impactOf(deps: PublishDeps, input: PolicyInput): Promise<Impact> {
  const [before] = await deps.previewPurge(input.dataType), [after] = await deps.previewPurge(input.dataType, input);
  const rows = (preview: PurgePreview | undefined): bigint => preview?.rowsDue ?? 0n;
  return { rows_due_before: rows(before).toString(), rows_due_after: rows(after).toString(), bytes_due_after: (after?.bytesDue ?? 0n).toString(),
    rows_held_after: (after?.rowsHeld ?? 0n).toString(), accounts_held_after: after?.accountsHeld ?? 0, oldest_due_after: after?.oldest?.toISOString() ?? null };
}

function shorteningMessage(governing: Rule, input: PolicyInput, impact: Impact): string {
  return `${input.keep} is shorter than ${governing.keep}, which is in force: ${impact['rows_due_after']} rows would be due at the next run, now ${impact['rows_due_before']}. `
    + 'Shortening takes effect at once; look at the preview, then confirm it';
}

async function publish(deps: PublishDeps, tx: Tx, input: PolicyInput, current: Policy | undefined): Promise<Policy> {
  const now = deps.clock.now();
  const scope = { dataType: input.dataType, accountId: input.accountId ?? null, jurisdiction: input.jurisdiction ?? null };
  const policy: Policy = { ...scope, policyId: mintId(now), version: await readLastVersion(tx, scope) + 1, keep: input.keep, startsAt: input.startsAt ?? OWN_CLOCK[input.dataType],
    purpose: input.purpose ?? current?.purpose ?? DEFAULT_POLICIES[input.dataType].purpose, source: input.source ?? null,
    status: 'in_force', publishedBy: tx.actor.name, effectiveFrom: now, supersededAt: null };
  if (current) await supersedePolicy(tx, current.policyId, now);
  await insertPolicy(tx, policy);
  return policy;
}

function describe(policy: Policy): Record<string, string | number | null> {
  return { data_type: policy.dataType, account_id: policy.accountId, jurisdiction: policy.jurisdiction, version: policy.version, keep: policy.keep,
    starts_at: policy.startsAt, purpose: policy.purpose, source: policy.source };
}

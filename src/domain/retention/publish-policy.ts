// Publishes a retention policy: versioned, dated, within the legal limits; shorter only on the word of two people and after a grace period.
import type { Clock } from '../../kernel/clock.js';
import { mintId } from '../../kernel/ids.js';
import { addPeriod, type Period } from '../../kernel/period.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid, type Approval, type RequestApproval } from '../security/index.js';
import type { AccountFacts } from './cut-off-rules.js';
import { DEFAULT_POLICIES } from './default-policies.js';
import { readFacts, readItems, type Facts } from './facts.view.js';
import { sortedIds } from './hold-input.js';
import { checkLimits } from './limit-rules.js';
import { hasRows, insertPolicy, lockPolicies, readLastVersion, supersedePolicy, withdrawScheduled } from './policies.store.js';
import type { Policy, PolicyInput, PublishedPolicy } from './policy.js';
import { checkPolicy, displaced, isSame, isShortening } from './policy-input.js';
import { governingRules, OWN_CLOCK } from './policy-rules.js';
import { scopeOf } from './policy-scope.js';
import type { PreviewPurge } from './preview-purge.js';
import { PURGE_TARGETS } from './purge-targets.js';
import { inTx } from './query.store.js';
import { describePolicy, impactOf, proposalOf, readProposal, shorteningMessage } from './shortening.js';

export interface PublishDeps { readonly clock: Clock; readonly append: AppendRecord; readonly timeZone: string; readonly grace: Period; readonly previewPurge: PreviewPurge; readonly requestApproval: RequestApproval }
export const SHORTEN_ACTION = 'policy.shorten';

/** What the law and the policies in force say to an input. */
interface Judged { readonly current: Policy | undefined; readonly shortened: Policy | undefined; readonly advice: readonly string[] }

/**
 * Binds the use case. Lengthening takes effect at once, or from `effectiveFrom`. Shortening asks a second person (the answer has an
 * `approvalId`), unless no row of the data type is on record yet. Refusals: forbidden, invalid_request, not_found, conflict (a limit, a
 * lock), confirmation_required (shortening).
 */
export function createPublishPolicy(deps: PublishDeps): (tx: Tx, input: PolicyInput) => Promise<PublishedPolicy | Refusal> {
  return async (tx, input) => {
    const wrong = forbid(tx.actor, 'retention.write') ?? checkPolicy(input);
    if (wrong) return wrong;
    await lockPolicies(tx);
    const judged = await judge(deps, tx, input);
    if (isRefusal(judged)) return judged;
    const { current, shortened, advice } = judged;
    if (current && isSame(current, input)) return { policyId: current.policyId, version: current.version, changed: false, advice, effectiveFrom: current.effectiveFrom, approvalId: null };
    const promised = shortened && await hasRows(tx, PURGE_TARGETS[input.dataType].map((target) => target.table));
    if (!shortened) return await publish(deps, tx, input, judged, {});
    const impact = await impactOf(deps.previewPurge, input);
    if (input.confirmShortening !== true) return refuse('confirmation_required', shorteningMessage(shortened, input, impact, deps.grace), 'confirmShortening');
    if (!promised) return await publish(deps, tx, input, judged, { shortening: impact });
    const scope = scopeOf(input);
    const approval = await deps.requestApproval(tx, { action: SHORTEN_ACTION, subjectKind: 'policy', subjectId: `${input.dataType} ${scope}`, ...(input.source ? { reason: input.source } : {}),
      proposal: proposalOf(input, shortened, await readLastVersion(tx, input.dataType, scope), deps.grace), preview: impact });
    return isRefusal(approval) ? approval : { policyId: current?.policyId ?? null, version: current?.version ?? 0, changed: false, advice, effectiveFrom: null, approvalId: approval.approvalId };
  };
}

/** What approving does: the policy is scheduled, to take effect when the grace period is over. Refuses when anything it rested on has changed. */
export function createCarryOutShortening(deps: Omit<PublishDeps, 'requestApproval'>): (tx: Tx, approval: Approval) => Promise<Refusal | undefined> {
  return async (tx, approval) => {
    const { input, shortens, lastVersion } = readProposal(approval.proposal);
    await lockPolicies(tx);
    const judged = await judge(deps, tx, input);
    if (isRefusal(judged)) return judged;
    if (await readLastVersion(tx, input.dataType, scopeOf(input)) !== lastVersion || judged.shortened?.policyId !== shortens) return refuse('conflict', 'the policies have changed since this was asked; ask again');
    const graceEnds = addPeriod(deps.clock.now(), deps.grace, deps.timeZone);
    const effectiveFrom = input.effectiveFrom && input.effectiveFrom > graceEnds ? input.effectiveFrom : graceEnds;
    const published = await publish(deps, tx, { ...input, effectiveFrom }, judged, { approvalId: approval.approvalId, requested_by: approval.requestedBy, shortening: approval.preview }, approval);
    return isRefusal(published) ? published : undefined;
  };
}

async function judge(deps: Pick<PublishDeps, 'clock' | 'timeZone'>, tx: Tx, input: PolicyInput): Promise<Judged | Refusal> {
  const query = inTx(tx), facts = await readFacts(query, input.dataType, deps.timeZone, deps.clock.now());
  const account = facts.accounts.find((one) => one.accountId === input.accountId);
  if (input.accountId !== undefined && !account) return refuse('not_found', `no account ${input.accountId}`, 'accountId');
  const items = input.itemIds ? await readItems(query, input.dataType, input.itemIds) : [];
  const missing = input.itemIds?.find((id) => !items.some((item) => item.itemId === id));
  if (missing !== undefined) return refuse('not_found', `no item ${missing} of ${input.dataType} is on record`, 'itemIds');
  const verdict = checkLimits(input, facts.operator, governedBy(input, facts, account, new Set(items.map((item) => item.accountId))));
  if (isRefusal(verdict)) return verdict;
  const scope = scopeOf(input), current = facts.rules.find((rule) => scopeOf(rule) === scope);
  const before = displaced(facts.rules, input, account?.jurisdiction ?? input.jurisdiction ?? null, current), shortened = before.find((rule) => isShortening(rule, input));
  const locked = before.find((rule) => rule.locked && isShortening(rule, input));
  if (locked) return refuse('conflict', `policy ${locked.policyId} (${locked.keep}, ${scopeOf(locked)}) is locked: from there on ${input.dataType} may only be lengthened, by nobody's word shortened`, 'keep');
  return { current, shortened, advice: verdict.advice };
}

function governedBy(input: PolicyInput, facts: Facts, account: AccountFacts | undefined, itemAccounts: ReadonlySet<string | null>): string[] {
  if (input.itemIds) return facts.accounts.filter((one) => itemAccounts.has(one.accountId)).map((one) => one.jurisdiction);
  if (account) return [account.jurisdiction];
  if (input.jurisdiction !== undefined) return [input.jurisdiction];
  // A policy for all accounts governs those for which nothing more explicit is in force.
  const explicit = facts.rules.filter((rule) => rule.accountId !== null || rule.jurisdiction !== null);
  return [...new Set(facts.accounts.filter((one) => governingRules(explicit, input.dataType, one.accountId, one.jurisdiction).length === 0).map((one) => one.jurisdiction))];
}

async function publish(deps: Pick<PublishDeps, 'clock' | 'append'>, tx: Tx, input: PolicyInput, { current, shortened, advice }: Judged, more: Record<string, string | object>, approval?: Approval): Promise<PublishedPolicy | Refusal> {
  const now = deps.clock.now(), { dataType } = input, scope = scopeOf(input), later = input.effectiveFrom !== undefined && input.effectiveFrom > now;
  const effectiveFrom = later ? input.effectiveFrom : now;
  const policy: Policy = { dataType, accountId: input.accountId ?? null, jurisdiction: input.jurisdiction ?? null, itemIds: sortedIds(input.itemIds), policyId: mintId(now), version: await readLastVersion(tx, dataType, scope) + 1,
    keep: input.keep, startsAt: input.startsAt ?? OWN_CLOCK[dataType], purpose: input.purpose ?? current?.purpose ?? DEFAULT_POLICIES[dataType].purpose, source: input.source ?? null, legalBasis: input.legalBasis ?? null,
    locked: (input.locked ?? false) || (current?.locked ?? false), shortens: shortened !== undefined, approvalId: approval?.approvalId ?? null, status: later ? 'scheduled' : 'in_force',
    publishedBy: approval?.requestedBy ?? tx.actor.name, publishedAt: now, effectiveFrom, supersededAt: null };
  // Whoever publishes has the last word: what was to come for the same scope does not.
  const withdrawn = await withdrawScheduled(tx, { dataType, scope }, now);
  if (current && !later) await supersedePolicy(tx, current.policyId, now);
  await insertPolicy(tx, policy);
  await deps.append(tx, { action: 'policy.publish', subjectKind: 'policy', subjectId: policy.policyId, purpose: 'compliance_retention', ...(current ? { before: describePolicy(current) } : {}),
    after: { ...describePolicy(policy), advice, ...(withdrawn.length > 0 ? { withdrawn } : {}), ...JSON.parse(JSON.stringify(more)) as Record<string, string> } });
  return { policyId: policy.policyId, version: policy.version, changed: true, advice, effectiveFrom, approvalId: policy.approvalId };
}

// What a policy may say, before the law and the policies in force are asked. Pure.
import { DATA_TYPES } from '../../kernel/data-types.js';
import { isUuid } from '../../kernel/ids.js';
import { isJurisdiction } from '../../kernel/jurisdiction.js';
import { isPeriod, isShorterPeriod } from '../../kernel/period.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import { MAX_IDS } from './hold-input.js';
import type { Policy, PolicyInput } from './policy.js';
import { clocksFor, OWN_CLOCK, rulesByLevel, type Rule } from './policy-rules.js';
import { PURGE_TARGETS } from './purge-targets.js';

export function checkPolicy(input: PolicyInput): Refusal | undefined {
  if (!DATA_TYPES.includes(input.dataType)) return refuse('invalid_request', `no data type ${String(input.dataType)}; it is one of ${DATA_TYPES.join(', ')}`, 'dataType');
  if (!isPeriod(input.keep) || isShorterPeriod('P100Y', input.keep)) return refuse('invalid_request', `${input.keep} is not a period of at most P100Y, such as P12M, P3Y, P30D, PT72H or P0D`, 'keep');
  if (input.accountId !== undefined && input.jurisdiction !== undefined) return refuse('invalid_request', 'a policy is for an account or for a jurisdiction, not for both', 'jurisdiction');
  if (input.jurisdiction !== undefined && !isJurisdiction(input.jurisdiction)) return refuse('invalid_request', `${input.jurisdiction} is not an ISO 3166-1 alpha-2 code`, 'jurisdiction');
  const items = input.itemIds && checkItems(input);
  if (items) return items;
  const clocks = clocksFor(input.dataType, input);
  if (input.startsAt !== undefined && !clocks.includes(input.startsAt)) return refuse('invalid_request', `${input.dataType} counts from ${clocks.join(' or ')} here, not from ${input.startsAt}`, 'startsAt');
  return undefined;
}

function checkItems({ dataType, accountId, jurisdiction, itemIds = [] }: PolicyInput): Refusal | undefined {
  if (accountId !== undefined || jurisdiction !== undefined) return refuse('invalid_request', 'a policy of single items names no account and no jurisdiction', 'itemIds');
  if (!PURGE_TARGETS[dataType].some((target) => target.item && target.clockType !== 'timestamptz')) return refuse('invalid_request', `${dataType} has no policies of single items; publish one for the account`, 'itemIds');
  if (itemIds.length === 0 || itemIds.length > MAX_IDS) return refuse('invalid_request', `name 1 to ${MAX_IDS} ids`, 'itemIds');
  const wrong = itemIds.find((id) => !isUuid(id));
  return wrong === undefined ? undefined : refuse('invalid_request', `${wrong.slice(0, 60)} is not an id: a UUID in lower case`, 'itemIds');
}

/** Whether exactly this is in force. */
export function isSame(current: Policy, input: PolicyInput): boolean {
  const kept = (given: string | undefined, has: string | null): boolean => given === undefined || given === has;
  return current.keep === input.keep && current.startsAt === (input.startsAt ?? OWN_CLOCK[input.dataType]) && kept(input.purpose, current.purpose) && kept(input.source, current.source)
    && kept(input.legalBasis, current.legalBasis) && (input.locked !== true || current.locked) && input.effectiveFrom === undefined;
}

/** The policies whose place the new one takes for somebody: that of its scope, else those that would govern it. */
export function displaced(rules: readonly Policy[], input: PolicyInput, jurisdiction: string | null, current: Policy | undefined): readonly Policy[] {
  if (current) return [current];
  // Items may be of any account, so each wider policy counts.
  if (input.itemIds) return rules.filter((rule) => !rule.itemIds);
  return rulesByLevel(rules, input.dataType, input.accountId ?? null, jurisdiction).find((level) => level.length > 0) ?? [];
}

/** Another clock can end sooner for somebody, whatever the periods. */
export function isShortening(governing: Rule, input: PolicyInput): boolean {
  return governing.startsAt !== (input.startsAt ?? OWN_CLOCK[input.dataType]) || isShorterPeriod(input.keep, governing.keep);
}

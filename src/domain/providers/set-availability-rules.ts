import { canonicalJson, type Json } from '../../kernel/canonical-json.js';
import type { Clock } from '../../kernel/clock.js';
import { checkJurisdiction, checkModelPattern, checkSlug } from '../../kernel/field-rules.js';
import { mintId } from '../../kernel/ids.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { AVAILABILITY_CONDITIONS, type AvailabilityConditions, type AvailabilityRule } from './availability-rules.js';
import { findAvailability, replaceAvailability, unknownAccounts } from './availability.store.js';
import { categoriesOf } from './model.store.js';

export type AvailabilityRuleInput = Omit<AvailabilityRule, 'ruleId'>;

/**
 * Puts a list of rules, the first match deciding, in place of all there were; a rule that was there before keeps its id. Refusals:
 * forbidden, invalid_request, not_found (an account or provider no call could match), each with the field `rules[n]…`.
 */
export type SetAvailabilityRules = (tx: Tx, rules: readonly AvailabilityRuleInput[]) => Promise<{ changed: boolean } | Refusal>;

export function createSetAvailabilityRules(deps: { clock: Clock; append: AppendRecord }): SetAvailabilityRules {
  return async (tx, input) => {
    const refusal = forbid(tx.actor, 'availability.write') ?? input.map(checkRule).find(Boolean) ?? await checkNames(tx, input);
    if (refusal) return refusal;
    const found = await findAvailability(tx);
    if (canonicalJson(found.map(recordOf)) === canonicalJson(input.map(recordOf))) return { changed: false };
    const left = [...found];
    const rules = input.map((rule): AvailabilityRule => {
      const at = left.findIndex((one) => canonicalJson(recordOf(one)) === canonicalJson(recordOf(rule)));
      const ruleId = at >= 0 ? left.splice(at, 1)[0]!.ruleId : mintId(deps.clock.now());
      return { ruleId, conditions: conditionsOf(rule), outcome: rule.outcome, reason: rule.reason };
    });
    await replaceAvailability(tx, rules);
    await deps.append(tx, { action: 'availability.set', subjectKind: 'availability', subjectId: 'rules', before: { rules: found.map(recordOf) }, after: { rules: rules.map(recordOf) } });
    return { changed: true };
  };
}

function checkRule(rule: AvailabilityRuleInput, index: number): Refusal | undefined {
  const at = `rules[${index}]`, { conditions: when } = rule;
  const unknown = Object.keys(when).find((name) => !(AVAILABILITY_CONDITIONS as readonly string[]).includes(name));
  if (unknown !== undefined) return refuse('invalid_request', `there is no condition "${unknown.slice(0, 40)}"; there are ${AVAILABILITY_CONDITIONS.join(', ')}`, `${at}.conditions`);
  if (Object.keys(conditionsOf(rule)).length === 0) return refuse('invalid_request', 'needs a condition; one that is meant to match every call says model: "*"', `${at}.conditions`);
  if (rule.outcome !== 'allow' && rule.outcome !== 'suspend') return refuse('invalid_request', 'must be allow or suspend', `${at}.outcome`);
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(rule.reason)) return refuse('invalid_request', 'must be a category in lower-case letters, digits and hyphens, such as local-law, payment, network, provider-restriction or compliance-risk', `${at}.reason`);
  return (when.model === undefined ? undefined : checkModelPattern(when.model, `${at}.conditions.model`))
    ?? (when.callerRegion === undefined ? undefined : checkJurisdiction(when.callerRegion, `${at}.conditions.callerRegion`))
    ?? (when.account === undefined ? undefined : checkSlug(when.account, `${at}.conditions.account`))
    ?? (when.provider === undefined ? undefined : checkSlug(when.provider, `${at}.conditions.provider`));
}

/** A rule about an account or provider that is not there would be silently without effect. */
async function checkNames(tx: Tx, rules: readonly AvailabilityRuleInput[]): Promise<Refusal | undefined> {
  const named = (name: 'account' | 'provider'): string[] => rules.flatMap(({ conditions }) => conditions[name] ?? []);
  const accounts = await unknownAccounts(tx, named('account')), providers = await categoriesOf(tx, named('provider'));
  for (const [index, { conditions: { account, provider } }] of rules.entries()) {
    if (account !== undefined && accounts.includes(account)) return refuse('not_found', `there is no account ${account}`, `rules[${index}].conditions.account`);
    if (provider !== undefined && !providers.has(provider)) return refuse('not_found', `there is no provider ${provider}`, `rules[${index}].conditions.provider`);
  }
  return undefined;
}

function conditionsOf({ conditions }: AvailabilityRuleInput): AvailabilityConditions {
  return Object.fromEntries(Object.entries(conditions).filter(([, value]) => value !== undefined));
}
function recordOf(rule: AvailabilityRuleInput): Json { return { conditions: { ...conditionsOf(rule) }, outcome: rule.outcome, reason: rule.reason }; }

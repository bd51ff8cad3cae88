import { canonicalJson, type Json } from '../../kernel/canonical-json.js';
import type { Clock } from '../../kernel/clock.js';
import { checkJurisdiction, checkModelPattern, checkSlug } from '../../kernel/field-rules.js';
import { mintId } from '../../kernel/ids.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { REDACTION_CONDITIONS, REDACTION_OUTCOMES, SENSITIVE_KINDS, type RedactionConditions, type RedactionRule, type SensitiveKind } from './redaction-rules.js';
import { findRedaction, lockRedaction, replaceRedaction, unknownNames } from './redaction.store.js';

/** `kinds` left out or empty: all of them. */
export type RedactionRuleInput = Omit<RedactionRule, 'ruleId' | 'kinds'> & { readonly kinds?: readonly SensitiveKind[] | undefined };

/**
 * Puts a list of rules, the first match deciding, in place of all there were; a rule that was there before keeps its id. Refusals:
 * forbidden, invalid_request, not_found (an account or provider no call could match), each with the field `rules[n]…`.
 */
export type SetRedactionRules = (tx: Tx, rules: readonly RedactionRuleInput[], reason?: string) => Promise<{ changed: boolean } | Refusal>;

export function createSetRedactionRules(deps: { clock: Clock; append: AppendRecord }): SetRedactionRules {
  return async (tx, input, reason) => {
    const refusal = forbid(tx.actor, 'availability.write') ?? input.map(checkRule).find(Boolean) ?? await checkNames(tx, input);
    if (refusal) return refusal;
    await lockRedaction(tx);
    const found = await findRedaction(tx);
    if (canonicalJson(found.map(recordOf)) === canonicalJson(input.map(recordOf))) return { changed: false };
    const left = [...found];
    const rules = input.map((rule): RedactionRule => {
      const at = left.findIndex((one) => canonicalJson(recordOf(one)) === canonicalJson(recordOf(rule)));
      const ruleId = at >= 0 ? left.splice(at, 1)[0]!.ruleId : mintId(deps.clock.now());
      return { ruleId, conditions: conditionsOf(rule), outcome: rule.outcome, kinds: kindsOf(rule) };
    });
    await replaceRedaction(tx, rules);
    await deps.append(tx, { action: 'redaction.set', subjectKind: 'redaction', subjectId: 'rules', ...(reason === undefined ? {} : { reason }), before: { rules: found.map(recordOf) }, after: { rules: rules.map(recordOf) } });
    return { changed: true };
  };
}

function checkRule(rule: RedactionRuleInput, index: number): Refusal | undefined {
  const at = `rules[${index}]`, { conditions: when } = rule;
  const unknown = Object.keys(when).find((name) => !(REDACTION_CONDITIONS as readonly string[]).includes(name));
  if (unknown !== undefined) return refuse('invalid_request', `there is no condition "${unknown.slice(0, 40)}"; there are ${REDACTION_CONDITIONS.join(', ')}`, `${at}.conditions`);
  if (Object.keys(conditionsOf(rule)).length === 0) return refuse('invalid_request', 'needs a condition; one that is meant to match every call says model: "*"', `${at}.conditions`);
  if (!(REDACTION_OUTCOMES as readonly string[]).includes(rule.outcome)) return refuse('invalid_request', `must be one of ${REDACTION_OUTCOMES.join(', ')}`, `${at}.outcome`);
  const wrong = rule.kinds?.find((kind) => !(SENSITIVE_KINDS as readonly string[]).includes(kind));
  if (wrong !== undefined) return refuse('invalid_request', `there is no kind "${wrong.slice(0, 40)}"; there are ${SENSITIVE_KINDS.join(', ')}`, `${at}.kinds`);
  return (when.model === undefined ? undefined : checkModelPattern(when.model, `${at}.conditions.model`))
    ?? (when.destination === undefined ? undefined : checkJurisdiction(when.destination, `${at}.conditions.destination`))
    ?? (when.account === undefined ? undefined : checkSlug(when.account, `${at}.conditions.account`))
    ?? (when.provider === undefined ? undefined : checkSlug(when.provider, `${at}.conditions.provider`));
}

/** A rule about an account or provider that is not there would be silently without effect. */
async function checkNames(tx: Tx, rules: readonly RedactionRuleInput[]): Promise<Refusal | undefined> {
  const named = (name: 'account' | 'provider'): string[] => rules.flatMap(({ conditions }) => conditions[name] ?? []);
  const accounts = await unknownNames(tx, 'accounts', named('account')), providers = await unknownNames(tx, 'providers', named('provider'));
  for (const [index, { conditions: { account, provider } }] of rules.entries()) {
    if (account !== undefined && accounts.includes(account)) return refuse('not_found', `there is no account ${account}`, `rules[${index}].conditions.account`);
    if (provider !== undefined && providers.includes(provider)) return refuse('not_found', `there is no provider ${provider}`, `rules[${index}].conditions.provider`);
  }
  return undefined;
}

function conditionsOf({ conditions }: RedactionRuleInput): RedactionConditions {
  return Object.fromEntries(Object.entries(conditions).filter(([, value]) => value !== undefined));
}
/** In the order of the list, each once. */
function kindsOf({ kinds }: RedactionRuleInput): SensitiveKind[] { return SENSITIVE_KINDS.filter((kind) => kinds === undefined || kinds.length === 0 || kinds.includes(kind)); }
function recordOf(rule: RedactionRuleInput): Json { return { conditions: { ...conditionsOf(rule) }, outcome: rule.outcome, kinds: kindsOf(rule) }; }

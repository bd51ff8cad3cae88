// One redaction rule put into the list or taken out of it; the rest stays as it is.
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import { forbid } from '../security/index.js';
import { findRedaction, lockRedaction } from './redaction.store.js';
import type { RedactionRuleInput, SetRedactionRules } from './set-redaction-rules.js';

/** `place`: before all others or behind them. Refusals as of the whole list, with the field `rules[n]…` of the rule. */
export type AddRedactionRule = (tx: Tx, rule: RedactionRuleInput, place: 'first' | 'last', reason: string) => Promise<{ changed: boolean } | Refusal>;
/** Refusals: forbidden, not_found. */
export type RemoveRedactionRule = (tx: Tx, ruleId: string, reason: string) => Promise<{ changed: boolean } | Refusal>;

export function createChangeRedactionRules(setRules: SetRedactionRules): { addRedactionRule: AddRedactionRule; removeRedactionRule: RemoveRedactionRule } {
  return {
    addRedactionRule: async (tx, rule, place, reason) => {
      const refusal = forbid(tx.actor, 'availability.write');
      if (refusal) return refusal;
      await lockRedaction(tx);
      const found = await findRedaction(tx);
      return setRules(tx, place === 'first' ? [rule, ...found] : [...found, rule], reason);
    },
    removeRedactionRule: async (tx, ruleId, reason) => {
      const refusal = forbid(tx.actor, 'availability.write');
      if (refusal) return refusal;
      await lockRedaction(tx);
      const found = await findRedaction(tx), left = found.filter((rule) => rule.ruleId !== ruleId);
      return left.length === found.length ? refuse('not_found', 'there is no such rule; the list was changed meanwhile') : setRules(tx, left, reason);
    },
  };
}

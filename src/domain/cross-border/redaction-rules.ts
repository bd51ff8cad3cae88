// What must not leave on which route: pure; the first matching rule decides, none means off. Acts on what leaves, not on the record.
import { SENSITIVE_KINDS, type SensitiveKind } from '../../kernel/find-sensitive.js';

/** off: as it came · flag: kinds and numbers go on record · mask: each value is replaced before it leaves · refuse: the call does not go there. */
export const REDACTION_OUTCOMES = ['off', 'flag', 'mask', 'refuse'] as const;
export type RedactionOutcome = (typeof REDACTION_OUTCOMES)[number];

/** Every condition named must hold; one left out holds always. A trailing * in `model` matches any ending. */
export interface RedactionConditions {
  readonly model?: string;
  readonly account?: string;
  readonly provider?: string;
  /** Whether the provider processes outside the account's jurisdiction. */
  readonly crossBorder?: boolean;
  /** A place the provider processes in, ISO 3166-1 alpha-2. */
  readonly destination?: string;
}
export const REDACTION_CONDITIONS = ['model', 'account', 'provider', 'crossBorder', 'destination'] as const satisfies readonly (keyof RedactionConditions)[];

export interface RedactionRule {
  readonly ruleId: string; readonly conditions: RedactionConditions; readonly outcome: RedactionOutcome;
  /** What is looked for. */
  readonly kinds: readonly SensitiveKind[];
}

export interface RedactionQuestion { readonly model: string; readonly account: string; readonly provider: string; readonly crossBorder: boolean; readonly destinations: readonly string[] }

/** The rule that governs a transfer; undefined when nothing is to be looked for. */
export function decideRedaction(rules: readonly RedactionRule[], question: RedactionQuestion): RedactionRule | undefined {
  const rule = rules.find(({ conditions }) => holds(conditions, question));
  return rule?.outcome === 'off' ? undefined : rule;
}

function holds(when: RedactionConditions, question: RedactionQuestion): boolean {
  return (when.model === undefined || (when.model.endsWith('*') ? question.model.startsWith(when.model.slice(0, -1)) : when.model === question.model))
    && (when.account === undefined || when.account === question.account)
    && (when.provider === undefined || when.provider === question.provider)
    && (when.crossBorder === undefined || when.crossBorder === question.crossBorder)
    && (when.destination === undefined || question.destinations.includes(when.destination));
}

export { SENSITIVE_KINDS, type SensitiveKind };

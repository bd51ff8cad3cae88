// Whether a model is available to a caller over a provider (promise P6): pure; the first matching rule decides, none means allowed.

/** Every condition named must hold; one left out holds always. Text is compared exactly; a trailing * in `model` matches any ending. */
export interface AvailabilityConditions {
  readonly model?: string;
  /** ISO 3166-1 alpha-2 of where the caller says it is. */
  readonly callerRegion?: string;
  readonly account?: string;
  readonly provider?: string;
}

/** The names a condition may have; configuration with another name is refused, since it would be silently without effect. */
export const AVAILABILITY_CONDITIONS = ['model', 'callerRegion', 'account', 'provider'] as const satisfies readonly (keyof AvailabilityConditions)[];

export interface AvailabilityRule {
  readonly ruleId: string;
  readonly conditions: AvailabilityConditions;
  readonly outcome: 'allow' | 'suspend';
  /** Reason category, shown to the caller: "local-law", "provider-restriction". */
  readonly reason: string;
}

/** What is asked: may this account, from this region, use this model over this provider. */
export interface AvailabilityQuestion { readonly model: string; readonly callerRegion: string; readonly account: string; readonly provider: string }

export interface AvailabilityVerdict { readonly allowed: boolean; /** The rule that decided; undefined when none matched. */ readonly rule: AvailabilityRule | undefined }

/** Decides by the first of `rules`, in their order, whose conditions all hold. */
export function decideAvailability(rules: readonly AvailabilityRule[], question: AvailabilityQuestion): AvailabilityVerdict {
  const rule = rules.find(({ conditions }) => holds(conditions, question));
  return { allowed: rule?.outcome !== 'suspend', rule };
}

function holds(when: AvailabilityConditions, question: AvailabilityQuestion): boolean {
  return (when.model === undefined || (when.model.endsWith('*') ? question.model.startsWith(when.model.slice(0, -1)) : when.model === question.model))
    && (when.callerRegion === undefined || when.callerRegion === question.callerRegion)
    && (when.account === undefined || when.account === question.account)
    && (when.provider === undefined || when.provider === question.provider);
}

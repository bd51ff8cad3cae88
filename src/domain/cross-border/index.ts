// The face of the cross-border slice: whether a call may leave its jurisdiction, and on whose word.
import type { Clock } from '../../kernel/clock.js';
import type { Database } from '../../platform/db/index.js';
import type { Ledger } from '../ledger/index.js';
import { createConfirmTransfers, type ConfirmTransfers } from './confirm-transfers.js';
import { readConfirmations, type Confirmation } from './confirmations.view.js';
import { createChangeRedactionRules, type AddRedactionRule, type RemoveRedactionRule } from './change-redaction-rules.js';
import type { RedactionRule } from './redaction-rules.js';
import { readRedactionRules } from './redaction.view.js';
import { createSetRedactionRules, type SetRedactionRules } from './set-redaction-rules.js';
import { createWithdrawConfirmation, type WithdrawConfirmation } from './withdraw-confirmation.js';

export { CONFIRMATION_BASES, type ConfirmationInput } from './confirm-transfers.js';
export type { Confirmation } from './confirmations.view.js';
export { decideRedaction, REDACTION_CONDITIONS, REDACTION_OUTCOMES, SENSITIVE_KINDS, type RedactionOutcome, type RedactionRule, type SensitiveKind } from './redaction-rules.js';
export type { RedactionRuleInput } from './set-redaction-rules.js';
export { CONFIRMATION_COVERS, decideTransfer, type ConfirmationFacts, type TransferDecision, type TransferQuestion } from './transfer-rules.js';

export interface CrossBorderDeps { readonly clock: Clock; readonly database: Database; readonly ledger: Ledger; /** The operator's IANA zone. */ readonly timeZone: string }

export interface CrossBorder {
  readonly confirmTransfers: ConfirmTransfers;
  readonly withdrawConfirmation: WithdrawConfirmation;
  readonly setRedactionRules: SetRedactionRules;
  readonly addRedactionRule: AddRedactionRule;
  readonly removeRedactionRule: RemoveRedactionRule;
  confirmations(accountId?: string): Promise<Confirmation[]>;
  /** In the order in which they are tried. */
  redactionRules(): Promise<RedactionRule[]>;
}

export function createCrossBorder({ clock, database, ledger, timeZone }: CrossBorderDeps): CrossBorder {
  const use = { clock, append: ledger.append, timeZone }, setRedactionRules = createSetRedactionRules(use);
  return { confirmTransfers: createConfirmTransfers(use), withdrawConfirmation: createWithdrawConfirmation(use), setRedactionRules, ...createChangeRedactionRules(setRedactionRules),
    redactionRules: () => readRedactionRules(database.reader), confirmations: (accountId) => readConfirmations(database.reader, accountId) };
}

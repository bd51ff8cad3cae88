// The face of the security slice: who asks, and what they may.
import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { Act, Database } from '../../platform/db/index.js';
import type { Ledger } from '../ledger/index.js';
import type { Approval, ApprovalHandler, ApprovalState } from './approval.js';
import { readApproval, readApprovals } from './approval.view.js';
import { createOperatorChanges, type OperatorChanges } from './change-operator.js';
import { createCreateOperator, type CreateOperator } from './create-operator.js';
import { createDecisions, type Decisions } from './decide-approval.js';
import { createKeyIssuing, type KeyIssuing } from './issue-key.js';
import { createTokenChanges, type TokenChanges } from './issue-token.js';
import { createRecordSecurityEvent, type RecordSecurityEvent } from './record-security-event.js';
export { createRecordSecurityEvent, type RecordSecurityEvent } from './record-security-event.js';
import { createRequestApproval, type RequestApproval } from './request-approval.js';
import { createRevokeKey, type RevokeKey } from './revoke-key.js';
import { readActiveOperator, readKeys, readOperators, readProfile, readTokenActor, readTokens, type ApiKey, type ApiToken, type Operator } from './security.view.js';
import { createSetOperatorProfile, type OperatorProfile, type SetOperatorProfile } from './set-operator-profile.js';
import { createVerifyLogin, type VerifyLogin } from './verify-login.js';

export { APPROVAL_STATES, type Approval, type ApprovalHandler, type ApprovalState, type Facts } from './approval.js';
export type { NewOperator } from './create-operator.js';
export type { NewKey } from './issue-key.js';
export type { NewToken } from './issue-token.js';
export { can, forbid, PERMISSIONS, PERMISSIONS_OF, type Permission } from './permissions.js';
export { APPROVAL_DAYS, type RequestApproval } from './request-approval.js';
export type { SecurityEvent } from './record-security-event.js';
export { hashSecret } from './secrets.js';
export type { ApiKey, ApiToken, Operator } from './security.view.js';
export { UNPRICED_CALLS, type OperatorProfile, type UnpricedCalls } from './set-operator-profile.js';
export { LOCK_MINUTES, MAX_FAILED_LOGINS, type Login } from './verify-login.js';

export interface SecurityDeps { readonly clock: Clock; readonly database: Database; readonly bookkeeping: Act; readonly ledger: Ledger }

export interface Security extends OperatorChanges, KeyIssuing, TokenChanges, Decisions {
  readonly createOperator: CreateOperator;
  /** Asks for a second person, in the transaction of who asks. */
  readonly requestApproval: RequestApproval;
  /** A slice says, once, at start, what its action does when it is decided. */
  onApproval(action: string, handler: ApprovalHandler): void;
  approvals(filter?: { state?: ApprovalState | undefined; subjectId?: string | undefined; limit?: number }): Promise<Approval[]>;
  approval(approvalId: string): Promise<Approval | undefined>;
  /** Not in a transaction of the caller's: a failed attempt must be counted and recorded whatever the caller does. */
  readonly verifyLogin: VerifyLogin;
  readonly revokeKey: RevokeKey;
  readonly setOperatorProfile: SetOperatorProfile;
  readonly recordSecurityEvent: RecordSecurityEvent;
  /** The token's actor; undefined when unknown or revoked. */
  authenticateToken(secret: string): Promise<Actor | undefined>;
  /** For sessions: the operator while active, with the roles of this moment. */
  activeOperator(operatorId: string): Promise<(Actor & { email: string }) | undefined>;
  /** Who runs this gateway; undefined before it was said. */
  operatorProfile(): Promise<OperatorProfile | undefined>;
  operators(): Promise<Operator[]>;
  keys(accountId?: string): Promise<ApiKey[]>;
  tokens(): Promise<ApiToken[]>;
}

export function createSecurity({ clock, database, bookkeeping, ledger }: SecurityDeps): Security {
  const use = { clock, append: ledger.append }, handlers = new Map<string, ApprovalHandler>();
  const recordEvent = createRecordSecurityEvent({ clock, recorder: ledger.createRecorder('security') });
  return {
    requestApproval: createRequestApproval(use), ...createDecisions({ ...use, handlers }), onApproval: (action, handler) => { handlers.set(action, handler); },
    approvals: (filter) => readApprovals(database.reader, filter), approval: (approvalId) => readApproval(database.reader, approvalId),
    createOperator: createCreateOperator(use), ...createOperatorChanges(ledger.append),
    verifyLogin: createVerifyLogin({ clock, bookkeeping, recordEvent }),
    ...createKeyIssuing(use), revokeKey: createRevokeKey(use), setOperatorProfile: createSetOperatorProfile(ledger.append), ...createTokenChanges(use),
    recordSecurityEvent: recordEvent,
    authenticateToken: (secret) => readTokenActor(database.reader, secret),
    activeOperator: (operatorId) => readActiveOperator(database.reader, operatorId),
    operatorProfile: () => readProfile(database.reader),
    operators: () => readOperators(database.reader), keys: (accountId) => readKeys(database.reader, accountId), tokens: () => readTokens(database.reader),
  };
}

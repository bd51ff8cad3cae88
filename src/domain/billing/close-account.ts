// Closing an account stops its calls and starts the clock of its account information; reopening takes both back.
import type { Clock } from '../../kernel/clock.js';
import { checkReason } from '../../kernel/field-rules.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { recordOf } from './account-rules.js';
import { findAccountRow, lockAccount, setAccountClosed, type AccountRow } from './account.store.js';

export interface AccountClosing {
  /** Refusals: forbidden, invalid_request (reason), not_found. `changed: false` when it was closed before. */
  closeAccount(tx: Tx, accountId: string, reason: string): Promise<{ changed: boolean } | Refusal>;
  /** As closeAccount; also refuses (`conflict`) an account whose information was purged. */
  reopenAccount(tx: Tx, accountId: string, reason: string): Promise<{ changed: boolean } | Refusal>;
}

export function createAccountClosing(deps: { clock: Clock; append: AppendRecord }): AccountClosing {
  const toStatus = (status: AccountRow['status'], action: string) => async (tx: Tx, accountId: string, reason: string) => {
    const refusal = forbid(tx.actor, 'accounts.write') ?? checkReason(reason);
    if (refusal) return refusal;
    const found = await findAccountRow(tx, accountId);
    if (!found) return refuse('not_found', `there is no account ${accountId}`, 'accountId');
    if (found.status === status) return { changed: false };
    if (found.erased_at) return refuse('conflict', `account ${accountId} was erased after it closed; open a new one under another id`, 'accountId');
    const before = await lockAccount(tx, accountId);
    await setAccountClosed(tx, accountId, status === 'closed' ? deps.clock.now() : null);
    await deps.append(tx, { action, subjectKind: 'account', subjectId: accountId, reason, before: recordOf(before), after: recordOf({ ...before, status }) });
    return { changed: true };
  };
  return { closeAccount: toStatus('closed', 'account.close'), reopenAccount: toStatus('active', 'account.reopen') };
}

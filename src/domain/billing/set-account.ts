// Accounts: opened, changed, or made to look as described.
import type { Clock } from '../../kernel/clock.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { checkAccount, factsOf, recordOf, sameFacts, type AccountInput } from './account-rules.js';
import { findAccountRow, insertAccount, lockAccount, updateAccountRow } from './account.store.js';

export interface AccountSetting {
  /** Refusals: forbidden, invalid_request, conflict when the id was ever given. */
  openAccount(tx: Tx, input: AccountInput): Promise<{ accountId: string } | Refusal>;
  /** Changes what `changes` names; null lifts a limit. Refusals: forbidden, invalid_request, not_found, conflict when erased. */
  updateAccount(tx: Tx, accountId: string, changes: Partial<Omit<AccountInput, 'accountId'>>): Promise<{ changed: boolean } | Refusal>;
  /** Opens the account or makes it look as `input` says; a limit left out is lifted. Its status stays. */
  setAccount(tx: Tx, input: AccountInput): Promise<{ changed: boolean; created: boolean } | Refusal>;
}

export function createAccountSetting(deps: { clock: Clock; append: AppendRecord }): AccountSetting {
  const openAccount: AccountSetting['openAccount'] = async (tx, input) => {
    const refusal = forbid(tx.actor, 'accounts.write') ?? checkAccount(input);
    if (refusal) return refusal;
    const facts = factsOf(input);
    if (!await insertAccount(tx, input.accountId, facts, deps.clock.now())) return refuse('conflict', `there is or was an account ${input.accountId}; choose another id`, 'accountId');
    await deps.append(tx, { action: 'account.open', subjectKind: 'account', subjectId: input.accountId, after: recordOf({ ...facts, status: 'active' }) });
    return { accountId: input.accountId };
  };
  const updateAccount: AccountSetting['updateAccount'] = async (tx, accountId, changes) => {
    const refusal = forbid(tx.actor, 'accounts.write');
    if (refusal) return refusal;
    const found = await findAccountRow(tx, accountId);
    if (!found) return refuse('not_found', `there is no account ${accountId}`, 'accountId');
    if (found.erased_at) return refuse('conflict', `account ${accountId} was erased after it closed; open a new one under another id`, 'accountId');
    const wanted = { accountId, name: changes.name ?? found.name, jurisdiction: changes.jurisdiction ?? found.jurisdiction, contact: changes.contact ?? found.contact,
      requestsPerMinute: changes.requestsPerMinute === undefined ? found.requests_per_minute : changes.requestsPerMinute,
      tokensPerMinute: changes.tokensPerMinute === undefined ? found.tokens_per_minute === null ? null : BigInt(found.tokens_per_minute) : changes.tokensPerMinute };
    const wrong = checkAccount(wanted);
    if (wrong) return wrong;
    const facts = factsOf(wanted);
    if (sameFacts(found, facts)) return { changed: false };
    const before = await lockAccount(tx, accountId);
    await updateAccountRow(tx, accountId, facts);
    await deps.append(tx, { action: 'account.update', subjectKind: 'account', subjectId: accountId, before: recordOf(before), after: recordOf({ ...facts, status: before.status }) });
    return { changed: true };
  };
  return {
    openAccount, updateAccount,
    setAccount: async (tx, input) => {
      const refusal = forbid(tx.actor, 'accounts.write') ?? checkAccount(input);
      if (refusal) return refusal;
      const found = await findAccountRow(tx, input.accountId);
      const answer = found ? await updateAccount(tx, input.accountId, { ...input, requestsPerMinute: input.requestsPerMinute ?? null, tokensPerMinute: input.tokensPerMinute ?? null }) : await openAccount(tx, input);
      return isRefusal(answer) ? answer : { changed: 'changed' in answer ? answer.changed : true, created: !found };
    },
  };
}

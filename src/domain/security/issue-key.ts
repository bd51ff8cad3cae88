// API keys of accounts. The secret is told once; a record and the database never hold it.
import type { Clock } from '../../kernel/clock.js';
import { mintId } from '../../kernel/ids.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import { isPlainLine } from '../../kernel/text.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { accountStatus, insertKey, findKeyByName, replaceSecret, secretInUse } from './key.store.js';
import { forbid } from './permissions.js';
import { hashSecret, hintOf, isUsableSecret, newSecret } from './secrets.js';

export interface NewKey { readonly accountId: string; readonly name: string; /** Brought along; unset means a random one. */ readonly secret?: string }

export interface KeyIssuing {
  /** Refusals: forbidden, invalid_request, not_found (account), account_closed, conflict (name or secret is taken). */
  issueKey(tx: Tx, input: NewKey): Promise<{ keyId: string; secret: string } | Refusal>;
  /**
   * Makes the account's key of that name have that secret: issues it, or replaces its secret under the same id. A revoked key stays
   * revoked: with the secret it had it is left alone, with another it is refused.
   */
  setKey(tx: Tx, input: NewKey & { secret: string }): Promise<{ keyId: string; changed: boolean; created: boolean; revoked: boolean } | Refusal>;
}

export function createKeyIssuing(deps: { clock: Clock; append: AppendRecord }): KeyIssuing {
  const issueKey: KeyIssuing['issueKey'] = async (tx, input) => {
    const refusal = forbid(tx.actor, 'keys.write') ?? inputRefusal(input) ?? await accountRefusal(tx, input.accountId);
    if (refusal) return refusal;
    const secret = input.secret ?? newSecret('hfk_');
    const at = deps.clock.now();
    const keyId = mintId(at);
    const row = { key_id: keyId, account_id: input.accountId, name: input.name, secret_hash: hashSecret(secret), hint: hintOf(secret), created_at: at };
    if (!await insertKey(tx, row)) return refuse('conflict', `${input.accountId} has a key named "${input.name}", or the secret belongs to another key; choose another`, 'name');
    await deps.append(tx, { action: 'key.issue', subjectKind: 'key', subjectId: keyId, after: { account_id: input.accountId, name: input.name, status: 'active' } });
    return { keyId, secret };
  };
  return {
    issueKey,
    setKey: async (tx, input) => {
      const refusal = forbid(tx.actor, 'keys.write') ?? inputRefusal(input);
      if (refusal) return refusal;
      const found = await findKeyByName(tx, input.accountId, input.name);
      if (!found) {
        const issued = await issueKey(tx, input);
        return 'refused' in issued ? issued : { keyId: issued.keyId, changed: true, created: true, revoked: false };
      }
      const secretHash = hashSecret(input.secret), revoked = found.status === 'revoked';
      if (found.secret_hash.equals(secretHash)) return { keyId: found.key_id, changed: false, created: false, revoked };
      if (revoked) return refuse('conflict', `key "${input.name}" of ${input.accountId} was revoked and takes no new secret; give the new key another name`, 'name');
      if (await secretInUse(tx, secretHash)) return refuse('conflict', 'this secret belongs to another key; every key has its own', 'secret');
      if (!await replaceSecret(tx, found.key_id, secretHash, hintOf(input.secret))) return refuse('conflict', `key "${input.name}" of ${input.accountId} was revoked just now`, 'name');
      await deps.append(tx, { action: 'key.replace_secret', subjectKind: 'key', subjectId: found.key_id, after: { account_id: input.accountId, name: input.name, status: 'active' } });
      return { keyId: found.key_id, changed: true, created: false, revoked: false };
    },
  };
}

function inputRefusal(input: NewKey): Refusal | undefined {
  if (!isPlainLine(input.name, 120)) return refuse('invalid_request', 'the name of a key is one line of 1 to 120 characters', 'name');
  if (input.secret !== undefined && !isUsableSecret(input.secret)) return refuse('invalid_request', 'a secret has 8 to 256 visible ASCII characters and no spaces', 'secret');
  return undefined;
}

async function accountRefusal(tx: Tx, accountId: string): Promise<Refusal | undefined> {
  const status = await accountStatus(tx, accountId);
  if (!status) return refuse('not_found', `there is no account ${accountId}`, 'accountId');
  return status === 'closed' ? refuse('account_closed', `account ${accountId} is closed; reopen it before issuing keys`, 'accountId') : undefined;
}

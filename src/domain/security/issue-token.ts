// Tokens of the management API: they act with roles, like people, and are recorded like people.
import type { Role } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { mintId } from '../../kernel/ids.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import { isPlainLine } from '../../kernel/text.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { rolesRefusal } from './create-operator.js';
import { forbid } from './permissions.js';
import { hashSecret, isUsableSecret, newSecret } from './secrets.js';
import { insertToken, findToken, markTokenRevoked } from './token.store.js';

export interface NewToken { readonly name: string; readonly roles: readonly Role[]; readonly secret?: string }

export interface TokenChanges {
  /** A token gets at most the roles of who issues it, or an administrator could read calls through one. The secret is told once. */
  issueToken(tx: Tx, input: NewToken): Promise<{ tokenId: string; secret: string } | Refusal>;
  revokeToken(tx: Tx, tokenId: string, reason: string): Promise<{ changed: boolean } | Refusal>;
}

export function createTokenChanges(deps: { clock: Clock; append: AppendRecord }): TokenChanges {
  return {
    issueToken: async (tx, input) => {
      const refusal = forbid(tx.actor, 'tokens.write') ?? inputRefusal(input) ?? rolesRefusal(input.roles);
      if (refusal) return refusal;
      const person = tx.actor.kind === 'operator' || tx.actor.kind === 'api_token';
      const beyond = person ? input.roles.filter((role) => !tx.actor.roles.includes(role)) : [];
      if (beyond.length > 0) return refuse('forbidden', `a token has at most the roles of who issues it; ${tx.actor.name} is not ${beyond.join(', ')}`, 'roles');
      const secret = input.secret ?? newSecret('hft_');
      const at = deps.clock.now();
      const tokenId = mintId(at);
      if (!await insertToken(tx, { token_id: tokenId, name: input.name, secret_hash: hashSecret(secret), roles: [...input.roles], created_at: at })) {
        return refuse('conflict', 'this secret belongs to another token; every token has its own', 'secret');
      }
      await deps.append(tx, { action: 'token.issue', subjectKind: 'token', subjectId: tokenId, after: { name: input.name, roles: [...input.roles], status: 'active' } });
      return { tokenId, secret };
    },
    revokeToken: async (tx, tokenId, reason) => {
      const refusal = forbid(tx.actor, 'tokens.write');
      if (refusal) return refusal;
      const found = await findToken(tx, tokenId);
      if (!found) return refuse('not_found', `there is no token ${tokenId}`);
      if (!await markTokenRevoked(tx, found.token_id)) return { changed: false };
      await deps.append(tx, { action: 'token.revoke', subjectKind: 'token', subjectId: tokenId, reason, before: { name: found.name, status: 'active' }, after: { name: found.name, status: 'revoked' } });
      return { changed: true };
    },
  };
}

function inputRefusal(input: NewToken): Refusal | undefined {
  if (!isPlainLine(input.name, 120)) return refuse('invalid_request', 'the name of a token is one line of 1 to 120 characters', 'name');
  if (input.secret !== undefined && !isUsableSecret(input.secret)) return refuse('invalid_request', 'a secret has 8 to 256 visible ASCII characters and no spaces', 'secret');
  return undefined;
}

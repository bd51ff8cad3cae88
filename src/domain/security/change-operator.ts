// What happens to an operator later: disabled, enabled again, other roles, a new password.
import type { Role } from '../../kernel/actor.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { passwordRefusal, rolesRefusal } from './create-operator.js';
import { findOperator, setOperatorPassword, setOperatorRoles, setOperatorStatus, type OperatorRow } from './operator.store.js';
import { hashPassword } from './password-rules.js';
import { forbid } from './permissions.js';

export interface OperatorChanges {
  /** Ends every session at its next request. Refuses the actor's own: nobody locks himself out by a slip. */
  disableOperator(tx: Tx, operatorId: string, reason: string): Promise<{ changed: boolean } | Refusal>;
  enableOperator(tx: Tx, operatorId: string, reason: string): Promise<{ changed: boolean } | Refusal>;
  /** Refuses the actor's own: rights are given by someone else. */
  setRoles(tx: Tx, operatorId: string, roles: readonly Role[], reason: string): Promise<{ changed: boolean } | Refusal>;
  /** Sets a new password and ends a lock; an operator may do so for himself. */
  resetPassword(tx: Tx, operatorId: string, password: string): Promise<{ changed: boolean } | Refusal>;
}

export function createOperatorChanges(append: AppendRecord): OperatorChanges {
  const toStatus = (status: OperatorRow['status'], action: string) => async (tx: Tx, operatorId: string, reason: string) => {
    const found = await findForChange(tx, operatorId);
    if ('refused' in found) return found;
    if (tx.actor.id === operatorId) return refuse('conflict', 'nobody disables or enables himself; another administrator can');
    if (!await setOperatorStatus(tx, operatorId, status)) return { changed: false };
    await append(tx, { action, subjectKind: 'operator', subjectId: operatorId, reason, before: { email: found.email, status: found.status }, after: { email: found.email, status } });
    return { changed: true };
  };
  return {
    disableOperator: toStatus('disabled', 'operator.disable'),
    enableOperator: toStatus('active', 'operator.enable'),
    setRoles: async (tx, operatorId, roles, reason) => {
      const found = await findForChange(tx, operatorId);
      if ('refused' in found) return found;
      if (tx.actor.id === operatorId) return refuse('conflict', 'nobody changes his own roles; another administrator can');
      const refusal = rolesRefusal(roles);
      if (refusal) return refusal;
      if (sameSet(found.roles, roles)) return { changed: false };
      await setOperatorRoles(tx, operatorId, roles);
      await append(tx, { action: 'operator.set_roles', subjectKind: 'operator', subjectId: operatorId, reason, before: { email: found.email, roles: found.roles }, after: { email: found.email, roles: [...roles] } });
      return { changed: true };
    },
    resetPassword: async (tx, operatorId, password) => {
      const own = tx.actor.kind === 'operator' && tx.actor.id === operatorId;
      const refusal = (own ? undefined : forbid(tx.actor, 'operators.write')) ?? passwordRefusal(password);
      if (refusal) return refusal;
      const passwordHash = await hashPassword(password);
      const found = await findOperator(tx, operatorId);
      if (!found) return unknown(operatorId);
      await setOperatorPassword(tx, operatorId, passwordHash);
      await append(tx, { action: 'operator.reset_password', subjectKind: 'operator', subjectId: operatorId, after: { email: found.email } });
      return { changed: true };
    },
  };
}

async function findForChange(tx: Tx, operatorId: string): Promise<OperatorRow | Refusal> {
  return forbid(tx.actor, 'operators.write') ?? await findOperator(tx, operatorId) ?? unknown(operatorId);
}
function unknown(operatorId: string): Refusal { return refuse('not_found', `there is no operator ${operatorId}`); }
function sameSet(a: readonly string[], b: readonly string[]): boolean { return a.length === b.length && a.every((one) => b.includes(one)); }

import { ROLES, type Role } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { mintId } from '../../kernel/ids.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import { isPlainLine } from '../../kernel/text.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { insertOperator } from './operator.store.js';
import { hashPassword, passwordProblem } from './password-rules.js';
import { forbid } from './permissions.js';

export interface NewOperator { readonly email: string; readonly name: string; readonly password: string; readonly roles: readonly Role[] }

/** Refusals: forbidden, invalid_request (with the field), conflict for an e-mail that is taken. E-mails are kept in lower case. */
export type CreateOperator = (tx: Tx, input: NewOperator) => Promise<{ operatorId: string } | Refusal>;

export function createCreateOperator(deps: { clock: Clock; append: AppendRecord }): CreateOperator {
  return async (tx, input) => {
    const email = input.email.trim().toLowerCase();
    const refusal = forbid(tx.actor, 'operators.write') ?? emailRefusal(email) ?? nameRefusal(input.name) ?? rolesRefusal(input.roles) ?? passwordRefusal(input.password);
    if (refusal) return refusal;
    // Before the first statement: no row is locked while the hash is made.
    const passwordHash = await hashPassword(input.password);
    const at = deps.clock.now();
    const operatorId = mintId(at);
    const row = { operator_id: operatorId, email, name: input.name, password_hash: passwordHash, roles: [...input.roles], status: 'active' as const, created_at: at };
    if (!await insertOperator(tx, row)) return refuse('conflict', `an operator with the e-mail ${email} exists; reset its password or give it other roles`, 'email');
    await deps.append(tx, { action: 'operator.create', subjectKind: 'operator', subjectId: operatorId, after: { email, name: input.name, roles: [...input.roles], status: 'active' } });
    return { operatorId };
  };
}

function emailRefusal(email: string): Refusal | undefined {
  return isPlainLine(email, 254) && /^[^\s@]+@[^\s@]+$/.test(email) ? undefined : refuse('invalid_request', `"${email}" is not an e-mail address`, 'email');
}
function nameRefusal(name: string): Refusal | undefined {
  return isPlainLine(name, 120) ? undefined : refuse('invalid_request', 'a name is one line of 1 to 120 characters', 'name');
}
/** Used by every use case that takes roles. */
export function rolesRefusal(roles: readonly string[]): Refusal | undefined {
  const known = roles.every((role) => (ROLES as readonly string[]).includes(role));
  return known && roles.length > 0 && new Set(roles).size === roles.length ? undefined : refuse('invalid_request', `give one or more of the roles ${ROLES.join(', ')}, each once`, 'roles');
}
/** Used by every use case that takes a password. */
export function passwordRefusal(password: string): Refusal | undefined {
  const problem = passwordProblem(password);
  return problem ? refuse('invalid_request', problem, 'password') : undefined;
}

// A login with e-mail and password. An unknown e-mail, a wrong password, a disabled and a locked operator get the same answer after the same work.
import { systemActor, type Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Act } from '../../platform/db/index.js';
import { countAttempt, forgiveAttempts } from './operator.store.js';
import { matchesPassword, NOBODY } from './password-rules.js';
import type { RecordSecurityEvent } from './record-security-event.js';

export const MAX_FAILED_LOGINS = 10;
export const LOCK_MINUTES = 15;
const DENIED = refuse('unauthenticated', `the e-mail or the password is wrong; ${MAX_FAILED_LOGINS} failures lock an operator for ${LOCK_MINUTES} minutes`);
const system = systemActor('login');

export interface Login { readonly email: string; readonly password: string; readonly address: string }

/** The operator as an actor, or `unauthenticated`. Every attempt is a security event, durable before the answer. */
export type VerifyLogin = (login: Login) => Promise<(Actor & { email: string }) | Refusal>;

export function createVerifyLogin(deps: { clock: Clock; bookkeeping: Act; recordEvent: RecordSecurityEvent }): VerifyLogin {
  return async ({ email: typed, password, address }) => {
    const email = typed.trim().toLowerCase().replaceAll('\u0000', '').slice(0, 254);
    const now = deps.clock.now();
    const lockedUntil = new Date(now.getTime() + LOCK_MINUTES * 60_000);
    const attempt = await deps.bookkeeping(system, (tx) => countAttempt(tx, email, now, MAX_FAILED_LOGINS, lockedUntil));
    const matches = await matchesPassword(password.slice(0, 512), attempt?.password_hash ?? NOBODY);
    if (!attempt || !matches) {
      const locked = attempt !== undefined && attempt.failed_logins >= MAX_FAILED_LOGINS;
      // The e-mail goes on record as a digest: people type passwords into that field.
      await deps.recordEvent({ kind: locked ? 'login.locked' : 'login.failed', severity: locked ? 'high' : 'warning', address,
        ...(attempt ? { operatorId: attempt.operator_id } : {}), detail: { email_sha256: sha256Hex(email) } });
      return DENIED;
    }
    await deps.bookkeeping(system, (tx) => forgiveAttempts(tx, attempt.operator_id));
    await deps.recordEvent({ kind: 'login.succeeded', severity: 'info', address, operatorId: attempt.operator_id });
    return Object.freeze({ kind: 'operator' as const, id: attempt.operator_id, name: attempt.name, roles: attempt.roles, email: attempt.email });
  };
}

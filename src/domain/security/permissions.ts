// Which role may do what. The doors show and hide by this table; every use case asks it again.
import type { Actor, Role } from '../../kernel/actor.js';
import { refuse, type Refusal } from '../../kernel/result.js';

export const PERMISSIONS = [
  'calls.read', 'accounts.read', 'accounts.write', 'keys.write', 'payments.write', 'prices.write',
  'providers.read', 'providers.write', 'confirmations.write', 'availability.write',
  'retention.read', 'retention.write', 'holds.write', 'purges.read', 'purges.run',
  'evidence.read', 'evidence.create', 'audit.read', 'security.read', 'ledger.verify', 'operators.read', 'operators.write', 'tokens.write',
  'approvals.read', 'approvals.decide', 'content.grant', 'content.open',
  'holds.place', 'disputes.read', 'disputes.work', 'lawful.read', 'lawful.work', 'subjects.read', 'subjects.work', 'cases.approve',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Everything that only looks; `calls.read` is the one that shows customer calls and always needs a purpose as well. */
const READING = [
  'calls.read', 'accounts.read', 'providers.read', 'retention.read', 'purges.read', 'evidence.read', 'audit.read', 'security.read',
  'ledger.verify', 'operators.read', 'approvals.read', 'disputes.read', 'lawful.read', 'subjects.read',
] as const satisfies readonly Permission[];

/** The table. An administrator sees no calls, cases and evidence; support places holds by opening cases but releases none; an auditor changes nothing, an approver only decides on what others ask for. */
export const PERMISSIONS_OF: Readonly<Record<Role, readonly Permission[]>> = {
  compliance_officer: [...READING, 'accounts.write', 'payments.write', 'prices.write', 'providers.write', 'confirmations.write', 'availability.write',
    'retention.write', 'holds.write', 'purges.run', 'evidence.create', 'approvals.decide', 'content.grant', 'content.open',
    'holds.place', 'disputes.work', 'lawful.work', 'subjects.work', 'cases.approve'],
  support_agent: ['calls.read', 'accounts.read', 'providers.read', 'retention.read', 'evidence.read', 'evidence.create', 'content.open',
    'holds.place', 'disputes.read', 'disputes.work', 'subjects.read', 'subjects.work'],
  approver: [...READING, 'approvals.decide', 'cases.approve'],
  auditor: READING,
  administrator: ['accounts.read', 'accounts.write', 'keys.write', 'payments.write', 'prices.write', 'providers.read', 'retention.read', 'purges.read',
    'audit.read', 'security.read', 'ledger.verify', 'operators.read', 'operators.write', 'tokens.write'],
};

/**
 * Whether the actor may. Our own processes and the command line of the machine may everything: who can read the keys beside the
 * database needs no permission from us. What needs two people asks for them separately.
 */
export function can(actor: Actor, permission: Permission): boolean {
  if (actor.kind === 'system' || actor.kind === 'cli') return true;
  return actor.roles.some((role) => PERMISSIONS_OF[role].includes(permission));
}

/** The refusal to return when `can` says no, else undefined: `const no = forbid(tx.actor, 'keys.write'); if (no) return no;` */
export function forbid(actor: Actor, permission: Permission): Refusal | undefined {
  if (can(actor, permission)) return undefined;
  return refuse('forbidden', `${actor.name} lacks the permission ${permission}; an administrator can give a role that has it`);
}

// Options several commands have, and how they are read.
import { PURPOSES, ROLES, type Purpose, type Role } from '../../../kernel/actor.js';
import { DATA_TYPES, type DataType } from '../../../kernel/data-types.js';
import { type Call, type Option, UsageError } from './command.js';

export const reasonOption: Readonly<Record<string, Option>> = { reason: { value: 'TEXT', required: true, help: 'why; kept on the ledger' } };
export const rolesOption: Readonly<Record<string, Option>> = { role: { value: 'ROLE', multiple: true, required: true, help: `one of ${ROLES.join(', ')}` } };
export const secretOption: Readonly<Record<string, Option>> = { 'secret-env': { value: 'VARIABLE', help: 'take the secret from this environment variable instead of making one' } };
export const purposeOption = (fallback: Purpose): Readonly<Record<string, Option>> => ({ purpose: { value: 'PURPOSE', help: `why customer data is read, on record; one of ${PURPOSES.join(', ')}; ${fallback} unless given` } });

/** `{ secret }` from the variable that --secret-env names; `{}` without the option. A secret as an argument would stand in the process list. */
export function secretFrom(call: Call, option = 'secret-env'): { readonly secret?: string } {
  const name = call.text(option);
  if (name === undefined) return {};
  const secret = call.env[name];
  if (!secret) throw new UsageError(`the environment variable ${name} is not set`);
  return { secret };
}

export function rolesFrom(call: Call): Role[] {
  return call.texts('role').map((role) => oneOf(ROLES, role, '--role'));
}
export function purposeFrom(call: Call, fallback: Purpose): Purpose { return oneOf(PURPOSES, call.text('purpose') ?? fallback, '--purpose'); }
/** The instant an option names, with its offset; undefined when it is not given. */
export function instantFrom(call: Call, option: string): Date | undefined {
  const text = call.text(option);
  if (text === undefined) return undefined;
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*(Z|[+-]\d{2}:\d{2})$/.test(text) || Number.isNaN(Date.parse(text))) throw new UsageError(`--${option} "${text}" is not an instant with an offset, such as 2026-05-01T00:00:00+08:00`);
  return new Date(text);
}

export function dataTypeOf(text: string, where: string): DataType { return oneOf(DATA_TYPES, text, where); }

/** The one of `allowed` that `text` is; else a usage error that lists them. */
export function oneOf<T extends string>(allowed: readonly T[], text: string, where: string): T {
  const found = allowed.find((one) => one === text);
  if (found === undefined) throw new UsageError(`${where} "${text}" is none of ${allowed.join(', ')}`);
  return found;
}

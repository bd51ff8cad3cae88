// A refusal is a value, not an exception: thrown inside a transaction it would roll back its own record.
import type { ErrorCode } from './errors.js';

export interface Refusal {
  readonly refused: true;
  readonly code: ErrorCode;
  /** What happened and what the caller can do; safe to show. */
  readonly message: string;
  /** The field or position the refusal is about, when there is one: "providers[0].baseUrl". */
  readonly field?: string;
}

/** Makes a refusal; `code` must be in the catalogue. */
export function refuse(code: ErrorCode, message: string, field?: string): Refusal {
  return Object.freeze(field === undefined ? { refused: true, code, message } : { refused: true, code, message, field });
}

/** Whether a use case answered with a refusal. */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value && value.refused === true;
}

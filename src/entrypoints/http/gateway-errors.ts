// Errors of our own, in the shape the client of a path parses. A provider's errors never come here: they pass byte for byte.
import { ERRORS } from '../../kernel/errors.js';
import type { CallError } from '../../domain/gateway/index.js';

/** OpenAI's error types by status. */
const OPENAI: Readonly<Record<number, string>> = { 401: 'authentication_error', 403: 'permission_error', 429: 'rate_limit_error' };
/** Anthropic's. */
const ANTHROPIC: Readonly<Record<number, string>> = { 401: 'authentication_error', 403: 'permission_error', 404: 'not_found_error', 413: 'request_too_large', 429: 'rate_limit_error', 504: 'timeout_error' };

/** The JSON body of an error. `code` is of the catalogue (docs/errors.md); Anthropic's shape has no place for it, so it stands beside. */
export function errorBody({ code, message, field, dialect, requestId }: Omit<CallError, 'headers'>): Buffer {
  const { status } = ERRORS[code];
  const body = dialect === 'anthropic'
    ? { type: 'error', error: { type: ANTHROPIC[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error'), message, code }, request_id: requestId }
    : { error: { message, type: code === 'insufficient_quota' ? code : OPENAI[status] ?? (status >= 500 ? 'server_error' : 'invalid_request_error'), param: field ?? null, code } };
  return Buffer.from(JSON.stringify(body));
}

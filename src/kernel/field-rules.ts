// Checks of single fields that several slices share: each answers a refusal that names the field and what is allowed, or undefined.
import { isJurisdiction } from './jurisdiction.js';
import { isDay } from './period.js';
import { refuse, type Refusal } from './result.js';
import { isPlainLine } from './text.js';

/** An id people choose for an account or a provider; the database checks the same pattern. */
export const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;

export function checkSlug(value: string, field: string): Refusal | undefined {
  return SLUG.test(value) ? undefined : invalid(field, `"${shown(value)}" is not an id: lower-case letters, digits and hyphens, at most 63, beginning with a letter or digit`);
}

/** One line of text, 1 to `max` characters, storable. */
export function checkLine(value: string, field: string, max = 200): Refusal | undefined {
  return isPlainLine(value, max) ? undefined : invalid(field, `must be one line of 1 to ${max} characters, without space at its ends`);
}

export function checkJurisdiction(code: string, field: string): Refusal | undefined {
  return isJurisdiction(code) ? undefined : invalid(field, `"${shown(code)}" is not an ISO 3166-1 alpha-2 code in capitals, such as DE or SG`);
}

export function checkDay(day: string, field: string): Refusal | undefined {
  return isDay(day) ? undefined : invalid(field, `"${shown(day)}" is not a calendar day of the form YYYY-MM-DD`);
}

export function checkCurrency(currency: string, field: string): Refusal | undefined {
  return /^[A-Z]{3}$/.test(currency) ? undefined : invalid(field, `"${shown(currency)}" is not an ISO 4217 code in capitals, such as USD or CNY`);
}

/** An http or https URL without user, password or fragment; secrets do not belong into addresses. */
export function checkHttpUrl(url: string, field: string): Refusal | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !isPlainLine(url, 2_000) || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')) return invalid(field, `"${shown(url)}" is not an http or https URL`);
  return parsed.username || parsed.password || parsed.hash ? invalid(field, 'must have no user, password or fragment in it') : undefined;
}

/** A model name as clients send it; a trailing * matches any ending. */
export function checkModelPattern(model: string, field: string): Refusal | undefined {
  return /^[\x21-\x29\x2b-\x7e]{1,200}\*?$|^\*$/.test(model) ? undefined : invalid(field, `"${shown(model)}" is not a model name: 1 to 200 visible ASCII characters; a * may stand at its end only`);
}

/** Why something is done; kept on the ledger. */
export function checkReason(reason: string): Refusal | undefined { return reason.trim().length > 0 && reason.length <= 500 && reason.isWellFormed() && !reason.includes('\u0000') ? undefined : invalid('reason', 'say why, in 1 to 500 characters'); }

function invalid(field: string, message: string): Refusal { return refuse('invalid_request', message, field); }
/** What was given, short enough for a message and without control characters. */
function shown(value: string): string { return value.slice(0, 60).replaceAll(/\p{Cc}/gu, ' '); }

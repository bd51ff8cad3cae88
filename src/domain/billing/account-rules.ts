// What an account may look like, and how much of it a record holds. Pure.
import type { Json } from '../../kernel/canonical-json.js';
import { sha256Hex } from '../../kernel/digest.js';
import { checkJurisdiction, checkLine, checkSlug } from '../../kernel/field-rules.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { AccountFacts, AccountRow } from './account.store.js';

export interface AccountInput {
  readonly accountId: string;
  readonly name: string;
  /** Where the customer is: what lies outside it crosses a border. */
  readonly jurisdiction: string;
  readonly contact: string;
  /** Null or unset: no limit. */
  readonly requestsPerMinute?: number | null;
  readonly tokensPerMinute?: bigint | null;
}

export function checkAccount(input: AccountInput): Refusal | undefined {
  return checkSlug(input.accountId, 'accountId') ?? checkLine(input.name, 'name') ?? checkJurisdiction(input.jurisdiction, 'jurisdiction') ?? checkLine(input.contact, 'contact', 254)
    ?? checkLimit(input.requestsPerMinute, 'requestsPerMinute', 2_000_000_000n) ?? checkLimit(input.tokensPerMinute, 'tokensPerMinute', 1_000_000_000_000_000n);
}

export function factsOf(input: AccountInput): AccountFacts {
  return { name: input.name, jurisdiction: input.jurisdiction, contact: input.contact, requests_per_minute: input.requestsPerMinute ?? null, tokens_per_minute: input.tokensPerMinute?.toString() ?? null };
}

export function sameFacts(a: AccountFacts, b: AccountFacts): boolean {
  return a.name === b.name && a.jurisdiction === b.jurisdiction && a.contact === b.contact && a.requests_per_minute === b.requests_per_minute && a.tokens_per_minute === b.tokens_per_minute;
}

/**
 * An account in a record. Name and contact are purged some months after the account closed, records stay for years: a record
 * therefore holds their digests, which tell that and when they changed.
 */
export function recordOf(account: AccountFacts & Pick<AccountRow, 'status'>): Json {
  return { name_sha256: sha256Hex(account.name), contact_sha256: sha256Hex(account.contact), jurisdiction: account.jurisdiction, status: account.status,
    requests_per_minute: account.requests_per_minute, tokens_per_minute: account.tokens_per_minute };
}

function checkLimit(limit: number | bigint | null | undefined, field: string, max: bigint): Refusal | undefined {
  if (limit === null || limit === undefined) return undefined;
  const whole = typeof limit === 'bigint' || Number.isSafeInteger(limit);
  return whole && limit > 0 && limit <= max ? undefined : refuse('invalid_request', `must be a whole number from 1 to ${max}, or left out for no limit`, field);
}

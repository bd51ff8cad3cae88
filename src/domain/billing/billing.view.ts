import type pg from 'pg';
import type { Price } from './charge-rules.js';
import { PRICE_COLUMNS, priceFromRow, type PriceRow } from './price-columns.js';

/** An account as people see it. `erasedAt`: name and contact were purged. Limits null: none. */
export interface Account {
  readonly accountId: string; readonly name: string; readonly jurisdiction: string; readonly contact: string; readonly status: 'active' | 'closed';
  readonly requestsPerMinute: number | null; readonly tokensPerMinute: bigint | null; readonly createdAt: Date; readonly closedAt: Date | null; readonly erasedAt: Date | null;
}

const ACCOUNT = `SELECT account_id AS "accountId", name, jurisdiction, contact, status, requests_per_minute AS "requestsPerMinute", tokens_per_minute AS "tokensPerMinute",
  created_at AS "createdAt", closed_at AS "closedAt", erased_at AS "erasedAt" FROM accounts`;
const PRICE = `SELECT ${PRICE_COLUMNS} FROM prices`;
type Raw<T> = { readonly [K in keyof T]: bigint extends T[K] ? string | Exclude<T[K], bigint> : T[K] };

/** Accounts by id, closed ones too. */
export async function readAccounts(reader: pg.Pool): Promise<Account[]> {
  return (await reader.query<Raw<Account>>(`${ACCOUNT} ORDER BY account_id`)).rows.map(accountOf);
}

export async function readAccount(reader: pg.Pool, accountId: string): Promise<Account | undefined> {
  return (await reader.query<Raw<Account>>(`${ACCOUNT} WHERE account_id = $1`, [accountId])).rows.map(accountOf)[0];
}

/** Every price there ever was, by model, provider and day. */
export async function readPrices(reader: pg.Pool): Promise<Price[]> {
  return (await reader.query<PriceRow>(`${PRICE} ORDER BY model, provider_id, effective_from, version`)).rows.map(priceFromRow);
}

export async function readPrice(reader: pg.Pool, priceId: string): Promise<Price | undefined> {
  return (await reader.query<PriceRow>(`${PRICE} WHERE price_id::text = $1`, [priceId])).rows.map(priceFromRow)[0];
}

function accountOf(row: Raw<Account>): Account { return { ...row, tokensPerMinute: row.tokensPerMinute === null ? null : BigInt(row.tokensPerMinute) }; }

// What an account or key has used in a stretch of time, added up from the calls on record: the truth that every counter is rebuilt from.
import type pg from 'pg';
import { idLowerBound } from '../../kernel/ids.js';
import type { LimitSubject } from './limit-rules.js';

export interface SpentQuestion {
  readonly kind: LimitSubject;
  readonly accountId: string;
  /** Of a key; unused for an account. */
  readonly keyId: string;
  readonly from: Date; /** Excluded. */ readonly to: Date;
}
export interface Spent {
  /** Charges by currency. */
  readonly micros: ReadonlyMap<string, bigint>;
  readonly tokens: bigint;
  /** Ids of calls that ended at or after `since`. */
  readonly lately: readonly string[];
}

/** Adds up in one statement, so all figures are of one moment. Calls count in the period in which they arrived. */
export async function readSpent(reader: pg.Pool, { kind, accountId, keyId, from, to }: SpentQuestion, since: Date): Promise<Spent> {
  const { rows } = await reader.query<{ currency: string | null; micros: string; tokens: string; lately: string[] | null }>(`
    SELECT currency, sum(cost_micros)::text AS micros, sum(usage_input + usage_cache_read + usage_cache_write + usage_output)::text AS tokens, array_agg(request_id::text) FILTER (WHERE ended_at >= $4) AS lately
    FROM calls WHERE account_id = $1 AND request_id >= $2 AND request_id < $3 ${kind === 'key' ? 'AND key_id = $5' : ''} GROUP BY currency`,
  [accountId, idLowerBound(from), idLowerBound(to), since, ...(kind === 'key' ? [keyId] : [])]);
  return {
    micros: new Map(rows.flatMap((row) => (row.currency === null ? [] : [[row.currency, BigInt(row.micros)] as const]))),
    tokens: rows.reduce((sum, row) => sum + BigInt(row.tokens), 0n), lately: rows.flatMap((row) => row.lately ?? []),
  };
}

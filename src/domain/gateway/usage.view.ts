// Usage and charges added up from the calls on record, which are the only authority: a sum is nothing of its own.
import type pg from 'pg';
import { idLowerBound, isUuid } from '../../kernel/ids.js';

export const USAGE_GROUPS = ['day', 'model', 'key', 'provider', 'account'] as const;
export type UsageGroup = (typeof USAGE_GROUPS)[number];

export interface UsageQuestion {
  readonly account?: string | undefined;
  /** A key's id, or its name. */
  readonly key?: string | undefined;
  readonly from: Date; /** Excluded. */ readonly to: Date;
  readonly groupBy: UsageGroup;
}

/** One group in one currency. `group` null: the calls had none, such as a refused call without a provider. */
export interface UsageRow {
  readonly group: string | null;
  /** Null: nothing of it was priced. */
  readonly currency: string | null;
  readonly calls: number;
  /** Of them, calls with an estimated usage. */
  readonly estimated: number;
  readonly input: bigint; readonly cacheRead: bigint; readonly cacheWrite: bigint; readonly output: bigint; readonly reasoning: bigint;
  readonly costMicros: bigint;
}

/** Days are those of the operator's zone, by the arrival of the call, and so is every period of a budget. */
const GROUPS: Record<UsageGroup, string> = { day: `to_char(at AT TIME ZONE $3, 'YYYY-MM-DD')`, model: 'model', key: 'key_id::text', provider: 'provider_id', account: 'account_id' };

export async function readUsage(reader: pg.Pool, { account, key, from, to, groupBy }: UsageQuestion, timeZone: string): Promise<UsageRow[]> {
  const values: unknown[] = [idLowerBound(from), idLowerBound(to), timeZone], where = ['request_id >= $1', 'request_id < $2', '$3::text IS NOT NULL'];
  const add = (condition: (parameter: string) => string, value: string): void => { values.push(value); where.push(condition(`$${values.length}`)); };
  if (account !== undefined) add((p) => `account_id = ${p}`, account);
  if (key !== undefined) add((p) => (isUuid(key) ? `key_id = ${p}` : `key_id IN (SELECT key_id FROM api_keys WHERE name = ${p})`), key);
  const { rows } = await reader.query<Record<string, string> & { group: string | null; currency: string | null }>(`
    SELECT ${GROUPS[groupBy]} AS "group", currency, count(*) AS calls, count(*) FILTER (WHERE usage_source = 'estimated') AS estimated, sum(usage_input) AS input, sum(usage_cache_read) AS cache_read,
      sum(usage_cache_write) AS cache_write, sum(usage_output) AS output, sum(usage_reasoning) AS reasoning, sum(cost_micros) AS cost
    FROM calls WHERE ${where.join(' AND ')} GROUP BY 1, 2 ORDER BY ${groupBy === 'day' ? '1, 2' : 'sum(cost_micros) DESC, 1, 2'}`, values);
  return rows.map((row) => ({ group: row.group, currency: row.currency, calls: Number(row['calls']), estimated: Number(row['estimated']), input: BigInt(row['input']!), cacheRead: BigInt(row['cache_read']!),
    cacheWrite: BigInt(row['cache_write']!), output: BigInt(row['output']!), reasoning: BigInt(row['reasoning']!), costMicros: BigInt(row['cost']!) }));
}

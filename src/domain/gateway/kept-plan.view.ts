// Questions that have to look into every partition.
import type pg from 'pg';
import { borrowClient } from '../../platform/db/index.js';

/** Longest wait for an answer, ms: a call may wait for it. */
const ANSWER_MS = 5_000;

/**
 * Runs a named statement with a plan that PostgreSQL keeps for the connection. Planning for 400 partitions costs 0.3 s and more; with the
 * kept plan the answer takes some milliseconds. `name` stands for `text` for ever.
 */
export function queryWithKeptPlan<T extends pg.QueryResultRow>(pool: pg.Pool, name: string, text: string, values: unknown[]): Promise<T[]> {
  return borrowClient(pool, async (client) => {
    const run = (statement: { text: string; name?: string; values?: unknown[] }): Promise<pg.QueryResult<T>> => { const question = { ...statement, query_timeout: ANSWER_MS }; return client.query<T>(question); };
    await run({ text: 'BEGIN READ ONLY' });
    await run({ text: 'SET LOCAL plan_cache_mode = force_generic_plan' });
    const { rows } = await run({ name, text, values });
    await run({ text: 'COMMIT' });
    return rows;
  });
}

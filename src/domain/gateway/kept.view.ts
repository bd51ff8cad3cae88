// Whose a thing is that a provider keeps (a stored response, a file, a batch): told by the calls whose answers carry its id.
import type pg from 'pg';
import { queryWithKeptPlan } from './kept-plan.view.js';

export interface Kept {
  /** The account of the first call that showed it; null for one that is no longer on record with an account. */
  readonly accountId: string | null; readonly providerId: string | null; readonly model: string | null; readonly path: string;
  /** Whether some call that carries its id was billed for usage. */
  readonly billed: boolean;
}

/** Undefined when no call on record carries the id: made before our records begin, or by the provider itself (the output of a batch). */
export async function findKept(pool: pg.Pool, id: string): Promise<Kept | undefined> {
  const rows = await queryWithKeptPlan<{ account_id: string | null; provider_id: string | null; model: string | null; path: string; usage_source: string }>(pool, 'kept_by_answer_id',
    'SELECT account_id, provider_id, model, path, usage_source FROM calls WHERE answer_id = $1 ORDER BY request_id LIMIT 1000', [id]);
  const [first] = rows;
  return first && { accountId: first.account_id, providerId: first.provider_id, model: first.model, path: first.path, billed: rows.some((row) => row.usage_source === 'reported' || row.usage_source === 'estimated') };
}

import { managerOf, type Tx } from '../../platform/db/index.js';
import { LIMIT_COLUMNS, type LimitsRow } from './limit-columns.js';
import type { LimitSubject } from './limit-rules.js';

/** Whether there is such an account or key. */
export async function subjectExists(tx: Tx, kind: LimitSubject, id: string): Promise<boolean> {
  const [table, column] = kind === 'account' ? ['accounts', 'account_id'] : ['api_keys', 'key_id::text'];
  return (await managerOf(tx).query(`SELECT 1 FROM ${table} WHERE ${column} = $1`, [id]) as unknown[]).length > 0;
}

export async function findLimitsRow(tx: Tx, kind: LimitSubject, id: string): Promise<LimitsRow | undefined> {
  const [row] = await managerOf(tx).query(`SELECT ${LIMIT_COLUMNS} FROM usage_limits WHERE subject_kind = $1 AND subject_id = $2`, [kind, id]) as LimitsRow[];
  return row;
}

export async function writeLimits(tx: Tx, row: LimitsRow): Promise<void> {
  await managerOf(tx).query(`INSERT INTO usage_limits (${LIMIT_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (subject_kind, subject_id) DO UPDATE SET budget_micros = $3, budget_period = $4, budget_currency = $5, quota_tokens = $6, quota_period = $7, requests_per_minute = $8,
      tokens_per_minute = $9, concurrent_calls = $10`,
  [row.subject_kind, row.subject_id, row.budget_micros, row.budget_period, row.budget_currency, row.quota_tokens, row.quota_period, row.requests_per_minute, row.tokens_per_minute, row.concurrent_calls]);
}

export async function deleteLimits(tx: Tx, kind: LimitSubject, id: string): Promise<void> {
  await managerOf(tx).query('DELETE FROM usage_limits WHERE subject_kind = $1 AND subject_id = $2', [kind, id]);
}

/** Notes that a threshold of a period was told of; false when it was before. */
export async function noteThreshold(tx: Tx, notice: { kind: LimitSubject; id: string; of: 'budget' | 'quota'; period: string; threshold: number; at: Date }): Promise<boolean> {
  const rows = await managerOf(tx).query(`INSERT INTO limit_notices (subject_kind, subject_id, of, period_start, threshold, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING 1`,
    [notice.kind, notice.id, notice.of, notice.period, notice.threshold, notice.at]) as unknown[];
  return rows.length > 0;
}

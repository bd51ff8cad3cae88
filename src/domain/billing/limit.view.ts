import type pg from 'pg';
import { LIMIT_COLUMNS, limitsFromRow, type LimitsRow } from './limit-columns.js';
import { NO_LIMITS, periodAt, type LimitPeriod, type LimitSubject, type UsageLimits } from './limit-rules.js';
import { readSpent } from './spent.view.js';

/** Use of a budget (micro-units) or quota (tokens) in the period that runs. */
export interface LimitUse { readonly period: LimitPeriod; /** First instant, and first no longer in it. */ readonly from: Date; readonly to: Date; readonly used: bigint; readonly limit: bigint }
export interface SubjectLimits {
  readonly kind: LimitSubject; readonly id: string; readonly accountId: string; /** Of a key. */ readonly keyName: string | null;
  readonly limits: UsageLimits; readonly budgetUse: LimitUse | null; readonly quotaUse: LimitUse | null;
}

/** Limits of an account or key with what is used of them by the calls on record; undefined when there is no such account or key. */
export async function readLimits(reader: pg.Pool, kind: LimitSubject, id: string, now: Date, timeZone: string): Promise<SubjectLimits | undefined> {
  const { rows: [subject] } = kind === 'account' ? await reader.query<{ account_id: string; name: null }>('SELECT account_id, NULL AS name FROM accounts WHERE account_id = $1', [id])
    : await reader.query<{ account_id: string; name: string | null }>('SELECT account_id, name FROM api_keys WHERE key_id::text = $1', [id]);
  if (!subject) return undefined;
  const { rows: [row] } = await reader.query<LimitsRow>(`SELECT ${LIMIT_COLUMNS} FROM usage_limits WHERE subject_kind = $1 AND subject_id = $2`, [kind, id]);
  const limits = row ? limitsFromRow(row) : NO_LIMITS;
  const use = async (period: LimitPeriod, limit: bigint, currency: string | null): Promise<LimitUse> => {
    const { from, to } = periodAt(now, period, timeZone), spent = await readSpent(reader, { kind, accountId: subject.account_id, keyId: id, from, to }, to);
    return { period, from, to, used: currency === null ? spent.tokens : spent.micros.get(currency) ?? 0n, limit };
  };
  const [budgetUse, quotaUse] = await Promise.all([
    limits.budget && use(limits.budget.period, limits.budget.micros, limits.budget.currency), limits.quota && use(limits.quota.period, limits.quota.tokens, null)]);
  return { kind, id, accountId: subject.account_id, keyName: subject.name, limits, budgetUse, quotaUse };
}

/** Ids of the account's keys that have limits. */
export async function readLimitedKeys(reader: pg.Pool, accountId: string): Promise<string[]> {
  const { rows } = await reader.query<{ id: string }>(`SELECT subject_id AS id FROM usage_limits JOIN api_keys ON key_id::text = subject_id WHERE subject_kind = 'key' AND account_id = $1 ORDER BY api_keys.name`, [accountId]);
  return rows.map((row) => row.id);
}

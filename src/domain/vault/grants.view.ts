import type pg from 'pg';
import type { ContentGrant } from './grant.js';
import { GRANT_COLUMNS } from './grant.store.js';

/** Grants, newest first; of one account when given; only those that are or will be in force at `at` when given. */
export async function readGrants(reader: pg.Pool, filter: { accountId?: string; openAt?: Date } = {}): Promise<ContentGrant[]> {
  const { rows } = await reader.query<ContentGrant>(
    `SELECT ${GRANT_COLUMNS} FROM content_grants WHERE ($1::text IS NULL OR account_id = $1) AND ($2::timestamptz IS NULL OR (revoked_at IS NULL AND valid_until > $2)) ORDER BY granted_at DESC, grant_id DESC`,
    [filter.accountId ?? null, filter.openAt ?? null]);
  return rows;
}

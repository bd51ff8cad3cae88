import { managerOf, type Tx } from '../../platform/db/index.js';
import type { ContentGrant } from './grant.js';

const COLUMNS = `grant_id AS "grantId", account_id AS "accountId", kind, key_ids AS "keyIds", models, sides, trigger, sample_percent AS "samplePercent", keep_hours AS "keepHours", reason,
  authorised_by AS "authorisedBy", granted_by AS "grantedBy", granted_at AS "grantedAt", valid_from AS "validFrom", valid_until AS "validUntil", revoked_at AS "revokedAt", revoked_by AS "revokedBy"`;

/** Columns of a grant as ContentGrant names them, for its view. */
export const GRANT_COLUMNS = COLUMNS;

/** State of the account; undefined when there is none. Held until commit, so that it is not closed meanwhile. Accounts are of an earlier slice. */
export async function accountStatus(tx: Tx, accountId: string): Promise<'active' | 'closed' | undefined> {
  const [row] = await managerOf(tx).query('SELECT status FROM accounts WHERE account_id = $1 FOR SHARE', [accountId]) as { status: 'active' | 'closed' }[];
  return row?.status;
}

/** Which of the keys are not of the account. */
export async function foreignKeys(tx: Tx, accountId: string, keyIds: readonly string[]): Promise<string[]> {
  const rows = await managerOf(tx).query(
    'SELECT id FROM unnest($2::text[]) AS id WHERE NOT EXISTS (SELECT 1 FROM api_keys WHERE key_id::text = id AND account_id = $1)', [accountId, keyIds]) as { id: string }[];
  return rows.map((row) => row.id);
}

export async function insertGrant(tx: Tx, grant: ContentGrant): Promise<void> {
  await managerOf(tx).query(
    `INSERT INTO content_grants (grant_id, account_id, kind, key_ids, models, sides, trigger, sample_percent, keep_hours, reason, authorised_by, granted_by, granted_at, valid_from, valid_until)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [grant.grantId, grant.accountId, grant.kind, grant.keyIds, grant.models, grant.sides, grant.trigger, grant.samplePercent, grant.keepHours, grant.reason,
      grant.authorisedBy, grant.grantedBy, grant.grantedAt, grant.validFrom, grant.validUntil]);
}

export async function findGrant(tx: Tx, grantId: string): Promise<ContentGrant | undefined> {
  const [row] = await managerOf(tx).query(`SELECT ${COLUMNS} FROM content_grants WHERE grant_id::text = $1`, [grantId]) as ContentGrant[];
  return row;
}

/** False when it was revoked before. */
export async function markRevoked(tx: Tx, grantId: string, at: Date, by: string): Promise<boolean> {
  const [, count] = await managerOf(tx).query('UPDATE content_grants SET revoked_at = $2, revoked_by = $3 WHERE grant_id = $1 AND revoked_at IS NULL', [grantId, at, by]) as [unknown, number];
  return count > 0;
}

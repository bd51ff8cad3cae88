import type pg from 'pg';

/** A confirmation as people see it; days are YYYY-MM-DD, both included. */
export interface Confirmation {
  readonly confirmationId: string; readonly accountId: string; readonly destination: string; readonly basis: string; readonly covers: readonly string[]; readonly confirmedBy: string;
  readonly confirmedAt: string; readonly validUntil: string; readonly withdrawnAt: Date | null;
}

/** Confirmations by account, destination and day, withdrawn and expired ones too; of one account when given. */
export async function readConfirmations(reader: pg.Pool, accountId?: string): Promise<Confirmation[]> {
  const { rows } = await reader.query<Confirmation>(`SELECT confirmation_id AS "confirmationId", account_id AS "accountId", destination, basis, covers, confirmed_by AS "confirmedBy",
    confirmed_at AS "confirmedAt", valid_until AS "validUntil", withdrawn_at AS "withdrawnAt" FROM confirmations WHERE $1::text IS NULL OR account_id = $1
    ORDER BY account_id, destination, confirmed_at`, [accountId ?? null]);
  return rows;
}

import type pg from 'pg';

/** The hand-overs of the log's key, oldest first. */
export async function readHandovers(reader: pg.Pool): Promise<string[]> {
  const { rows } = await reader.query<{ handover: string }>('SELECT handover FROM ledger_keys ORDER BY key_number');
  return rows.map((row) => row.handover);
}

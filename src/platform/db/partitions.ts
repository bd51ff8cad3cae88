// Daily partitions by id range. Made ahead by CREATE + ATTACH, which does not stop inserts the way PARTITION OF does.
import type pg from 'pg';
import { idLowerBound } from '../../kernel/ids.js';
import { borrowClient } from './borrow-client.js';

/** The tables partitioned by UTC day of their UUIDv7 key. */
export const PARTITIONED: Readonly<Record<string, string>> = {
  calls: 'request_id', transfers: 'transfer_id', transfer_outcomes: 'transfer_id', security_events: 'event_id',
};
const DAY_MS = 86_400_000;

/** Name of the partition of `table` for the UTC day of `at`: calls_p20261124. */
export function partitionName(table: string, at: Date): string {
  return `${table}_p${at.toISOString().slice(0, 10).replaceAll('-', '')}`;
}

/** The UTC day a partition name stands for, or undefined for a name not of that form. */
export function partitionDay(name: string): Date | undefined {
  const match = /_p(\d{4})(\d{2})(\d{2})$/.exec(name);
  return match ? new Date(`${match[1]}-${match[2]}-${match[3]}T00:00:00.000Z`) : undefined;
}

/**
 * Makes the partitions of every table for the days from `from` to `to`, both included; existing ones stay.
 * Safe to run from several processes at once. Returns the names made.
 */
export async function ensurePartitions(pool: pg.Pool, from: Date, to: Date): Promise<string[]> {
  const made: string[] = [];
  await borrowClient(pool, async (client) => {
    const { rows } = await client.query<{ relname: string }>('SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid');
    const existing = new Set(rows.map((row) => row.relname));
    for (let day = startOfUtcDay(from).getTime(); day <= to.getTime(); day += DAY_MS) {
      for (const [table, key] of Object.entries(PARTITIONED)) {
        const name = partitionName(table, new Date(day));
        if (!existing.has(name) && await makePartition(client, table, key, name, new Date(day))) made.push(name);
      }
    }
  });
  return made;
}

async function makePartition(client: pg.PoolClient, table: string, key: string, name: string, day: Date): Promise<boolean> {
  const low = idLowerBound(day), high = idLowerBound(new Date(day.getTime() + DAY_MS));
  await client.query('BEGIN');
  try {
    await client.query("SELECT pg_advisory_xact_lock(hashtext('holdfast_partitions'))");
    const { rows } = await client.query('SELECT 1 FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relname = $1', [name]);
    if (rows.length > 0) { await client.query('ROLLBACK'); return false; }
    // The CHECK lets ATTACH skip its scan; it is dropped again because the bound says the same.
    await client.query(`CREATE TABLE ${name} (LIKE ${table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS, CONSTRAINT bounds CHECK (${key} >= '${low}' AND ${key} < '${high}'))`);
    await client.query(`ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES FROM ('${low}') TO ('${high}')`);
    await client.query(`ALTER TABLE ${name} DROP CONSTRAINT bounds`);
    await client.query('COMMIT');
    return true;
  } catch (error) { await client.query('ROLLBACK'); throw error; }
}

/**
 * Vacuums and freezes the partitions of a day that is over: nothing is added to them any more, so PostgreSQL would leave their last fifth
 * out of the visibility map, and counting by index would go to the rows after all.
 */
export async function freezeDay(pool: pg.Pool, day: Date): Promise<void> {
  for (const table of Object.keys(PARTITIONED)) {
    const name = partitionName(table, day), { rows } = await pool.query('SELECT 1 WHERE to_regclass($1) IS NOT NULL', [name]);
    if (rows.length > 0) await pool.query(`VACUUM (FREEZE, ANALYZE) ${name}`);
  }
}

/** Midnight UTC of the day. */
export function startOfUtcDay(at: Date): Date { return new Date(Math.floor(at.getTime() / DAY_MS) * DAY_MS); }

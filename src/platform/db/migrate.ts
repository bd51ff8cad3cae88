// Brings a database to this program's schema, one migrator at a time, and refuses one that is ahead.
import type { Clock } from '../../kernel/clock.js';
import { HoldfastError } from '../../kernel/errors.js';
import type { Database } from './connect.js';
import { ensurePartitions } from './partitions.js';

const DAY_MS = 86_400_000;
/** How many days of partitions exist ahead of today; the worker keeps it so. */
export const PARTITIONS_AHEAD_DAYS = 7;

/**
 * Runs the missing migrations and makes the partitions from yesterday to a week ahead. Returns the names of the migrations run.
 * Throws `conflict` when the database was made by a newer program; nothing is changed then.
 */
export async function migrate(database: Database, clock: Clock): Promise<string[]> {
  const runner = database.source.createQueryRunner();
  try {
    await runner.connect();
    await runner.query("SELECT pg_advisory_lock(hashtext('holdfast_migrate'))");
    await refuseNewerDatabase(database);
    const done = await database.source.runMigrations({ transaction: 'each' });
    const now = clock.now();
    await ensurePartitions(database.pool, new Date(now.getTime() - DAY_MS), new Date(now.getTime() + PARTITIONS_AHEAD_DAYS * DAY_MS));
    return done.map((migration) => migration.name);
  } finally {
    await runner.query("SELECT pg_advisory_unlock(hashtext('holdfast_migrate'))").catch(() => undefined);
    await runner.release();
  }
}

async function refuseNewerDatabase(database: Database): Promise<void> {
  const { rows: [table] } = await database.pool.query<{ found: string | null }>("SELECT to_regclass('schema_migrations')::text AS found");
  if (!table?.found) return;
  const known = new Set(database.source.migrations.map((migration) => migration.name));
  const { rows } = await database.pool.query<{ name: string }>('SELECT name FROM schema_migrations');
  const ahead = rows.filter((row) => !known.has(row.name)).map((row) => row.name);
  if (ahead.length > 0) throw new HoldfastError('conflict', `the database was made by a newer Holdfast (it has ${ahead.join(', ')}); start that version, or restore a backup made before the upgrade`);
}

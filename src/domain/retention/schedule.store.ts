import { managerOf, type Tx } from '../../platform/db/index.js';
import type { PurgeSchedule } from './purge.js';
import type { Query } from './query.store.js';

/** The schedule as it stands; the migration made the only row. */
export async function readSchedule(query: Query): Promise<PurgeSchedule> {
  const [row] = await query<{ cron: string; time_zone: string; paused: boolean }>('SELECT cron, time_zone, paused FROM purge_schedule');
  return row ? { cron: row.cron, timeZone: row.time_zone, paused: row.paused } : { cron: '30 3 * * *', timeZone: 'UTC', paused: true };
}

export async function writeSchedule(tx: Tx, schedule: PurgeSchedule): Promise<void> {
  await managerOf(tx).query('INSERT INTO purge_schedule (cron, time_zone, paused) VALUES ($1, $2, $3) ON CONFLICT (singleton) DO UPDATE SET cron = $1, time_zone = $2, paused = $3',
    [schedule.cron, schedule.timeZone, schedule.paused]);
}

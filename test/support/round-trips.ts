// How often the database is waited for: every statement, or several asked together, takes a connection out of its pool.
import type pg from 'pg';

/** How many connections were taken out of the pools while `work` ran. */
export async function roundTrips(pools: readonly pg.Pool[], work: () => Promise<unknown>): Promise<number> {
  let taken = 0;
  const count = (): void => { taken += 1; };
  for (const pool of pools) pool.on('acquire', count);
  try { await work(); } finally { for (const pool of pools) pool.off('acquire', count); }
  return taken;
}

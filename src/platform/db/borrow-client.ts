// One connection of a pool for several statements.
import type pg from 'pg';

/**
 * Runs `work` on a connection and gives it back; after a failure it is closed instead, since nobody knows its state. A connection
 * that breaks between two statements fails the next one: without a listener it would end the process.
 */
export async function borrowClient<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  const broken = (): void => undefined;
  client.on('error', broken);
  try {
    const result = await work(client);
    client.off('error', broken);
    client.release();
    return result;
  } catch (error) {
    // The listener stays: the connection may still report how it ends.
    client.release(true);
    throw error;
  }
}

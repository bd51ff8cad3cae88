// Asks the gateways to end the epochs that may hold calls of a window that is over, so that what there was can be told for sure.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reader } from '../reader.js';
import { NUMBERING_DELAY_MS } from './epoch-facts.js';

/** What a gateway listens to; it begins a new epoch when it hears something. */
export const EPOCHS_CHANNEL = 'holdfast_epochs';
/** How long their ends are waited for, ms. Calls that take longer keep an epoch open, and the proof says so. */
const PATIENCE_MS = 5_000, AGAIN_MS = 100;
/** Gateways say every five seconds that they live. */
const ALIVE = '15 seconds';

/** Resolves when no living gateway has such an epoch any more, or after a few seconds. By the database's clock. */
export async function askClosing(reader: Reader, to: Date): Promise<void> {
  const closable = new Date(to.getTime() + NUMBERING_DELAY_MS);
  const look = async (): Promise<string[]> => (await reader.query<{ epoch_id: string }>(`SELECT epoch_id FROM gateway_epochs WHERE closed_at IS NULL AND NOT spools AND opened_at < $1 AND $1 <= now() AND last_seen_at > now() - interval '${ALIVE}'`, [closable])).rows.map((row) => row.epoch_id);
  const asked = await look();
  if (asked.length === 0) return;
  await reader.query('SELECT pg_notify($1, $2)', [EPOCHS_CHANNEL, 'end']);
  for (const until = performance.now() + PATIENCE_MS; performance.now() < until;) {
    await sleep(AGAIN_MS);
    const left = new Set(await look());
    if (!asked.some((epochId) => left.has(epochId))) return;
  }
}

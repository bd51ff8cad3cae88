import { managerOf, type Tx } from '../../platform/db/index.js';
import type { Uuid } from '../../kernel/ids.js';

/** How long a claim is kept: by then the call is on record, and says itself that it was charged. */
const KEEP = '7 days';

/**
 * Claims an answer for a call. One that is claimed stays so, unless the claiming call can be charged no more: its gateway is over, and what
 * it left on record says that nothing was used.
 */
export async function claimAnswer(tx: Tx, claim: { readonly answerId: string; readonly requestId: Uuid; readonly epochId: Uuid; readonly at: Date }): Promise<boolean> {
  const manager = managerOf(tx);
  await manager.query(`DELETE FROM counted_answers WHERE counted_at < $1::timestamptz - interval '${KEEP}'`, [claim.at]);
  const rows = await manager.query(`INSERT INTO counted_answers AS known (answer_id, request_id, epoch_id, counted_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (answer_id) DO UPDATE SET request_id = EXCLUDED.request_id, epoch_id = EXCLUDED.epoch_id, counted_at = EXCLUDED.counted_at
    WHERE known.request_id = EXCLUDED.request_id OR (EXISTS (SELECT FROM gateway_epochs WHERE epoch_id = known.epoch_id AND closed_at IS NOT NULL)
      AND NOT EXISTS (SELECT FROM calls WHERE calls.request_id = known.request_id AND usage_source IN ('reported', 'estimated'))) RETURNING 1`,
  [claim.answerId, claim.requestId, claim.epochId, claim.at]) as unknown[];
  return rows.length > 0;
}

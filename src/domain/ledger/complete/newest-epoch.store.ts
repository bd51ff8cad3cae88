import { managerOf, type Tx } from '../../../platform/db/index.js';

/** Number of the newest epoch, and none can be opened until this transaction ends: what is stated with it is true when it is written. */
export async function lockNewestEpoch(tx: Tx): Promise<number> {
  await managerOf(tx).query('LOCK TABLE gateway_epochs IN SHARE MODE');
  const [row] = await managerOf(tx).query('SELECT coalesce(max(epoch_number), 0) AS newest FROM gateway_epochs') as { newest: string }[];
  return Number(row?.newest ?? 0);
}

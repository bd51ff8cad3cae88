import { managerOf, type Tx } from '../../platform/db/index.js';
import { batchStatement, type LedgerRecord } from './write-records.js';

/** Inserts records and their batch in the caller's transaction. */
export async function insertBatch(tx: Tx, records: readonly LedgerRecord[], writer: string, at: Date): Promise<void> {
  const { text, values } = batchStatement(records, writer, at);
  await managerOf(tx).query(text, values);
}

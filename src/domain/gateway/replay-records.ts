// Puts records of a journal on record, each exactly once, whatever was written of them before.
import { HoldfastError } from '../../kernel/errors.js';
import type { Ledger, LedgerRecord } from '../ledger/index.js';

/** Writes of a journal in their order; resolves when all of them are on record. Rejects with `records_unavailable` when the store is away. */
export type PutOnRecord = (writes: readonly (readonly LedgerRecord[])[]) => Promise<void>;

const AT_ONCE = 500, ATTEMPTS = 5;

/**
 * `epochId`: whose records they are; it is named as the writer of their batches, so that everyone sees which came by a journal.
 * `known`: whether some are likely to be on record already, so that it is better to look first.
 */
export function createPutOnRecord(ledger: Pick<Ledger, 'createRecorder' | 'withoutKnown'>, epochId: string, known: boolean): PutOnRecord {
  const recorder = ledger.createRecorder(`spool:${epochId}`);
  const put = async (records: readonly LedgerRecord[]): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      // A statement that was given up may have been committed, and an earlier replay may have been killed: what is there stays as it is.
      const fresh = known || attempt > 1 ? await ledger.withoutKnown(records) : records;
      if (fresh.length === 0) return;
      try { await recorder.write(fresh); return; } catch (error) {
        if (attempt === ATTEMPTS || !(error instanceof HoldfastError && error.code === 'conflict')) throw error;
      }
    }
  };
  return async (writes) => {
    let chunk: LedgerRecord[] = [];
    for (const records of writes) {
      chunk.push(...records);
      if (chunk.length >= AT_ONCE) { await put(chunk); chunk = []; }
    }
    if (chunk.length > 0) await put(chunk);
  };
}

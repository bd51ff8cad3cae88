// The face of the ledger slice.
import type { Clock } from '../../kernel/clock.js';
import type { Act, Database } from '../../platform/db/index.js';
import type { KeyRing } from '../../platform/crypto/keyring.js';
import { createAppendRecord, type AppendRecord } from './append-record.js';
import { createRecorder, type Recorder } from './recorder.js';

export type { AppendRecord, AuditEntry } from './append-record.js';
export type { Recorder } from './recorder.js';
export type { LedgerRecord } from './write-records.js';
export { RECORD_TABLES, type RecordRow, type RecordTableName } from './record-tables.js';
export { canonicalRecord, commitmentOf, type CanonicalRecord } from './record.js';

export interface LedgerDeps { readonly clock: Clock; readonly database: Database; readonly keys: KeyRing; readonly bookkeeping: Act; readonly home: string; readonly origin: string }

export interface Ledger {
  /** Appends an audit record in the caller's transaction. */
  readonly append: AppendRecord;
  /** The group commit of one process. */
  createRecorder(writer: string): Recorder;
}

export function createLedger(deps: LedgerDeps): Ledger {
  return {
    append: createAppendRecord(deps.clock),
    createRecorder: (writer) => createRecorder({ writer, clock: deps.clock, run: async (text, values) => { await deps.database.pool.query(text, values); } }),
  };
}

// The record of a change made by a person or by our own processes, inside the caller's transaction; and of a reading, by itself.
import type { Actor, Purpose } from '../../kernel/actor.js';
import type { Json } from '../../kernel/canonical-json.js';
import type { Clock } from '../../kernel/clock.js';
import { mintId, type Uuid } from '../../kernel/ids.js';
import type { Tx } from '../../platform/db/index.js';
import { insertBatch } from './batch.store.js';
import type { Recorder } from './recorder.js';
import type { LedgerRecord } from './write-records.js';

export interface AuditEntry {
  /** Verb and noun, dotted: "account.close", "call.view", "purge.certify". */
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly purpose?: Purpose;
  readonly reason?: string;
  /** State before and after, without secrets; omit what does not apply. */
  readonly before?: Json;
  readonly after?: Json;
}

/** Appends an audit record by the transaction's actor; returns its id. Makes the transaction committable. */
export type AppendRecord = (tx: Tx, entry: AuditEntry) => Promise<Uuid>;
/**
 * Records a reading, which changes nothing: durable when it resolves with the record's id, in one statement that readings of the same
 * moment share. Rejects with `records_unavailable` when it is not known to be written; what was read must not be shown then.
 */
export type RecordReading = (actor: Actor, entry: AuditEntry & { readonly purpose: Purpose }) => Promise<Uuid>;

/** Binds the clock. */
export function createAppendRecord(clock: Clock): AppendRecord {
  return async (tx, entry) => {
    const record = auditRecord(tx.actor, entry, clock.now());
    await insertBatch(tx, [record], tx.actor.name, record.row.at);
    tx.ledgered = true;
    return record.row.record_id;
  };
}

/** Binds the clock and the recorder that is made at the first reading. */
export function createRecordReading(clock: Clock, openRecorder: () => Recorder): RecordReading {
  let recorder: Recorder | undefined;
  return async (actor, entry) => {
    const record = auditRecord(actor, entry, clock.now());
    await (recorder ??= openRecorder()).write([record]);
    return record.row.record_id;
  };
}

function auditRecord(actor: Actor, entry: AuditEntry, at: Date): Extract<LedgerRecord, { table: 'audit_records' }> & { readonly row: { readonly record_id: Uuid } } {
  return { table: 'audit_records', row: {
    record_id: mintId(at), at, actor_kind: actor.kind, actor_id: actor.id, actor_name: actor.name,
    purpose: entry.purpose ?? null, action: entry.action, subject_kind: entry.subjectKind, subject_id: entry.subjectId,
    reason: entry.reason ?? null, before: entry.before ?? null, after: entry.after ?? null,
  } };
}

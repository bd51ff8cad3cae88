// The record of a change made by a person or by our own processes, inside the caller's transaction.
import type { Purpose } from '../../kernel/actor.js';
import type { Json } from '../../kernel/canonical-json.js';
import type { Clock } from '../../kernel/clock.js';
import { mintId, type Uuid } from '../../kernel/ids.js';
import type { Tx } from '../../platform/db/index.js';
import { insertBatch } from './batch.store.js';

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

/** Binds the clock. */
export function createAppendRecord(clock: Clock): AppendRecord {
  return async (tx, entry) => {
    const at = clock.now();
    const recordId = mintId(at);
    await insertBatch(tx, [{ table: 'audit_records', row: {
      record_id: recordId, at, actor_kind: tx.actor.kind, actor_id: tx.actor.id, actor_name: tx.actor.name,
      purpose: entry.purpose ?? null, action: entry.action, subject_kind: entry.subjectKind, subject_id: entry.subjectId,
      reason: entry.reason ?? null, before: entry.before ?? null, after: entry.after ?? null,
    } }], tx.actor.name, at);
    tx.ledgered = true;
    return recordId;
  };
}

// The custody log is a reading of the audit records in the pack; the verifier reads it again.
import type { PackDocument } from './pack-document.js';

/** One line for each audit record, in the order of the items. */
export function custodyOf(records: PackDocument['records']): PackDocument['custody'] {
  const text = (value: unknown): string => String(value);
  const optional = (value: unknown): string | null => (value === null || value === undefined ? null : String(value));
  return records.filter((record) => record.table === 'audit_records').map(({ item, row }) => ({
    item, at: text(row['at']), actor: text(row['actor_name']), actor_kind: text(row['actor_kind']), action: text(row['action']),
    subject: `${text(row['subject_kind'])} ${text(row['subject_id'])}`, purpose: optional(row['purpose']), reason: optional(row['reason']),
  }));
}

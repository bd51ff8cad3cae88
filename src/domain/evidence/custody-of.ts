// The custody log is a reading of the audit records in the pack; the verifier reads it again.
import { textOf, type PackDocument } from './pack-document.js';

/** One line for each audit record, in the order of the items. */
export function custodyOf(records: PackDocument['records']): PackDocument['custody'] {
  const optional = (value: unknown): string | null => (value === null || value === undefined ? null : textOf(value));
  return records.filter((record) => record.table === 'audit_records').map(({ item, row }) => ({
    item, at: textOf(row['at']), actor: textOf(row['actor_name'] ?? '-'), actor_kind: textOf(row['actor_kind']), action: textOf(row['action']),
    subject: `${textOf(row['subject_kind'])} ${textOf(row['subject_id'])}`, purpose: optional(row['purpose']), reason: optional(row['reason']),
  }));
}

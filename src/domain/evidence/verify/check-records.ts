// The records: each against its commitment, each commitment in the log, the log's checkpoint by its key.
import { coerceError } from '../../../kernel/errors.js';
import { commitmentOf, NoteError, openCheckpoint, openSignedNote, parseVerifierKey, readKeyChain, RECORD_TABLES, verifyInclusion, type CanonicalRecord, type RecordTableName } from '../../ledger/offline.js';
import type { PackDocument, PackRecord } from '../pack-document.js';
import type { PackCheck } from '../pack-report.js';
import { checked } from './check.js';

/** Recomputes SHA-256(salt ‖ canonical record) of every record, and that it has the fields records of its table have. */
export function checkCommitments({ records }: PackDocument): PackCheck {
  const problems = records.flatMap((record) => {
    const named = `${record.item} (${record.table} ${record.id})`;
    if (!hasItsFields(record)) return [`${named} does not have the fields of a record of version ${record.version}`];
    // Without its fields nobody can work the commitment out; that it is in the log is checked all the same.
    if (record.salt === null) return record.redacted?.length ? [] : [`${named} has no salt, and nothing was taken out of it`];
    const commitment = commitmentOf({ table: record.table, version: record.version, row: record.row } as CanonicalRecord, Buffer.from(record.salt, 'hex'));
    return commitment.toString('hex') === record.commitment ? [] : [`${named} was changed: it is not the record its commitment was made for`];
  });
  const redacted = records.filter((record) => record.salt === null).length;
  const passed = redacted === 0 ? `Each of the ${records.length} records is the one its commitment was made for.`
    : `Each of the ${records.length - redacted} complete records is the one its commitment was made for. From ${redacted} records fields were taken out: their commitments are in the log, but cannot be worked out again from what is left; that the fields left belong to them rests on the seal.`;
  return checked('record commitments', passed, problems);
}

function hasItsFields({ table, version, id, row, redacted = [] }: PackRecord): boolean {
  if (!Object.hasOwn(RECORD_TABLES, table)) return false;
  const spec = RECORD_TABLES[table as RecordTableName];
  return spec.version === version && row[spec.key] === id && !redacted.some((column) => Object.hasOwn(row, column)) && [...Object.keys(row), ...redacted].sort().join() === Object.keys(spec.columns).sort().join();
}

/** Follows every path from its commitment to the root of the checkpoint. */
export function checkInclusion({ records, checkpoint }: PackDocument): PackCheck {
  const size = BigInt(checkpoint.tree_size), root = Buffer.from(checkpoint.root, 'hex');
  const problems = records.filter((record) => !verifyInclusion(Buffer.from(record.commitment, 'hex'), BigInt(record.leaf_index), size, record.path.map((hash) => Buffer.from(hash, 'hex')), root))
    .map((record) => `${record.item} is not leaf ${record.leaf_index} of the log at size ${size}`);
  const leaves = new Set(records.map((record) => record.leaf_index));
  if (leaves.size !== records.length) problems.push('two records claim the same leaf of the log');
  return checked('log inclusion', `Each of the ${records.length} records is in the log of ${size} records whose root the checkpoint states.`, problems);
}

/** The checkpoint's signature by the key in the pack, and what it states against what the pack says. */
export function checkCheckpoint({ checkpoint }: PackDocument): PackCheck {
  const problems: string[] = [];
  try {
    const stated = openSignedNote(checkpoint.note, checkpoint.verifier_key);
    if (stated.origin !== checkpoint.origin || stated.treeSize.toString() !== checkpoint.tree_size || stated.root.toString('hex') !== checkpoint.root) {
      problems.push('the signed checkpoint states another log, size or root than the pack says');
    }
  } catch (error) { problems.push(`the checkpoint is not signed by the key beside it: ${coerceError(error).message}`); }
  return checked('checkpoint', `The checkpoint of ${checkpoint.origin} at ${checkpoint.tree_size} records is signed by the key in the pack.`, problems);
}

/** The log's key against one the reader trusts; without one it says what to compare. */
export function checkLogKey({ checkpoint }: PackDocument, trustedKey: string | undefined, handovers: readonly string[] = []): PackCheck {
  const name = 'log key';
  if (trustedKey === undefined) return { name, ok: true, message: `No key was given to compare with: the log key is the pack's own. Compare it with the published one: ${checkpoint.verifier_key}` };
  try {
    const [trusted, own] = [parseVerifierKey(trustedKey.trim()), parseVerifierKey(checkpoint.verifier_key)];
    const same = trusted.name === own.name && trusted.publicKey.equals(own.publicKey);
    // Who trusts an earlier or a later key of the log gets here by the hand-overs between them.
    if (!same && handovers.length > 0) { openCheckpoint(checkpoint.note, readKeyChain(trustedKey, handovers)); return checked(name, 'The log key was handed over by the one you trust.', []); }
    return checked(name, 'The log key is the one you trust.', same ? [] : [`the log key of the pack (${checkpoint.verifier_key}) is not the one you trust (${trustedKey.trim()})`]);
  } catch (error) {
    if (error instanceof NoteError) return { name, ok: false, message: `the keys cannot be compared: ${error.message}` };
    throw error;
  }
}

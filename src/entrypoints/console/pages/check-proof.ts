// Verifies, at the moment of showing, that the records of a call are in the signed log.
import { openCheckpoint, readKeyChain, verifyInclusion, type LogKeys } from '../../../domain/ledger/index.js';
import type { CallStoryAnswer } from '../../http/api/calls.schemas.js';

export interface ProofCheck {
  /** verified: every sealed record is included under a checkpoint our key signed · waiting: some are not sealed yet · broken: something does not fit. */
  readonly verdict: 'verified' | 'waiting' | 'broken';
  readonly records: readonly { readonly table: string; readonly id: string; readonly leaf: number | null; readonly verdict: 'verified' | 'waiting' | 'broken' }[];
  readonly problem: string | null;
}

/** Recomputes the way from each commitment to the root, and opens the checkpoint with the key of the log at its size. */
export function checkProof(proof: CallStoryAnswer['proof'], keys: LogKeys): ProofCheck {
  if (!proof) return { verdict: 'broken', records: [], problem: 'the call has no commitment' };
  const signed = signedRoot(proof.checkpoint, keys);
  const records = proof.records.map(({ table, id, leaf_index: leaf, commitment, path }) => {
    if (leaf === null || !signed || BigInt(leaf) >= signed.treeSize) return { table, id, leaf, verdict: 'waiting' as const };
    const included = verifyInclusion(bytes(commitment), BigInt(leaf), signed.treeSize, path.map(bytes), signed.root);
    return { table, id, leaf, verdict: included ? 'verified' as const : 'broken' as const };
  });
  const broken = records.find((record) => record.verdict === 'broken');
  if (proof.checkpoint !== null && !signed) return { verdict: 'broken', records, problem: 'the checkpoint is not signed by the key of this log' };
  if (broken) return { verdict: 'broken', records, problem: `${broken.table} ${broken.id} does not match what was sealed` };
  return { verdict: records.some((record) => record.verdict === 'waiting') ? 'waiting' : 'verified', records, problem: null };
}

function signedRoot(note: string | null, keys: LogKeys): { treeSize: bigint; root: Buffer } | undefined {
  if (note === null) return undefined;
  try { return openCheckpoint(note, readKeyChain(keys.first, keys.handovers)); } catch { return undefined; }
}

function bytes(hex: string): Buffer { return Buffer.from(hex, 'hex'); }

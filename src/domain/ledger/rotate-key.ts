// A new key for the log, from the last checkpoint on: the old key signs the hand-over, the new one countersigns, and both stand on record.
import type { Clock } from '../../kernel/clock.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from './append-record.js';
import { handovers, insertKey, lockSealer } from './keys.store.js';
import { signHandover } from './log/key-chain.js';
import { formatVerifierKey } from './log/signed-note.js';
import type { LogKey } from './log-key.js';
import type { SealStore } from './seal.store.js';

export interface RotatedKey { readonly verifierKey: string; readonly before: string; readonly fromSize: bigint; readonly handover: string }
export type RotateKey = (tx: Tx, reason: string) => Promise<RotatedKey | Refusal>;

/**
 * Binds the use case. The new key file is made before the commit: a crash in between leaves a key that nothing names, which the next
 * attempt takes. Refuses with `conflict` while nothing is sealed. Who holds the old key can sign nothing from then on that verifies.
 */
export function createRotateKey({ key, store, append, clock }: { key: LogKey; store: Pick<SealStore, 'lastCheckpoint'>; append: AppendRecord; clock: Clock }): RotateKey {
  return async (tx, reason) => {
    await lockSealer(tx);
    const known = await handovers(tx);
    key.follow(known);
    const last = await store.lastCheckpoint(tx);
    if (!last) return refuse('conflict', 'nothing is sealed yet: the log has no checkpoint at which the key could be handed over');
    const signed = key.open(last.note), place = known.length + 2, at = clock.now();
    const [before, after] = [key.signer(place - 1), key.signer(place)], from = formatVerifierKey(before.key), to = formatVerifierKey(after.key);
    const handover = signHandover({ origin: key.origin, treeSize: signed.treeSize, root: signed.root, from, to, at: at.toISOString() }, [before, after]);
    await insertKey(tx, { place, verifierKey: to, fromSize: signed.treeSize, handover, at });
    await append(tx, { action: 'ledger.rotate-key', subjectKind: 'ledger', subjectId: 'log', reason, before: { verifier_key: from }, after: { verifier_key: to, from_size: signed.treeSize.toString(), handover } });
    return { verifierKey: to, before: from, fromSize: signed.treeSize, handover };
  };
}

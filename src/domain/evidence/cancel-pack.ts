// Stops a pack that is not made yet.
import type { Uuid } from '../../kernel/ids.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { askCancel, lockPack } from './pack.store.js';

/** Binds the use case. One that nobody works on ends at once, one in the making within a second. Refusals: forbidden, not_found, conflict. */
export function createCancelPack(deps: { append: AppendRecord }): (tx: Tx, packId: Uuid) => Promise<Refusal | undefined> {
  return async (tx, packId) => {
    const no = forbid(tx.actor, 'evidence.create');
    if (no) return no;
    const row = await lockPack(tx, packId);
    if (!row) return refuse('not_found', `no pack ${packId}`, 'packId');
    if (row.state !== 'requested' && row.state !== 'assembling') return refuse('conflict', `the pack is ${row.state}`);
    await askCancel(tx, packId);
    await deps.append(tx, { action: 'pack.cancel', subjectKind: 'pack', subjectId: packId });
    return undefined;
  };
}

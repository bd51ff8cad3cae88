// A pack leaves the house: on the ledger before its first byte does.
import type { Uuid } from '../../kernel/ids.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import type { PackRow } from './pack.js';

/** Binds the use case. Refusals: forbidden, not_found, conflict (not ready). */
export function createRecordDownload(deps: { append: AppendRecord; findPack: (packId: Uuid) => Promise<PackRow | undefined> }): (tx: Tx, packId: Uuid, volume?: { number: number; sha256: string }) => Promise<Refusal | undefined> {
  return async (tx, packId, volume) => {
    const no = forbid(tx.actor, 'evidence.read');
    if (no) return no;
    const pack = await deps.findPack(packId);
    if (!pack) return refuse('not_found', `no pack ${packId}`, 'packId');
    if (pack.state !== 'ready') return refuse('conflict', `the pack is ${pack.state}${pack.failure === null ? '' : `: ${pack.failure}`}`);
    await deps.append(tx, { action: 'pack.download', subjectKind: 'pack', subjectId: packId, purpose: pack.purpose, after: { sha256: volume?.sha256 ?? pack.sha256, request_id: pack.requestId, ...(volume && volume.number > 0 ? { volume: volume.number } : {}) } });
    return undefined;
  };
}

// Request and assembly in one go, for the command line: no worker and no queue are needed.
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import type { Actor } from '../../kernel/actor.js';
import type { Uuid } from '../../kernel/ids.js';
import type { Act, Tx } from '../../platform/db/index.js';
import type { Ledger } from '../ledger/index.js';
import type { PackRequest, PackRow } from './pack.js';

export interface MakePackDeps {
  readonly act: Act; readonly ledger: Pick<Ledger, 'sealOnce'>;
  readonly requestPack: (tx: Tx, request: PackRequest) => Promise<Uuid | Refusal>;
  readonly assemblePack: (packId: Uuid) => Promise<void>;
  readonly findPack: (packId: Uuid) => Promise<PackRow | undefined>;
  readonly packFile: (packId: Uuid) => Promise<{ path: string } | undefined>;
}

/** Binds it. Seals what is unsealed when no sealer runs. A pack that cannot be made is refused with its reason (`conflict`). */
export function createMakePack(deps: MakePackDeps): (actor: Actor, request: PackRequest) => Promise<{ packId: Uuid; path: string } | Refusal> {
  return async (actor, request) => {
    const packId = await deps.act(actor, (tx) => deps.requestPack(tx, request));
    if (isRefusal(packId)) return packId;
    await deps.ledger.sealOnce();
    await deps.assemblePack(packId);
    const file = await deps.packFile(packId);
    if (!file) return refuse('conflict', `pack ${packId} was not made: ${(await deps.findPack(packId))?.failure ?? 'its file is missing'}`);
    return { packId, path: file.path };
  };
}

// Files of packs go no later than what is in them: when the retention of their oldest record is over and no hold protects it.
import { rm } from 'node:fs/promises';
import { systemActor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { refuse } from '../../kernel/result.js';
import type { Act } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import type { Retention } from '../retention/index.js';
import type { Uuid } from '../../kernel/ids.js';
import { removeLostDrafts } from './pack-drafts.js';
import { packPath } from './pack-files.js';
import { lockPack, markPurged, type FileRow } from './pack.store.js';
import type { PackRow } from './pack.js';

export interface PurgePackFilesDeps {
  readonly clock: Clock; readonly act: Act; readonly append: AppendRecord; readonly home: string; readonly retention: Pick<Retention, 'readCutOff' | 'holds'>;
  readonly readyPacks: () => Promise<PackRow[]>; readonly findFiles: (packId: Uuid) => Promise<FileRow[]>;
}

/** Removes the files of every pack that is due; answers how many packs. The row stays and says when. A crash between row and file leaves a file that the next run removes. */
export function createPurgePackFiles(deps: PurgePackFilesDeps): () => Promise<number> {
  return async () => {
    let purged = 0;
    await removeLostDrafts(deps.home);
    for (const pack of await deps.readyPacks()) {
      if (!await isDue(deps, pack)) continue;
      const files = await deps.findFiles(pack.packId), refused = await deps.act(systemActor('purge-pack-files'), async (tx) => {
        if ((await lockPack(tx, pack.packId))?.state !== 'ready') return refuse('conflict', 'the pack has no file any more');
        await markPurged(tx, pack.packId, deps.clock.now());
        await deps.append(tx, { action: 'pack.purge', subjectKind: 'pack', subjectId: pack.packId, purpose: 'compliance_retention', after: { sha256: pack.sha256, oldest_record: pack.snapshot?.oldest ?? pack.params.oldest } });
        // Before the commit: a crash here keeps the row ready without its file, which is then handed to nobody, and the next run ends it.
        for (const volume of new Set([0, ...files.map((file) => file.volume)])) await rm(packPath(deps.home, pack.packId, volume), { force: true });
        return undefined;
      });
      if (refused === undefined) purged += 1;
    }
    return purged;
  };
}

/** Whether one of the pack's data types is past its retention for its oldest record. A hold on any of it keeps the whole file. */
async function isDue({ retention, clock }: PurgePackFilesDeps, pack: PackRow): Promise<boolean> {
  const oldest = pack.snapshot?.oldest ?? pack.params.oldest;
  if (oldest === null) return false;
  const cutOffs = await Promise.all(pack.params.data_types.map((type) => retention.readCutOff(type, pack.accountId ?? undefined)));
  if (!cutOffs.some((cutOff) => cutOff !== null && new Date(oldest) < cutOff)) return false;
  const now = clock.now();
  return !(await retention.holds()).some((hold) => (hold.protectsUntil === null || hold.protectsUntil > now) && (hold.accountId === null || pack.accountId === null || hold.accountId === pack.accountId)
    && (hold.dataTypes === null || hold.dataTypes.some((type) => (pack.params.data_types as readonly string[]).includes(type))));
}

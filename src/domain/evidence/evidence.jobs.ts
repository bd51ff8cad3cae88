// What the worker runs: one pack by its id, and a sweep for packs whose job was lost or gave up, and the end of files that are due.
import type { Clock } from '../../kernel/clock.js';
import { coerceError } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import type { Logger } from '../../platform/log/log.js';
import type { JobDefinition } from '../../platform/queue/queue.js';

export const ASSEMBLE_JOB = 'assemble-pack';
/** A pack still waiting after this long has lost its job; the row is the truth, not the queue. */
const LOST_AFTER_MS = 60_000;

export function createEvidenceJobs(deps: { clock: Clock; log: Logger; assemblePack: (packId: Uuid) => Promise<void>; openPacks: (before: Date) => Promise<Uuid[]>; purgeFiles: () => Promise<number> }): JobDefinition[] {
  return [
    { name: ASSEMBLE_JOB, run: deps.assemblePack },
    // Runs them itself: what the queue lost once is not entrusted to it again.
    { name: 'sweep-requested-packs', run: async () => {
      for (const packId of await deps.openPacks(new Date(deps.clock.now().getTime() - LOST_AFTER_MS))) {
        await deps.assemblePack(packId).catch((error: unknown) => deps.log.warn('a pack could not be assembled yet', { pack: packId, error: coerceError(error).message }));
      }
    } },
    { name: 'purge-pack-files', run: async () => {
      const purged = await deps.purgeFiles();
      if (purged > 0) deps.log.info('files of packs were removed', { packs: purged });
    } },
  ];
}

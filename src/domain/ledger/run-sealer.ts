// The sealer's loop: looks, seals, publishes, waits.
import { setTimeout as sleep } from 'node:timers/promises';
import { systemActor } from '../../kernel/actor.js';
import { coerceError, HoldfastError } from '../../kernel/errors.js';
import type { Logger } from '../../platform/log/log.js';
import { readLatestCheckpoint } from './checkpoint.view.js';
import type { Publisher } from './publish-log.js';
import type { Reader } from './reader.js';
import { LEASE_MS, sealPass, type SealDeps } from './seal-batches.js';
import { readStillUnsealed, readUnsealedIds } from './unsealed.view.js';

const POLL_MS = 200;
/** Between two checkpoints while records keep coming: with pass and poll a checkpoint follows a commit within a second, and a busy day makes 173,000 of them, not five times as many. */
const SPACING_MS = 500;
const RETRY_MS = 1_000;

export interface Sealer {
  sealOnce(): Promise<{ leaves: number; treeSize: bigint }>;
  runSealer(signal: AbortSignal): Promise<void>;
}

/** The sealer of one process. */
export function createSealer(deps: SealDeps & { reader: Reader; publisher: Publisher; log: Logger }): Sealer {
  /** Passes until nothing is left or another sealer is at it. */
  const sealAll = async (leaseMs: number): Promise<{ leaves: number; busy: boolean }> => {
    for (let leaves = 0; ;) {
      const pass = await sealPass(deps, leaseMs);
      if (pass.busy) return { leaves, busy: true };
      leaves += pass.leaves;
      if (!pass.full) return { leaves, busy: false };
    }
  };
  const round = async (): Promise<boolean> => {
    const worked = (await readUnsealedIds(deps.reader, 1)).length > 0 && (await sealAll(LEASE_MS)).leaves > 0;
    // Published whoever sealed, so that every sealer's folder is an anchor.
    const latest = await readLatestCheckpoint(deps.reader);
    if (latest) await deps.publisher.publish(latest);
    return worked;
  };

  return {
    sealOnce: async () => {
      const asked = await readUnsealedIds(deps.reader);
      // Without a lease beyond the pass: who seals once must not keep the running sealer out.
      let { leaves, busy } = await sealAll(0);
      while (busy && await readStillUnsealed(deps.reader, asked) > 0) {
        await sleep(50);
        const more = await sealAll(0);
        leaves += more.leaves;
        busy = more.busy;
      }
      return { leaves, treeSize: (await readLatestCheckpoint(deps.reader))?.treeSize ?? 0n };
    },

    runSealer: async (signal) => {
      let complaint = '';
      while (!signal.aborted) {
        let wait = POLL_MS;
        try {
          if (await round()) wait = SPACING_MS;
          complaint = '';
        } catch (thrown) {
          const error = coerceError(thrown);
          // Once for each new reason: a database that is away for an hour is one line, not three thousand.
          if (error.message !== complaint) deps.log[error instanceof HoldfastError ? 'error' : 'warn']('sealing failed and is tried again every second', { error: complaint = error.message });
          wait = RETRY_MS;
        }
        await sleep(wait, undefined, { signal }).catch(() => undefined);
      }
      // A last look, for what was written while we were told to stop; then the lease is free for the next at once.
      await round().catch(() => undefined);
      await deps.bookkeeping(systemActor('sealer'), (tx) => deps.store.releaseLease(tx, deps.holder)).catch(() => undefined);
    },
  };
}

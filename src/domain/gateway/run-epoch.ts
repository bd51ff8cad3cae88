// An epoch is the life of one gateway process. Within it every admitted or refused call of an account has the next number, without gaps.
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { systemActor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { coerceError } from '../../kernel/errors.js';
import { mintId, type Uuid } from '../../kernel/ids.js';
import type { Act } from '../../platform/db/index.js';
import type { Logger } from '../../platform/log/log.js';
import { numberRoot, type AppendRecord } from '../ledger/index.js';
import { endEpoch, insertEpoch, touchEpoch } from './epoch.store.js';

export interface Epoch {
  readonly epochId: Uuid;
  /** The account's next number, from 1. Whoever takes it must see to it that a call row carries it. */
  next(accountId: string): number;
  /** Closes the epoch on record with the last number of each account, so that a missing tail can be told from no calls. */
  close(): Promise<void>;
}

export interface EpochDeps { readonly clock: Clock; readonly act: Act; readonly bookkeeping: Act; readonly append: AppendRecord; readonly log: Logger;
  /** Whether records of this epoch may wait in a journal. */
  readonly spools: boolean }

/** How often a living gateway says so, ms. */
export const HEARTBEAT_MS = 5_000;
const actor = systemActor('gateway');

/** Opens an epoch on record. Rejects when that cannot be written; then the gateway must not start. */
export async function openEpoch({ clock, act, bookkeeping, append, log, spools }: EpochDeps): Promise<Epoch> {
  const at = clock.now(), epochId = mintId(at), host = hostname(), { pid } = process;
  await act(actor, async (tx) => {
    const { number, stillOpen } = await insertEpoch(tx, { epochId, at, host, pid, spools });
    await append(tx, { action: 'epoch.open', subjectKind: 'epoch', subjectId: epochId, after: { host, pid, number, still_open: stillOpen } });
  });
  const last = new Map<string, number>();
  let beating: Promise<void> | undefined;
  const beat = (): void => {
    // One at a time: a server that hangs would otherwise collect a connection for each.
    if (beating) return;
    beating = bookkeeping(actor, (tx) => touchEpoch(tx, epochId, clock.now())).catch((error: unknown) => { log.debug('the epoch could not be marked as alive', { error: coerceError(error).message }); })
      .finally(() => { beating = undefined; });
  };
  const timer = setInterval(beat, HEARTBEAT_MS).unref();
  return {
    epochId,
    next: (accountId) => { const number = (last.get(accountId) ?? 0) + 1; last.set(accountId, number); return number; },
    close: async () => {
      clearInterval(timer);
      // A heartbeat that came after the close would undo it.
      await beating;
      await act(actor, async (tx) => {
        const numbers = { last: Object.fromEntries(last), secret: randomBytes(32) };
        await endEpoch(tx, epochId, clock.now(), numbers);
        // The root alone: a proof for one account must not tell another customer's name or volume.
        await append(tx, { action: 'epoch.close', subjectKind: 'epoch', subjectId: epochId, after: { accounts: last.size, last_numbers_root: numberRoot(epochId, numbers.secret, numbers.last).toString('hex') } });
      });
    },
  };
}

// The epochs of one gateway process, one after the other. A new one is begun every day, and when somebody wants to prove what there was:
// an epoch that has ended says how many calls each account had, and one that runs on cannot.
import type { Clock } from '../../kernel/clock.js';
import { coerceError } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { listenTo } from '../../platform/db/index.js';
import type { Logger } from '../../platform/log/log.js';
import { EPOCHS_CHANNEL } from '../ledger/index.js';
import type { Epoch } from './run-epoch.js';

export interface Epochs {
  /** Of the epoch that gives numbers now; to be read in the same turn as `next`. */
  readonly epochId: Uuid;
  next(accountId: string): number;
  /** A call begins; the answer is to be called when all its records are written or owed. */
  enter(): () => void;
  /** Begins a new epoch; the one before ends on record once its calls are over. Does not throw: what cannot be begun now is tried the next time. */
  renew(): Promise<void>;
  /** Stops renewing. */
  stop(): Promise<void>;
  /** Those that are not ended yet, the newest last. */
  readonly open: readonly Epoch[];
}

export interface EpochsDeps {
  readonly first: Epoch; readonly begin: () => Promise<Epoch>; readonly clock: Clock; readonly log: Logger;
  /** Where to hear that one is to end; undefined: epochs are as long as the process lives. */
  readonly url: string | undefined;
  /** Whether facts that happened are not on record yet. */
  readonly owing: () => boolean;
  /** Younger epochs are not ended on demand, ms: what is asked for is about calls that began at least a quarter of an hour ago. */
  readonly leastMs?: number;
}

/** How often it is looked whether a day is over, or an epoch can end by now, ms. */
const LOOK_MS = 5_000;
const LEAST_MS = 10_000;

interface Term { readonly epoch: Epoch; readonly day: string; readonly begun: number; calls: number }

export function keepEpochs({ first, begin, clock, log, url, owing, leastMs = LEAST_MS }: EpochsDeps): Epochs {
  const termOf = (epoch: Epoch): Term => ({ epoch, day: clock.now().toISOString().slice(0, 10), begun: performance.now(), calls: 0 });
  let current = termOf(first), renewing: Promise<void> | undefined, stopped = false;
  const past = new Set<Term>(), ending = new Map<Term, Promise<void>>();
  /** Every number has its row by then, or the gateway owes it: then the next look ends the epoch. */
  const end = (term: Term): void => {
    if (term.calls > 0 || ending.has(term) || owing()) return;
    ending.set(term, term.epoch.close().then(() => { past.delete(term); }, (error: unknown) => { log.warn('an epoch could not be ended on record yet', { epoch_id: term.epoch.epochId, error: coerceError(error).message }); })
      .finally(() => { ending.delete(term); }));
  };
  const renewNow = async (): Promise<void> => {
    try {
      const epoch = await begin(), term = current;
      current = termOf(epoch);
      past.add(term);
      end(term);
    } catch (error) { log.warn('a new epoch could not be begun', { error: coerceError(error).message }); }
  };
  const renew = (): Promise<void> => {
    if (stopped || url === undefined) return Promise.resolve();
    return renewing ??= renewNow().finally(() => { renewing = undefined; });
  };
  const timer = setInterval(() => {
    for (const term of past) end(term);
    if (current.day !== clock.now().toISOString().slice(0, 10)) void renew();
  }, LOOK_MS).unref();
  const listening = url === undefined ? undefined : listenTo(url, EPOCHS_CHANNEL, () => { if (performance.now() - current.begun >= leastMs) void renew(); });
  return {
    get epochId() { return current.epoch.epochId; },
    next: (accountId) => current.epoch.next(accountId),
    enter: () => {
      // A call may take its number from the next epoch; then it only keeps this one open a little longer.
      const term = current;
      term.calls += 1;
      return () => { term.calls -= 1; if (past.has(term)) end(term); };
    },
    renew,
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await listening?.close();
      await renewing;
      await Promise.all(ending.values());
    },
    get open() { return [...[...past].map(({ epoch }) => epoch), current.epoch]; },
  };
}

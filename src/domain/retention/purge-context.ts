// What every step of a running purge gets.
import { systemActor, type Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { KeyRing } from '../../platform/crypto/keyring.js';
import type { Act, Database } from '../../platform/db/index.js';
import type { Logger } from '../../platform/log/log.js';
import type { Ledger } from '../ledger/index.js';
import type { Vault } from '../vault/index.js';
import type { FrozenPlan } from './purge-guard.js';
import type { Query } from './query.store.js';

export interface PurgeDeps {
  readonly clock: Clock; readonly database: Database; readonly act: Act; readonly bookkeeping: Act; readonly keys: KeyRing; readonly log: Logger;
  readonly ledger: Pick<Ledger, 'append' | 'latestCheckpoint' | 'removals'>; readonly query: Query;
  /** Destroys the vault's keys whose content is gone; answers their names. */
  readonly vault: Pick<Vault, 'shredContent'>;
  /** Name and version of the program, for certificates. */
  readonly program: string;
  /** How long it looks for the end of a transaction that is in its way before it leaves that to its next try, ms; a minute unless given. */
  readonly patienceMs?: number;
}
export interface PurgeContext extends PurgeDeps { readonly runId: string; readonly plan: FrozenPlan; readonly actor: Actor }

/** The run was paused by a person: the engine stops at the next step, and nothing has failed. */
export class PausedRun extends Error {}

/** Throws `PausedRun` when somebody paused the run. */
export async function stopIfPaused({ query, runId }: Pick<PurgeContext, 'query' | 'runId'>): Promise<void> {
  const [row] = await query<{ state: string }>('SELECT state FROM purge_runs WHERE run_id = $1', [runId]);
  if (row?.state === 'paused') throw new PausedRun();
}

/** Who removes: a process of ours, by a plan somebody or the schedule made. */
export const PURGER = systemActor('purge');

const ATTEMPTS = 40, LOCK_FAILURES = ['55P03', '40P01'];

/** Repeats a short transaction that could not get its locks in time (55P03) or met a deadlock (40P01), and on what else is named; other errors pass. */
export async function withLockRetries<T>(work: () => Promise<T>, ...also: readonly string[]): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try { return await work(); } catch (error) {
      if (attempt === ATTEMPTS || !hasCode(error, [...LOCK_FAILURES, ...also])) throw error;
      await new Promise((done) => { setTimeout(done, 50 + Math.random() * 50 * Math.min(attempt, 10)); });
    }
  }
}

/** Whether it did not get its locks in time, or met a deadlock. */
export function isLockFailure(error: unknown): boolean { return hasCode(error, LOCK_FAILURES); }

function hasCode(error: unknown, codes: readonly string[]): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}

// The sweep: a gateway that died between the two commits left a transfer without an outcome. It is closed as unknown, never silently.
import { setTimeout as sleep } from 'node:timers/promises';
import { systemActor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { HoldfastError } from '../../kernel/errors.js';
import { idLowerBound } from '../../kernel/ids.js';
import type { Act, Database } from '../../platform/db/index.js';
import type { Logger } from '../../platform/log/log.js';
import type { AppendRecord, LedgerRecord, Recorder } from '../ledger/index.js';
import { protocolOf } from './endpoints.js';
import { loseEpoch, markSwept } from './epoch.store.js';
import { epochsToSweep, findOrphans, type EpochWindow, type Orphan } from './orphan.view.js';

/** A gateway that has not said for this long that it lives is dead: 24 missed heartbeats. */
export const EPOCH_STALE_MS = 120_000;
/** No call lives longer than this, even in a gateway that does. */
export const LONGEST_CALL_MS = 86_400_000;
const AT_ONCE = 500;

export interface SweepDeps { readonly database: Database; readonly act: Act; readonly bookkeeping: Act; readonly append: AppendRecord; readonly clock: Clock; readonly recorder: Recorder; readonly log: Logger }

const actor = systemActor('worker');

/**
 * Settles all orphans, then ends the epochs they were of on record as lost; returns how many transfers. Idempotent: the ids are those of
 * the transfers and calls, so what another sweep writes at the same time counts as written. `confirmMs`: how long a gateway that was not
 * seen gets to say that it lives after all. When PostgreSQL hung, all of them look dead at first.
 */
export async function settleOrphans(deps: SweepDeps, confirmMs = 0): Promise<number> {
  const look = (): Promise<EpochWindow[]> => epochsToSweep(deps.database.reader, deps.clock.now(), { staleMs: EPOCH_STALE_MS, longestMs: LONGEST_CALL_MS });
  let windows = await look(), settled = 0;
  if (confirmMs > 0 && windows.some((one) => one.lastSeenAt && !one.closed)) {
    await sleep(confirmMs);
    windows = await look();
  }
  for (const window of windows) {
    settled += await settleEpoch(deps, window);
    if (window.lastSeenAt) await endLost(deps, window, window.lastSeenAt);
  }
  if (settled > 0) deps.log.warn('transfers of gateways that died were closed as unknown', { transfers: settled });
  return settled;
}

/** Nothing of the epoch is open any more. Unless its gateway closed it itself, its end is put on record here, by whom and why. */
async function endLost({ act, append, bookkeeping, clock, log }: SweepDeps, { epochId, from, closed }: EpochWindow, lastSeenAt: Date): Promise<void> {
  const at = clock.now();
  if (!closed) {
    const lost = await act(actor, async (tx) => {
      const found = await loseEpoch(tx, epochId, lastSeenAt, at, idLowerBound(from));
      if (found) await append(tx, { action: 'epoch.lost', subjectKind: 'epoch', subjectId: epochId, after: { host: found.host, pid: found.pid, accounts: found.accounts, last_seen_at: lastSeenAt.toISOString() } });
      return found;
    });
    if (lost) log.warn('the epoch of a gateway that died was ended on record', { epoch_id: epochId, host: lost.host, pid: lost.pid });
  }
  await bookkeeping(actor, (tx) => markSwept(tx, epochId, lastSeenAt, at));
}

async function settleEpoch({ database, clock, recorder }: SweepDeps, window: EpochWindow): Promise<number> {
  for (let settled = 0; ;) {
    const orphans = await findOrphans(database.reader, window, AT_ONCE), at = clock.now();
    // A call of several attempts gets one row; its last transfer says most.
    const last = new Map(orphans.map((orphan) => [orphan.request_id, orphan.transfer_id]));
    await Promise.all(orphans.map((orphan) => recorder.write(recordsFor(orphan, at, last.get(orphan.request_id) === orphan.transfer_id)).catch(ignoreConflict)));
    settled += orphans.length;
    if (orphans.length < AT_ONCE) return settled;
  }
}

/** Another sweep, or the gateway itself, was quicker: what it wrote counts. */
function ignoreConflict(error: unknown): void { if (!(error instanceof HoldfastError && error.code === 'conflict')) throw error; }

function recordsFor(orphan: Orphan, at: Date, isLast: boolean): LedgerRecord[] {
  // A call that was refused after its transfer was written down had not left.
  const outcome: LedgerRecord = { table: 'transfer_outcomes', row: {
    transfer_id: orphan.transfer_id, request_id: orphan.request_id, account_id: orphan.account_id, at, outcome: orphan.call_status === 'refused' ? 'not_sent' : 'unknown',
    http_status: null, upstream_request_id: null, response_bytes: 0, first_byte_ms: null, duration_ms: 0 } };
  if (orphan.call_status !== null || !isLast) return [outcome];
  return [outcome, { table: 'calls', row: {
    request_id: orphan.request_id, at: orphan.at, ended_at: at, account_id: orphan.account_id, key_id: orphan.key_id, epoch_id: orphan.epoch_id, account_seq: orphan.account_seq,
    method: 'POST', path: orphan.path, protocol: protocolOf(orphan.path) ?? null, model: orphan.model, served_model: null, stream: false, status: 'unknown', http_status: 0,
    refusal_code: null, client_request_id: null, upstream_request_id: null, answer_id: null, session_id: null, caller_region: null, provider_id: orphan.provider_id, attempts: orphan.attempt,
    usage_input: 0n, usage_cache_read: 0n, usage_cache_write: 0n, usage_cache_write_1h: 0n, usage_output: 0n, usage_reasoning: 0n, usage_units: null, usage_source: 'none',
    cost_micros: 0n, currency: null, price_id: null, registry_version: orphan.registry_version, request_bytes: orphan.request_bytes, response_bytes: 0n, first_byte_ms: null } }];
}

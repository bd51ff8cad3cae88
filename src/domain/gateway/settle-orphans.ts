// The sweep: a gateway that died between the two commits left a transfer without an outcome. It is closed as unknown, never silently.
import { systemActor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { Act, Database } from '../../platform/db/index.js';
import type { Logger } from '../../platform/log/log.js';
import type { LedgerRecord, Recorder } from '../ledger/index.js';
import { endpointOf } from './endpoints.js';
import { markSwept } from './epoch.store.js';
import { epochsToSweep, findOrphans, type EpochWindow, type Orphan } from './orphan.view.js';

/** A gateway that has not said for this long that it lives is dead: 24 missed heartbeats. */
export const EPOCH_STALE_MS = 120_000;
/** No call lives longer than this, even in a gateway that does. */
export const LONGEST_CALL_MS = 86_400_000;
const AT_ONCE = 500;

export interface SweepDeps { readonly database: Database; readonly bookkeeping: Act; readonly clock: Clock; readonly recorder: Recorder; readonly log: Logger }

/**
 * Settles all orphans; returns how many transfers. Idempotent: the ids are those of the transfers and calls, so what another sweep
 * writes at the same time counts as written.
 */
export async function settleOrphans(deps: SweepDeps): Promise<number> {
  const now = deps.clock.now();
  let settled = 0;
  for (const window of await epochsToSweep(deps.database.reader, now, { staleMs: EPOCH_STALE_MS, longestMs: LONGEST_CALL_MS })) {
    settled += await settleEpoch(deps, window);
    if (window.lastSeenAt) await deps.bookkeeping(systemActor('worker'), (tx) => markSwept(tx, window.epochId, window.lastSeenAt!, now));
  }
  if (settled > 0) deps.log.warn('transfers of gateways that died were closed as unknown', { transfers: settled });
  return settled;
}

async function settleEpoch({ database, clock, recorder }: SweepDeps, window: EpochWindow): Promise<number> {
  for (let settled = 0; ;) {
    const orphans = await findOrphans(database.reader, window, AT_ONCE), at = clock.now();
    // A call of several attempts gets one row; its last transfer says most.
    const last = new Map(orphans.map((orphan) => [orphan.request_id, orphan.transfer_id]));
    await Promise.all(orphans.map((orphan) => recorder.write(recordsFor(orphan, at, last.get(orphan.request_id) === orphan.transfer_id))));
    settled += orphans.length;
    if (orphans.length < AT_ONCE) return settled;
  }
}

function recordsFor(orphan: Orphan, at: Date, isLast: boolean): LedgerRecord[] {
  // A call that was refused after its transfer was written down had not left.
  const outcome: LedgerRecord = { table: 'transfer_outcomes', row: {
    transfer_id: orphan.transfer_id, request_id: orphan.request_id, account_id: orphan.account_id, at, outcome: orphan.call_status === 'refused' ? 'not_sent' : 'unknown',
    http_status: null, upstream_request_id: null, response_bytes: 0, first_byte_ms: null, duration_ms: 0 } };
  if (orphan.call_status !== null || !isLast) return [outcome];
  return [outcome, { table: 'calls', row: {
    request_id: orphan.request_id, at: orphan.at, ended_at: at, account_id: orphan.account_id, key_id: orphan.key_id, epoch_id: orphan.epoch_id, account_seq: orphan.account_seq,
    method: 'POST', path: orphan.path, protocol: endpointOf(orphan.path)?.protocol ?? null, model: orphan.model, served_model: null, stream: false, status: 'unknown', http_status: 0,
    refusal_code: null, client_request_id: null, upstream_request_id: null, session_id: null, caller_region: null, provider_id: orphan.provider_id, attempts: orphan.attempt,
    usage_input: 0n, usage_cache_read: 0n, usage_cache_write: 0n, usage_cache_write_1h: 0n, usage_output: 0n, usage_reasoning: 0n, usage_units: null, usage_source: 'none',
    cost_micros: 0n, currency: null, price_id: null, registry_version: orphan.registry_version, request_bytes: orphan.request_bytes, response_bytes: 0n, first_byte_ms: null } }];
}

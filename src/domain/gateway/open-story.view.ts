// Calls that have left and have no row yet: under way in a gateway, or left open by one that died and not closed by the sweep so far.
import type pg from 'pg';
import type { CallRow, OpenCallStory } from './call.js';
import { findByOwnId, type StoredStory } from './call.view.js';
import { protocolOf } from './endpoints.js';

/** By our request_id or a transfer_id; undefined when nothing on record has it. `staleMs`: how long an unseen gateway counts as alive. */
export async function findOpenCall(pool: pg.Pool, anyId: string, now: Date, staleMs: number): Promise<OpenCallStory | undefined> {
  const found = await findByOwnId(pool, anyId);
  return found && openStory(pool, found, now, staleMs);
}

/** The story of what was found, as far as it goes; undefined when no transfer has left. */
export async function openStory(pool: pg.Pool, { transfers }: Pick<StoredStory, 'transfers'>, now: Date, staleMs: number): Promise<OpenCallStory | undefined> {
  const last = transfers.at(-1);
  if (!last) return undefined;
  const { rows: [epoch] } = await pool.query<{ alive: boolean }>('SELECT closed_at IS NULL AND last_seen_at >= $2 AS alive FROM gateway_epochs WHERE epoch_id = $1', [last.epoch_id, new Date(now.getTime() - staleMs)]);
  const first = transfers[0]!;
  const call: CallRow = {
    request_id: first.request_id, at: first.at, ended_at: last.outcome?.at ?? last.at, account_id: last.account_id, key_id: last.key_id, epoch_id: last.epoch_id, account_seq: last.account_seq,
    method: 'POST', path: last.path, protocol: protocolOf(last.path) ?? null, model: last.model, served_model: null, stream: false, status: 'unknown', http_status: 0, refusal_code: null,
    client_request_id: null, upstream_request_id: last.outcome?.upstream_request_id ?? null, answer_id: null, session_id: null, caller_region: null, provider_id: last.provider_id, attempts: last.attempt,
    usage_input: 0n, usage_cache_read: 0n, usage_cache_write: 0n, usage_cache_write_1h: 0n, usage_output: 0n, usage_reasoning: 0n, usage_units: null, usage_source: 'none',
    cost_micros: 0n, currency: null, price_id: null, registry_version: last.registry_version, request_bytes: first.request_bytes, response_bytes: 0n, first_byte_ms: null,
  };
  return { state: epoch?.alive ? 'in_progress' : 'being_closed', call, transfers };
}

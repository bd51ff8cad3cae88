// Records like those of a call, for making the recorder's connections ready before the first call. They are rolled back.
import type { Clock } from '../../kernel/clock.js';
import { mintId } from '../../kernel/ids.js';
import type { LedgerRecord } from '../ledger/index.js';

/** The groups in which the records of calls reach the recorder: first commit, second commit, both at once. All ids are fresh. */
export function sampleRecords(clock: Clock): LedgerRecord[][] {
  const [transfer, outcome, call] = sample(clock), both = sample(clock);
  return [[transfer], [outcome, call], both];
}

function sample(clock: Clock): [LedgerRecord, LedgerRecord, LedgerRecord] {
  const at = clock.now(), requestId = mintId(at), transferId = mintId(at), id = mintId(at);
  const transfer: LedgerRecord = { table: 'transfers', row: {
    transfer_id: transferId, request_id: requestId, at, account_id: 'warm-up', key_id: id, epoch_id: id, account_seq: 1, attempt: 1, provider_id: 'warm-up', provider_name: '', legal_entity: '',
    category: 'model', origin_jurisdiction: 'US', destination_jurisdictions: ['US'], cross_border: false, terms_version: null, confirmation_ids: [], basis: null, data_categories: [],
    model: '', upstream_model: '', upstream_host: '', path: '/', request_bytes: 0, registry_version: 0 } };
  const outcome: LedgerRecord = { table: 'transfer_outcomes', row: { transfer_id: transferId, request_id: requestId, account_id: 'warm-up', at, outcome: 'completed', http_status: 200,
    upstream_request_id: null, response_bytes: 0, first_byte_ms: 0, duration_ms: 0 } };
  const call: LedgerRecord = { table: 'calls', row: {
    request_id: requestId, at, ended_at: at, account_id: 'warm-up', key_id: id, epoch_id: id, account_seq: 1, method: 'POST', path: '/', protocol: 'openai', model: '', served_model: null,
    stream: false, status: 'completed', http_status: 200, refusal_code: null, client_request_id: requestId, upstream_request_id: requestId, answer_id: requestId, session_id: requestId, caller_region: null,
    provider_id: 'warm-up', attempts: 1, usage_input: 0, usage_cache_read: 0, usage_cache_write: 0, usage_cache_write_1h: 0, usage_output: 0, usage_reasoning: 0, usage_units: null,
    usage_source: 'none', cost_micros: 0, currency: null, price_id: null, registry_version: 0, request_bytes: 0, response_bytes: 0, first_byte_ms: null } };
  return [transfer, outcome, call];
}

// A gateway's share of the database: calls put on record by the product's recorder, so many a second whatever the answer takes. Started by
// fork; told `{ from: name }` it begins a window and answers with the one that ended.
import { createApp } from '../../../dist/src/app.js';
import { parseConfig } from '../../../dist/src/platform/config/config.js';
import { mintId } from '../../../dist/src/kernel/ids.js';

const rate = Number(process.argv[2]), account = 'writer', key = mintId(new Date()), epoch = mintId(new Date());
const app = await createApp(parseConfig(Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(HOLDFAST_|DATABASE_URL$|GATEWAY_PORT$)/.test(name)))), 'bench-gateway');
const recorder = app.ledger.createRecorder('bench-gateway');
let window = { name: null, took: [], failed: 0 }, seq = 0n;

/** Writes and notes how long it took from the moment it was due. */
async function record(due, records) {
  try { await recorder.write(records); window.took.push(performance.now() - due); } catch { window.failed += 1; }
}

async function call(due) {
  const at = new Date(), id = mintId(at), transfer = mintId(at), account_seq = seq += 1n;
  await record(due, [{ table: 'transfers', row: { transfer_id: transfer, request_id: id, at, account_id: account, key_id: key, epoch_id: epoch, account_seq, attempt: 1, provider_id: 'p', provider_name: 'P', legal_entity: 'P Ltd', category: 'model', origin_jurisdiction: 'DE',
    destination_jurisdictions: ['US'], cross_border: true, terms_version: '1', confirmation_ids: [], basis: 'standard-contract', data_categories: ['input_content'], model: 'gpt-5', upstream_model: 'gpt-5', upstream_host: 'p.test', path: '/v1/chat/completions', request_bytes: 4096n, registry_version: 1n } }]);
  await record(performance.now(), [
    { table: 'calls', row: { request_id: id, at, ended_at: new Date(), account_id: account, key_id: key, epoch_id: epoch, account_seq, method: 'POST', path: '/v1/chat/completions', protocol: 'openai', model: 'gpt-5', served_model: 'gpt-5', stream: false, status: 'completed', http_status: 200,
      refusal_code: null, client_request_id: null, upstream_request_id: `req_${id}`, answer_id: `chatcmpl-${id}`, session_id: null, caller_region: null, provider_id: 'p', attempts: 1, usage_input: 1200n, usage_cache_read: 0n, usage_cache_write: 0n, usage_cache_write_1h: 0n, usage_output: 350n,
      usage_reasoning: 0n, usage_units: null, usage_source: 'reported', cost_micros: 5360n, currency: 'USD', price_id: null, registry_version: 1n, request_bytes: 4096n, response_bytes: 18000n, first_byte_ms: 240 } },
    { table: 'transfer_outcomes', row: { transfer_id: transfer, request_id: id, account_id: account, at: new Date(), outcome: 'answered', http_status: 200, upstream_request_id: `req_${id}`, response_bytes: 18000n, first_byte_ms: 240, duration_ms: 880 } },
  ]);
}

process.on('message', ({ from }) => {
  const { name, took, failed } = window;
  window = { name: from, took: [], failed: 0 };
  process.send({ name, took, failed });
});
// Calls come when they come: one that was late to start, since something stood still, counts from when it was due.
let next = performance.now();
setInterval(() => { for (; next <= performance.now(); next += 1000 / rate) void call(next); }, 2);

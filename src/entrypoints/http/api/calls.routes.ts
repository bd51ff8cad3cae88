// Calls: the list that a bill is made from, and the whole story of one.
import { isRefusal, refuse } from '../../../kernel/result.js';
import { callRowOf, callStory, readKeyNames } from '../../views/call-story.view.js';
import { withoutExpired } from '../../views/hide-expired.js';
import * as schemas from './calls.schemas.js';
import { defineRoute } from './define-route.js';
import { EXAMPLE } from './examples.js';
import { page } from './fields.schemas.js';

const exampleRow = {
  request_id: EXAMPLE.id, at: EXAMPLE.at, ended_at: EXAMPLE.at, account: EXAMPLE.account, key: EXAMPLE.other, key_name: 'production', path: '/v1/chat/completions', model: 'gpt-5',
  served_model: 'gpt-5-2026-08-01', stream: true, status: 'completed' as const, http_status: 200, refusal_code: null,
  usage: { input: 1200, cache_read: 800, cache_write: 0, output: 350, reasoning: 120 }, usage_source: 'reported' as const, cost_micros: 5360, currency: 'USD',
};
const exampleRecord = { table: 'calls', id: EXAMPLE.id, state: 'sealed' as const, commitment: EXAMPLE.hash, leaf_index: 511, path: [EXAMPLE.hash] };
const exampleStory = {
  ...exampleRow, method: 'POST', protocol: 'openai', client_request_id: null, upstream_request_id: 'req_9f86d0', answer_id: 'chatcmpl-9f86d0', session_id: null, caller_region: 'DE', provider: EXAMPLE.provider,
  attempts: 1, request_bytes: 4_096, response_bytes: 18_000, first_byte_ms: 240, registry_version: 12, epoch_id: EXAMPLE.other, account_seq: 42,
  charge: {
    price_id: EXAMPLE.other, model: 'gpt-*', provider: EXAMPLE.provider, effective_from: '2026-01-01', effective_until: null, version: 1, source: null, currency: 'USD', long_context_above: null, unpriced_units: [], total_micros: 5360, matches_record: true,
    lines: [{ bucket: 'input', units: 1200, micros_per_million: 2_000_000, cost_micros: 2400 }, { bucket: 'cache_read', units: 800, micros_per_million: 200_000, cost_micros: 160 },
      { bucket: 'output', units: 350, micros_per_million: 8_000_000, cost_micros: 2800 }],
  },
  charge_reason: 'priced' as const, transfers: [{
    transfer_id: EXAMPLE.other, at: EXAMPLE.at, attempt: 1, provider: EXAMPLE.provider, provider_name: 'OpenAI', legal_entity: 'OpenAI OpCo, LLC', category: 'model', origin: 'DE',
    jurisdictions: ['US'], cross_border: true, terms_version: '2026-01-01', basis: 'standard-contract', confirmation_ids: [EXAMPLE.other], data_categories: ['prompt'], model: 'gpt-5',
    upstream_model: 'gpt-5', upstream_host: 'api.openai.com', request_bytes: 4_096,
    outcome: { at: EXAMPLE.at, outcome: 'answered', http_status: 200, upstream_request_id: 'req_9f86d0', response_bytes: 18_000, first_byte_ms: 240, duration_ms: 2_100 },
  }],
  retention: {
    api_call_metadata: { stored: true, policy: { policy_id: EXAMPLE.other, version: 1, keep: 'P12M', starts_at: 'created', source: null }, retain_until: EXAMPLE.later, delete_at: EXAMPLE.later, waiting_for: null },
  },
  holds: [], proof: { ...exampleRecord, tree_size: 512, root: EXAMPLE.hash, checkpoint: EXAMPLE.note, records: [exampleRecord] }, packs: [], access: [],
};

export const callsRoutes = [
  defineRoute({
    method: 'get', path: '/calls', id: 'listCalls', tag: 'calls', summary: 'Calls, oldest first', permission: 'calls.read',
    description: 'A call appears when it has ended, at the place of its beginning: who follows new calls asks with `to` a few minutes back.',
    reading: { action: 'calls.list', subjectKind: 'calls', subjectId: () => 'list' },
    query: schemas.callsQuery, answer: page(schemas.callRow), example: { query: { account: EXAMPLE.account, from: EXAMPLE.at }, answer: { data: [exampleRow], next_cursor: EXAMPLE.id } },
    run: async ({ app, query: { from, to, ...rest } }) => {
      const found = await app.gateway.listCalls({ ...rest, ...(from ? { from: new Date(from) } : {}), ...(to ? { to: new Date(to) } : {}) });
      if (isRefusal(found)) return refuse(found.code, found.message, `query.${found.field ?? 'cursor'}`);
      const rows = await withoutExpired(app, 'api_call_metadata', found.rows, (call) => ({ accountId: call.account_id, clockStart: call.at, itemId: call.request_id }));
      const names = await readKeyNames(app, rows.map((call) => call.key_id));
      return { data: rows.map((call) => callRowOf(call, names)), next_cursor: found.nextCursor };
    },
  }),
  defineRoute({
    method: 'get', path: '/calls/{request_id}', id: 'readCall', tag: 'calls', summary: 'The whole story of one call', permission: 'calls.read',
    description: 'Usage, charge worked out again, every transfer with its legal facts, retention, holds and proof of inclusion. Never content.',
    reading: { action: 'call.view', subjectKind: 'call', subjectId: ({ answer }) => (answer as { request_id: string }).request_id },
    params: schemas.callParams, answer: schemas.callStory, example: { params: { request_id: EXAMPLE.id }, answer: exampleStory },
    run: async ({ app, params }) => await callStory(app, params.request_id) ?? refuse('not_found', 'no call on record has this id', 'params.request_id'),
  }),
];

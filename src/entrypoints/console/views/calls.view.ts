import type { ReadModel } from './read-model.js';

const TOKENS = 'usage_input + usage_cache_read + usage_cache_write + usage_cache_write_1h + usage_output';

/** Calls as a list. One call is read on the lookup page, where the reader names a purpose. */
export const calls: ReadModel = {
  id: 'calls', from: 'calls', key: 'request_id', keyIsTime: true, title: 'request_id', order: { column: 'at', direction: 'desc' },
  columns: [
    { name: 'at', kind: 'time', filter: 'range', sort: true, list: true },
    { name: 'request_id', kind: 'id', filter: 'exact', uuid: true, list: true, link: 'lookup' },
    { name: 'account_id', kind: 'id', filter: 'exact', list: true, link: 'accounts' },
    { name: 'model', kind: 'code', filter: 'exact', list: true },
    { name: 'status', kind: 'status', filter: 'exact', values: ['completed', 'refused', 'failed', 'cut', 'aborted', 'unknown'], list: true },
    { name: 'http_status', kind: 'number', list: true },
    { name: 'tokens', kind: 'number', sql: TOKENS, list: true },
    { name: 'cost_micros', kind: 'micros', list: true },
    { name: 'currency', kind: 'code' },
    { name: 'refusal_code', kind: 'code', filter: 'exact' },
    { name: 'key_id', kind: 'id', filter: 'exact', uuid: true, link: 'keys' },
    { name: 'provider_id', kind: 'id', filter: 'exact', link: 'providers' },
    { name: 'upstream_request_id', kind: 'id', filter: 'exact' },
    { name: 'answer_id', kind: 'id', filter: 'exact' },
    { name: 'client_request_id', kind: 'id', filter: 'exact' },
    { name: 'session_id', kind: 'id', filter: 'exact' },
    { name: 'caller_region', kind: 'place', filter: 'exact' },
  ],
};

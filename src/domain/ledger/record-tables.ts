// Which tables are records, and the columns their commitments cover, by schema version. Changing a version's list would
// break every commitment made under it: add a version instead.

export type ColumnKind = 'text' | 'int' | 'bigint' | 'bool' | 'time' | 'uuid' | 'text[]' | 'uuid[]' | 'jsonb';
export interface RecordTable { readonly key: string; readonly version: number; readonly columns: Readonly<Record<string, ColumnKind>> }

export const RECORD_TABLES = {
  audit_records: { key: 'record_id', version: 1, columns: {
    record_id: 'uuid', at: 'time', actor_kind: 'text', actor_id: 'text', actor_name: 'text', purpose: 'text', action: 'text',
    subject_kind: 'text', subject_id: 'text', reason: 'text', before: 'jsonb', after: 'jsonb' } },
  calls: { key: 'request_id', version: 1, columns: {
    request_id: 'uuid', at: 'time', ended_at: 'time', account_id: 'text', key_id: 'uuid', epoch_id: 'uuid', account_seq: 'bigint',
    method: 'text', path: 'text', protocol: 'text', model: 'text', served_model: 'text', stream: 'bool', status: 'text', http_status: 'int',
    refusal_code: 'text', client_request_id: 'text', upstream_request_id: 'text', session_id: 'text', caller_region: 'text',
    provider_id: 'text', attempts: 'int', usage_input: 'bigint', usage_cache_read: 'bigint', usage_cache_write: 'bigint',
    usage_cache_write_1h: 'bigint', usage_output: 'bigint', usage_reasoning: 'bigint', usage_source: 'text', cost_micros: 'bigint',
    currency: 'text', price_id: 'uuid', registry_version: 'bigint', request_bytes: 'bigint', response_bytes: 'bigint', first_byte_ms: 'int', usage_units: 'jsonb', answer_id: 'text' } },
  transfers: { key: 'transfer_id', version: 1, columns: {
    transfer_id: 'uuid', request_id: 'uuid', at: 'time', account_id: 'text', key_id: 'uuid', epoch_id: 'uuid', account_seq: 'bigint',
    attempt: 'int', provider_id: 'text', provider_name: 'text', legal_entity: 'text', category: 'text', origin_jurisdiction: 'text',
    destination_jurisdictions: 'text[]', cross_border: 'bool', terms_version: 'text', confirmation_ids: 'uuid[]', basis: 'text',
    data_categories: 'text[]', model: 'text', upstream_model: 'text', upstream_host: 'text', path: 'text', request_bytes: 'bigint',
    registry_version: 'bigint' } },
  transfer_outcomes: { key: 'transfer_id', version: 1, columns: {
    transfer_id: 'uuid', request_id: 'uuid', account_id: 'text', at: 'time', outcome: 'text', http_status: 'int',
    upstream_request_id: 'text', response_bytes: 'bigint', first_byte_ms: 'int', duration_ms: 'int' } },
  security_events: { key: 'event_id', version: 1, columns: {
    event_id: 'uuid', at: 'time', kind: 'text', severity: 'text', account_id: 'text', key_id: 'uuid', operator_id: 'uuid',
    address: 'text', detail: 'jsonb' } },
} as const satisfies Record<string, RecordTable>;

export type RecordTableName = keyof typeof RECORD_TABLES;
type ValueOf<K extends ColumnKind> = K extends 'text' | 'uuid' ? string | null : K extends 'int' ? number | null : K extends 'bigint' ? bigint | number | string | null
  : K extends 'bool' ? boolean | null : K extends 'time' ? Date : K extends 'text[]' | 'uuid[]' ? readonly string[] : unknown;
/** A row of a record table as a writer gives it: every column, bigint as bigint or integer, time as Date. */
export type RecordRow<T extends RecordTableName> = { readonly [C in keyof (typeof RECORD_TABLES)[T]['columns']]: ValueOf<(typeof RECORD_TABLES)[T]['columns'][C] & ColumnKind> };

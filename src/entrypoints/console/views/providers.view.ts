import type { ReadModel } from './read-model.js';

const IN_FORCE = `FROM provider_terms m WHERE m.provider_id = p.provider_id AND m.effective_from <= to_char(now(), 'YYYY-MM-DD') ORDER BY m.effective_from DESC LIMIT 1`;

/** Third parties: who they are in law, where they process, under which terms. Credentials never leave the database. */
export const providers: ReadModel = {
  id: 'providers', from: 'providers p', key: 'provider_id', title: 'name', order: { column: 'name', direction: 'asc' },
  columns: [
    { name: 'provider_id', kind: 'id', sql: 'p.provider_id', filter: 'exact', sort: true, list: true },
    { name: 'name', kind: 'text', sql: 'p.name', filter: 'contains', sort: true, list: true },
    { name: 'category', kind: 'code', sql: 'p.category', filter: 'exact', values: ['model', 'cloud', 'network', 'security', 'payment', 'email'], sort: true, list: true },
    { name: 'legal_entity', kind: 'text', sql: 'p.legal_entity', filter: 'contains', sort: true, list: true },
    { name: 'jurisdictions', kind: 'places', sql: 'p.jurisdictions', filter: 'member', list: true },
    { name: 'terms_version', kind: 'code', sql: `(SELECT m.version ${IN_FORCE})`, list: true },
    { name: 'trains_on_inputs', kind: 'bool', sql: `(SELECT m.trains_on_inputs ${IN_FORCE})`, list: true },
    { name: 'status', kind: 'status', sql: 'p.status', filter: 'exact', values: ['active', 'suspended'], sort: true, list: true },
    { name: 'protocol', kind: 'code', sql: 'p.protocol', filter: 'exact', values: ['openai', 'anthropic'] },
    { name: 'base_url', kind: 'code', sql: 'p.base_url' },
    { name: 'key_source', kind: 'code', sql: 'p.credential_source' },
    { name: 'dpa_reference', kind: 'text', sql: 'p.dpa_reference' },
    { name: 'dpa_signed_on', kind: 'day', sql: 'p.dpa_signed_on' },
    { name: 'stand_in', kind: 'bool', sql: 'p.stand_in', filter: 'exact', values: ['true', 'false'] },
    { name: 'created_at', kind: 'time', sql: 'p.created_at', sort: true },
  ],
  related: [{ resource: 'transfers', filter: 'provider_id' }, { resource: 'calls', filter: 'provider_id' }, { resource: 'audit', filter: 'subject_id' }],
  sections: [
    { name: 'terms', columns: [
      { name: 'version', kind: 'code' }, { name: 'effective_from', kind: 'day' }, { name: 'trains_on_inputs', kind: 'bool' }, { name: 'retention_days', kind: 'number' }, { name: 'url', kind: 'code' }],
      sql: 'SELECT version, effective_from, trains_on_inputs, retention_days, url FROM provider_terms WHERE provider_id = $1 ORDER BY effective_from DESC' },
    { name: 'routes', columns: [
      { name: 'model_id', kind: 'code' }, { name: 'route_position', kind: 'number' }, { name: 'upstream_model', kind: 'code' }],
      sql: 'SELECT model_id, position AS route_position, upstream_model FROM model_routes WHERE provider_id = $1 ORDER BY model_id, position' },
    { name: 'prices', link: { resource: 'prices', filter: 'provider_id' }, columns: [
      { name: 'model', kind: 'code' }, { name: 'effective_from', kind: 'day' }, { name: 'currency', kind: 'code' }, { name: 'input_micros', kind: 'micros' }, { name: 'output_micros', kind: 'micros' }],
      sql: 'SELECT model, effective_from, currency, input_micros, output_micros FROM prices WHERE provider_id = $1 ORDER BY model, effective_from DESC' },
  ],
};

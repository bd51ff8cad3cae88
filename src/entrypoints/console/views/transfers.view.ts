import type { ReadModel } from './read-model.js';

/** Every transmission to a third party, with the border it crossed and on what basis. */
export const transfers: ReadModel = {
  id: 'transfers', from: 'transfers t', key: 'transfer_id', keyIsTime: true, title: 'transfer_id', order: { column: 'at', direction: 'desc' },
  columns: [
    { name: 'at', kind: 'time', sql: 't.at', filter: 'range', sort: true, list: true },
    { name: 'request_id', kind: 'id', sql: 't.request_id', filter: 'exact', uuid: true, list: true, link: 'lookup' },
    { name: 'account_id', kind: 'id', sql: 't.account_id', filter: 'exact', list: true, link: 'accounts' },
    { name: 'provider_id', kind: 'id', sql: 't.provider_id', filter: 'exact', list: true, link: 'providers' },
    { name: 'origin_jurisdiction', kind: 'place', sql: 't.origin_jurisdiction', filter: 'exact', list: true },
    { name: 'destination_jurisdictions', kind: 'places', sql: 't.destination_jurisdictions', filter: 'member', list: true },
    { name: 'cross_border', kind: 'bool', sql: 't.cross_border', filter: 'exact', values: ['true', 'false'], list: true },
    { name: 'basis', kind: 'code', sql: 't.basis', filter: 'exact', list: true },
    { name: 'outcome', kind: 'status', sql: '(SELECT o.outcome FROM transfer_outcomes o WHERE o.transfer_id = t.transfer_id)', list: true },
    { name: 'transfer_id', kind: 'id', sql: 't.transfer_id', filter: 'exact', uuid: true },
    { name: 'legal_entity', kind: 'text', sql: 't.legal_entity' },
    { name: 'category', kind: 'code', sql: 't.category', filter: 'exact', values: ['model', 'cloud', 'network', 'security', 'payment', 'email'] },
    { name: 'terms_version', kind: 'code', sql: 't.terms_version' },
    { name: 'model', kind: 'code', sql: 't.model', filter: 'exact' },
    { name: 'data_categories', kind: 'list', sql: 't.data_categories' },
    { name: 'upstream_host', kind: 'code', sql: 't.upstream_host' },
    { name: 'request_bytes', kind: 'bytes', sql: 't.request_bytes' },
  ],
};

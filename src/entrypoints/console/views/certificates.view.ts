import type { ReadModel } from './read-model.js';

/** Signed certificates of purge runs. */
export const certificates: ReadModel = {
  id: 'certificates', from: 'purge_certificates c JOIN purge_runs r ON r.run_id = c.run_id', key: 'certificate_id', title: 'certificate_id', order: { column: 'issued_at', direction: 'desc' },
  columns: [
    { name: 'certificate_id', kind: 'id', sql: 'c.certificate_id', filter: 'exact', uuid: true, list: true },
    { name: 'data_type', kind: 'code', sql: 'r.data_type', filter: 'exact', list: true },
    { name: 'run_id', kind: 'id', sql: 'c.run_id', filter: 'exact', uuid: true, list: true, link: 'purge_runs' },
    { name: 'rows_deleted', kind: 'number', sql: 'r.rows_deleted', list: true },
    { name: 'issued_at', kind: 'time', sql: 'c.issued_at', filter: 'range', sort: true, list: true },
    { name: 'body_digest', kind: 'code', sql: `encode(c.body_digest, 'hex')` },
    { name: 'signature', kind: 'code', sql: `encode(c.signature, 'hex')` },
    { name: 'public_key', kind: 'code', sql: `encode(c.public_key, 'hex')` },
    { name: 'body', kind: 'json', sql: 'c.body' },
  ],
  related: [{ resource: 'audit', filter: 'subject_id' }],
};

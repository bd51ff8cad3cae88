import { DATA_TYPES } from '../../../kernel/data-types.js';
import type { ReadModel } from './read-model.js';

/** Purge runs and their items. */
export const purgeRuns: ReadModel = {
  id: 'purge_runs', from: 'purge_runs r', key: 'run_id', title: 'data_type', order: { column: 'planned_at', direction: 'desc' },
  columns: [
    { name: 'run_id', kind: 'id', sql: 'r.run_id', filter: 'exact', uuid: true },
    { name: 'data_type', kind: 'code', sql: 'r.data_type', filter: 'exact', values: DATA_TYPES, sort: true, list: true },
    { name: 'state', kind: 'status', sql: 'r.state', filter: 'exact', values: ['planned', 'approved', 'running', 'verifying', 'certified', 'nothing_due', 'failed', 'paused', 'cancelled'], sort: true, list: true },
    { name: 'trigger', kind: 'code', sql: 'r.trigger', list: true },
    { name: 'cut_off', kind: 'time', sql: 'r.cut_off', list: true },
    { name: 'rows_deleted', kind: 'number', sql: 'r.rows_deleted', sort: true, list: true },
    { name: 'rows_held', kind: 'number', sql: 'r.rows_held', list: true },
    { name: 'survivors', kind: 'number', sql: 'r.survivors' },
    { name: 'planned_at', kind: 'time', sql: 'r.planned_at', filter: 'range', sort: true, list: true },
    { name: 'started_at', kind: 'time', sql: 'r.started_at' },
    { name: 'finished_at', kind: 'time', sql: 'r.finished_at', sort: true, list: true },
    { name: 'certificate_id', kind: 'id', sql: '(SELECT c.certificate_id FROM purge_certificates c WHERE c.run_id = r.run_id)', link: 'certificates' },
    { name: 'checkpoint_before', kind: 'number', sql: 'r.checkpoint_before' },
    { name: 'failure', kind: 'text', sql: 'r.failure' },
    { name: 'failures', kind: 'number', sql: 'r.failures' },
    { name: 'retry_at', kind: 'time', sql: 'r.retry_at' },
    { name: 'needs_approval', kind: 'bool', sql: 'r.needs_approval' },
    { name: 'approval_id', kind: 'id', sql: 'r.approval_id', link: 'approvals' },
    { name: 'policies', kind: 'json', sql: 'r.policies' },
  ],
  related: [{ resource: 'approvals', filter: 'subject_id' }, { resource: 'certificates', filter: 'run_id' }, { resource: 'audit', filter: 'subject_id' }],
  sections: [{ name: 'items', columns: [
    { name: 'item_position', kind: 'number' }, { name: 'partition_name', kind: 'code' }, { name: 'method', kind: 'code' }, { name: 'state', kind: 'status' },
    { name: 'rows_total', kind: 'number' }, { name: 'rows_due', kind: 'number' }, { name: 'rows_deleted', kind: 'number' }, { name: 'rows_held', kind: 'number' }, { name: 'bytes_freed', kind: 'bytes' },
    { name: 'min_at', kind: 'time' }, { name: 'max_at', kind: 'time' }],
    sql: `SELECT position AS item_position, coalesce(partition_name, table_name) AS partition_name, method, state, rows_total, rows_due, rows_deleted, rows_held, bytes_freed, min_at, max_at
      FROM purge_run_items WHERE run_id = $1 ORDER BY position` }],
};

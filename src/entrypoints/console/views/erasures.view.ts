import { ERASURE_GROUNDS, ERASURE_STATES } from '../../../domain/retention/index.js';
import { DATA_TYPES } from '../../../kernel/data-types.js';
import type { Column, ReadModel } from './read-model.js';

const WHY = "(SELECT string_agg(CASE w->>'kind' WHEN 'hold' THEN 'hold ' || (w->>'id') ELSE w->>'says' END, '; ') FROM jsonb_array_elements(k.why) w)";

/** Columns of what an erasure leaves restricted; the statement names the table k. */
export const RESTRICTED_COLUMNS: readonly Column[] = [
  { name: 'data_type', kind: 'code', values: DATA_TYPES }, { name: 'rows_kept', kind: 'number', sql: 'rows' }, { name: 'goes_at', kind: 'time' }, { name: 'why', kind: 'text', sql: 'reasons' }, { name: 'since', kind: 'time' }, { name: 'lifted_at', kind: 'time' },
];
export const restrictedSql = (where: string): string => `SELECT k.data_type, k.rows, k.goes_at, k.since, k.lifted_at, ${WHY} AS reasons FROM restrictions k WHERE ${where} ORDER BY k.lifted_at NULLS FIRST, k.data_type`;

/** Erasures of one subject. Ids of sessions may name a person and are not shown. */
export const erasures: ReadModel = {
  id: 'erasures', from: 'erasures e', key: 'erasure_id', keyIsTime: true, title: 'account_id', order: { column: 'asked_at', direction: 'desc' },
  columns: [
    { name: 'erasure_id', kind: 'id', sql: 'e.erasure_id', filter: 'exact', uuid: true },
    { name: 'account_id', kind: 'id', sql: 'e.account_id', filter: 'exact', list: true, link: 'accounts' },
    { name: 'erasure_subject', kind: 'code', sql: "CASE WHEN e.by_items THEN 'session' ELSE 'account' END", values: ['account', 'session'], list: true },
    { name: 'state', kind: 'status', sql: 'e.state', filter: 'exact', values: ERASURE_STATES, sort: true, list: true },
    { name: 'ground', kind: 'code', sql: 'e.ground', filter: 'exact', values: ERASURE_GROUNDS, list: true },
    { name: 'case_number', kind: 'text', sql: 'e.case_number', filter: 'exact', list: true },
    { name: 'still_restricted', kind: 'number', sql: '(SELECT coalesce(sum(k.rows), 0) FROM restrictions k WHERE k.erasure_id = e.erasure_id AND k.lifted_at IS NULL)', list: true },
    { name: 'failure', kind: 'text', sql: 'e.failure' }, { name: 'reason', kind: 'text', sql: 'e.reason' }, { name: 'data_types', kind: 'list', sql: 'e.data_types' }, { name: 'before', kind: 'time', sql: 'e.before' },
    { name: 'asked_by', kind: 'text', sql: 'e.asked_by', list: true }, { name: 'asked_at', kind: 'time', sql: 'e.asked_at', filter: 'range', sort: true, list: true }, { name: 'approval_id', kind: 'id', sql: 'e.approval_id', link: 'approvals' },
    { name: 'approved_by', kind: 'text', sql: 'e.approved_by' }, { name: 'approved_at', kind: 'time', sql: 'e.approved_at' }, { name: 'started_at', kind: 'time', sql: 'e.started_at' }, { name: 'finished_at', kind: 'time', sql: 'e.finished_at', sort: true, list: true },
  ],
  related: [{ resource: 'approvals', filter: 'subject_id' }, { resource: 'audit', filter: 'subject_id' }],
  sections: [
    { name: 'restricted', columns: RESTRICTED_COLUMNS, sql: restrictedSql('k.erasure_id = $1') },
    { name: 'erasure_runs', sql: `SELECT r.run_id, r.data_type, r.state, r.rows_deleted, r.rows_held, r.finished_at, (SELECT c.certificate_id FROM purge_certificates c WHERE c.run_id = r.run_id) AS certificate_id FROM purge_runs r WHERE r.erasure_id = $1 ORDER BY r.run_id`, columns: [
      { name: 'run_id', kind: 'id', link: 'purge_runs' }, { name: 'data_type', kind: 'code', values: DATA_TYPES }, { name: 'state', kind: 'status' }, { name: 'rows_deleted', kind: 'number' }, { name: 'rows_held', kind: 'number' }, { name: 'finished_at', kind: 'time' }, { name: 'certificate_id', kind: 'id', link: 'certificates' }] },
  ],
};

import { FILE_ROLES, MACHINES, type CaseKind, type FieldRule } from '../../../domain/cases/index.js';
import { RESTRICTED_COLUMNS, restrictedSql } from './erasures.view.js';
import type { Column, ReadModel } from './read-model.js';

/** Ids of the lists, by kind. */
export const CASE_LISTS: Readonly<Record<CaseKind, string>> = { dispute: 'disputes', lawful_request: 'lawful_requests', subject_request: 'subject_requests' };

const RUNNING = 'FROM case_clocks k WHERE k.case_id = cases.case_id AND k.stopped_at IS NULL';
const STAGE = `(SELECT CASE WHEN min(k.due_at) <= now() THEN 'overdue' WHEN min(k.red_at) <= now() THEN 'red' WHEN min(k.amber_at) <= now() THEN 'amber' WHEN count(*) > 0 THEN 'in_time' END ${RUNNING})`;
/** A clock that runs and is not near is in time; "running" is said of purges. */
const CLOCK_STAGES = ['in_time', 'amber', 'red', 'overdue'] as const;
/** What the list shows beside the usual columns. */
const IN_LIST: Readonly<Record<CaseKind, readonly string[]>> = { dispute: ['topic'], lawful_request: ['authority', 'country'], subject_request: ['right', 'law'] };

/** The list of one kind: number, state, next deadline, then what opening asked. */
export function casesOf(kind: CaseKind): ReadModel {
  const machine = MACHINES[kind], moves = ['open', ...machine.moves.map((move) => move.name)], states = Object.keys(machine.states);
  return {
    id: CASE_LISTS[kind], from: `(SELECT * FROM cases WHERE kind = '${kind}') cases`, key: 'case_id', title: 'number', order: { column: 'opened_at', direction: 'desc' },
    columns: [
      { name: 'case_id', kind: 'id', filter: 'exact', uuid: true }, { name: 'number', kind: 'text', filter: 'contains', sort: true, list: true },
      { name: 'state', kind: 'status', filter: 'exact', values: states, sort: true, list: true },
      { name: 'stage', kind: 'status', sql: STAGE, filter: 'exact', values: CLOCK_STAGES, list: true }, { name: 'due_at', kind: 'time', sql: `(SELECT min(k.due_at) ${RUNNING})`, sort: true, list: true },
      { name: 'account_id', kind: 'id', filter: 'exact', list: true, link: 'accounts' },
      ...machine.openFields.filter((field) => field.name !== 'received_at').map((field) => factColumn(field, IN_LIST[kind].includes(field.name))),
      ...(kind === 'lawful_request' ? [{ name: 'emergency_lane', kind: 'bool', sql: "coalesce((facts->>'emergency_lane')::boolean, false)" } as const] : []),
      ...(kind === 'lawful_request' ? [{ name: 'newest_pack', kind: 'code', sql: "(SELECT p.sha256 FROM evidence_packs p WHERE p.case_number = cases.number AND p.state = 'ready' ORDER BY p.pack_id DESC LIMIT 1)" } as const] : []),
      { name: 'received_at', kind: 'time', filter: 'range', sort: true }, { name: 'opened_by', kind: 'text', filter: 'contains', list: true }, { name: 'opened_at', kind: 'time', filter: 'range', sort: true, list: true },
      { name: 'moved_at', kind: 'time', sort: true }, { name: 'ended_at', kind: 'time', filter: 'range', sort: true }, { name: 'hold_id', kind: 'id', link: 'holds' }, { name: 'release_asked_at', kind: 'time' },
    ],
    sections: [
      { name: 'clocks', sql: 'SELECT * FROM case_clocks WHERE case_id = $1 ORDER BY clock_id', columns: [
        { name: 'clock', kind: 'code', sql: 'name', values: machine.clocks.map((clock) => clock.name) }, { name: 'urgency', kind: 'status', sql: "CASE WHEN stopped_at IS NOT NULL THEN NULL WHEN due_at <= now() THEN 'overdue' WHEN red_at <= now() THEN 'red' WHEN amber_at <= now() THEN 'amber' ELSE 'in_time' END" },
        { name: 'due_at', kind: 'time' }, { name: 'amber_at', kind: 'time' }, { name: 'red_at', kind: 'time' }, { name: 'extended_at', kind: 'time' }, { name: 'stopped_at', kind: 'time' }, { name: 'source', kind: 'text' }] },
      { name: 'files', sql: 'SELECT * FROM case_files WHERE case_id = $1 ORDER BY file_id', columns: [
        { name: 'file_id', kind: 'id' }, { name: 'name', kind: 'text' }, { name: 'role', kind: 'code', values: FILE_ROLES }, { name: 'bytes', kind: 'bytes' }, { name: 'sha256', kind: 'code' }, { name: 'stored_by', kind: 'text' }, { name: 'stored_at', kind: 'time' }, { name: 'destroyed_at', kind: 'time' }] },
      { name: 'timeline', sql: 'SELECT * FROM case_moves WHERE case_id = $1 ORDER BY move_id DESC', columns: [
        { name: 'at', kind: 'time' }, { name: 'move', kind: 'code', values: moves }, { name: 'actor_name', kind: 'text' }, { name: 'to_state', kind: 'code', values: states }, { name: 'fields', kind: 'json' }, { name: 'effects', kind: 'json' }] },
      { name: 'linked_calls', sql: 'SELECT * FROM case_calls WHERE case_id = $1 ORDER BY request_id', columns: [{ name: 'request_id', kind: 'id', link: 'lookup' }, { name: 'linked_by', kind: 'text' }, { name: 'linked_at', kind: 'time' }] },
      ...(kind === 'dispute' ? [{ name: 'case_payments', sql: 'SELECT p.*, c.linked_by FROM case_payments c JOIN payments p USING (payment_id) WHERE c.case_id = $1 ORDER BY c.linked_at', columns: [
        { name: 'payment_id', kind: 'id', link: 'payments' }, { name: 'reference', kind: 'text' }, { name: 'paid_at', kind: 'time' }, { name: 'amount_micros', kind: 'micros' }, { name: 'currency', kind: 'code' }, { name: 'status', kind: 'status' }, { name: 'linked_by', kind: 'text' }] as const satisfies readonly Column[] }] : []),
      { name: 'collections', sql: 'SELECT * FROM case_collections WHERE case_id = $1 ORDER BY collection_id', columns: [
        { name: 'at', kind: 'time' }, { name: 'collected_by', kind: 'text' }, { name: 'parameters', kind: 'json' }, { name: 'counts', kind: 'json' }, { name: 'digest', kind: 'code' }] },
      { name: 'case_packs', sql: 'SELECT p.* FROM evidence_packs p JOIN cases c ON c.number = p.case_number WHERE c.case_id = $1 ORDER BY p.pack_id DESC', columns: [
        { name: 'pack_id', kind: 'id', link: 'packs' }, { name: 'state', kind: 'status' }, { name: 'requested_by', kind: 'text' }, { name: 'requested_at', kind: 'time' }, { name: 'pages', kind: 'number' }, { name: 'bytes', kind: 'bytes' }, { name: 'sha256', kind: 'code' }] },
      { name: 'case_hold', sql: 'SELECT h.* FROM holds h JOIN cases c USING (hold_id) WHERE c.case_id = $1', columns: [
        { name: 'hold_id', kind: 'id', link: 'holds' }, { name: 'matter', kind: 'text' }, { name: 'placed_by', kind: 'text' }, { name: 'placed_at', kind: 'time' }, { name: 'review_on', kind: 'day' }, { name: 'released_at', kind: 'time' }, { name: 'protects_until', kind: 'time' }] },
      ...(kind === 'subject_request' ? [
        { name: 'case_erasure', sql: 'SELECT e.* FROM erasures e JOIN cases c ON c.number = e.case_number WHERE c.case_id = $1 ORDER BY e.erasure_id DESC', columns: [{ name: 'erasure_id', kind: 'id', link: 'erasures' }, { name: 'state', kind: 'status' }, { name: 'asked_by', kind: 'text' }, { name: 'approved_by', kind: 'text' }, { name: 'finished_at', kind: 'time' }, { name: 'failure', kind: 'text' }] as const satisfies readonly Column[] },
        { name: 'case_told', sql: "SELECT effects->>'notice_en' AS notice_en, effects->>'notice_zh' AS notice_zh FROM case_moves WHERE case_id = $1 AND move = 'verify_erasure' ORDER BY move_id DESC LIMIT 1", columns: [{ name: 'notice_en', kind: 'text' }, { name: 'notice_zh', kind: 'text' }] as const satisfies readonly Column[] },
        { name: 'case_restricted', sql: restrictedSql('k.lifted_at IS NULL AND k.erasure_id IN (SELECT e.erasure_id FROM erasures e JOIN cases c ON c.number = e.case_number WHERE c.case_id = $1)'), columns: RESTRICTED_COLUMNS }] : []),
      ...(kind === 'lawful_request' ? [{ name: 'disclosed', sql: 'SELECT * FROM disclosures WHERE case_id = $1 ORDER BY disclosure_id', columns: [
        { name: 'disclosure_id', kind: 'id', link: 'disclosures' }, { name: 'at', kind: 'time' }, { name: 'recipient', kind: 'text' }, { name: 'rows', kind: 'number' }, { name: 'approvers', kind: 'list' }, { name: 'extractor', kind: 'text' }] as const satisfies readonly Column[] }] : []),
    ],
    related: [{ resource: 'audit', filter: 'subject_id' }],
  };
}

function factColumn(field: FieldRule, list: boolean): Column {
  const sql = field.type === 'check' ? `coalesce((facts->>'${field.name}')::boolean, false)` : `facts->>'${field.name}'`;
  return { name: field.name, sql, kind: field.type === 'choice' ? 'code' : field.type === 'check' ? 'bool' : field.type === 'country' ? 'place' : 'text',
    ...(field.values ? { values: field.values, filter: 'exact' } : field.type === 'country' ? { filter: 'exact' } : {}), ...(list ? { list: true as const } : {}) };
}

/** What was handed to authorities. */
export const disclosures: ReadModel = {
  id: 'disclosures', from: 'disclosures d JOIN cases c USING (case_id)', key: 'disclosure_id', keyIsTime: true, title: 'reference', order: { column: 'at', direction: 'desc' },
  columns: [
    { name: 'disclosure_id', kind: 'id', filter: 'exact', uuid: true }, { name: 'at', kind: 'time', sql: 'd.at', filter: 'range', sort: true, list: true }, { name: 'number', kind: 'text', sql: 'c.number', filter: 'exact', list: true },
    { name: 'case_id', kind: 'id', sql: 'd.case_id', filter: 'exact', uuid: true, link: 'lawful_requests' }, { name: 'authority', kind: 'text', filter: 'contains', list: true }, { name: 'country', kind: 'place', filter: 'exact', list: true },
    { name: 'instrument_type', kind: 'code', filter: 'exact', values: MACHINES.lawful_request.openFields.find((field) => field.name === 'instrument_type')!.values!, list: true }, { name: 'reference', kind: 'text', filter: 'contains' },
    { name: 'served_on', kind: 'day' }, { name: 'due_at', kind: 'time', sql: 'd.due_at' }, { name: 'legal_basis', kind: 'text' }, { name: 'account_ids', kind: 'list', filter: 'member' }, { name: 'data_types', kind: 'list' }, { name: 'includes_bodies', kind: 'bool' },
    { name: 'rows', kind: 'number', list: true }, { name: 'collection_digest', kind: 'code' }, { name: 'narrowing', kind: 'text' }, { name: 'rejected_part', kind: 'text' }, { name: 'taken_out', kind: 'text' }, { name: 'reviewer', kind: 'text' },
    { name: 'approvers', kind: 'list', list: true }, { name: 'extractor', kind: 'text', list: true }, { name: 'released_by', kind: 'text' }, { name: 'pack_sha256', kind: 'code' }, { name: 'recipient', kind: 'text', list: true },
    { name: 'delivery', kind: 'code', values: ['encrypted_portal', 'encrypted_mail', 'sealed_medium', 'in_person_handover'] }, { name: 'emergency', kind: 'bool', sql: 'd.emergency', filter: 'exact', values: ['true', 'false'] }, { name: 'cost', kind: 'text' },
    { name: 'received_on', kind: 'day', sql: "c.facts->>'received_on'" }, { name: 'receipt', kind: 'text', sql: "c.facts->>'receipt'" }, { name: 'told_on', kind: 'day', sql: "c.facts->>'told_on'" }, { name: 'notice_until', kind: 'day', sql: "c.facts->>'notice_until'" },
  ],
  related: [{ resource: 'audit', filter: 'subject_id' }],
};

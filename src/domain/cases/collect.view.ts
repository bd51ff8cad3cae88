// The frozen query: how many rows of which type, and a digest of exactly which, in one statement and therefore one snapshot.
import { canonicalJson } from '../../kernel/canonical-json.js';
import type { DataType } from '../../kernel/data-types.js';
import { sha256Hex } from '../../kernel/digest.js';
import { idLowerBound } from '../../kernel/ids.js';
import type { CaseCollection, CollectionCount, CollectionParameters } from './case.js';
import type { Query } from './case.view.js';

/** Types a case may collect. Content is opened under a grant of its own, never by a case. */
export const COLLECTED_TYPES = ['account_information', 'api_call_metadata', 'payment_records', 'security_logs', 'third_party_call_records'] as const satisfies readonly DataType[];
export type CollectedType = (typeof COLLECTED_TYPES)[number];
/** More rows of one type than this are not collected in one go; the window has to be narrowed. */
export const MOST_ROWS = 1_000_000;
export type Collected = Pick<CaseCollection, 'counts' | 'digest' | 'snapshot'>;

interface Source { readonly table: string; readonly id: string; readonly time: 'id' | 'paid_at' | 'issued_at' | null; readonly byRequest: boolean }
const SOURCES: Readonly<Record<CollectedType, readonly Source[]>> = {
  account_information: [{ table: 'accounts', id: 'account_id', time: null, byRequest: false }, { table: 'api_keys', id: 'key_id', time: null, byRequest: false }],
  api_call_metadata: [{ table: 'calls', id: 'request_id', time: 'id', byRequest: true }],
  payment_records: [{ table: 'payments', id: 'payment_id', time: 'paid_at', byRequest: false }, { table: 'invoices', id: 'invoice_id', time: 'issued_at', byRequest: false }],
  security_logs: [{ table: 'security_events', id: 'event_id', time: 'id', byRequest: false }],
  third_party_call_records: [{ table: 'transfers', id: 'transfer_id', time: 'id', byRequest: true }],
};

/** Counts and digests by data type; undefined when a type has more than MOST_ROWS. */
export async function collect(query: Query, parameters: CollectionParameters): Promise<Collected | undefined> {
  const types = COLLECTED_TYPES.filter((type) => parameters.dataTypes.includes(type)), values: unknown[] = [];
  const parameter = (value: unknown, type: string): string => { values.push(value); return `$${values.length}::${type}`; };
  const parts = types.map((type) => {
    const ids = SOURCES[type].map((source) => `SELECT ${source.id}::text AS id FROM ${source.table} WHERE ${conditions(source, parameters, parameters.notBefore[type], parameter)}`).join(' UNION ALL ');
    return `SELECT '${type}' AS type, count(*)::text AS rows, encode(sha256(convert_to(coalesce(string_agg(id, E'\\n' ORDER BY id COLLATE "C"), ''), 'UTF8')), 'hex') AS digest, pg_current_snapshot()::text AS snapshot
      FROM (SELECT id FROM (${ids}) every LIMIT ${MOST_ROWS + 1}) found`;
  });
  const rows = await query<{ type: CollectedType; rows: string; digest: string; snapshot: string }>(parts.join(' UNION ALL '), values);
  if (rows.some((row) => Number(row.rows) > MOST_ROWS)) return undefined;
  const counts: Partial<Record<DataType, CollectionCount>> = Object.fromEntries(rows.map((row) => [row.type, { rows: row.rows, idsDigest: row.digest }]));
  return { counts, digest: digestOf(parameters, counts), snapshot: rows[0]?.snapshot ?? '' };
}

/** SHA-256, hex, of the RFC 8785 text of {parameters, counts}. */
export function digestOf(parameters: CollectionParameters, counts: Collected['counts']): string {
  const plain = Object.fromEntries(Object.entries(counts).map(([type, count]) => [type, { rows: count.rows, ids_digest: count.idsDigest }]));
  return sha256Hex(canonicalJson({ parameters: { account_id: parameters.accountId, from: parameters.from, to: parameters.to, request_ids: parameters.requestIds, data_types: parameters.dataTypes, not_before: parameters.notBefore }, counts: plain }));
}

function conditions({ id, time, byRequest }: Source, { accountId, from, to, requestIds }: CollectionParameters, floor: string | undefined, parameter: (value: unknown, type: string) => string): string {
  const begin = [from, floor].filter((at) => typeof at === 'string').map((at) => new Date(at)).sort((a, b) => b.getTime() - a.getTime())[0];
  const bound = (at: Date): string => (time === 'id' ? parameter(idLowerBound(at), 'uuid') : parameter(at, 'timestamptz')), column = time === 'id' ? id : time;
  return [
    accountId === null ? undefined : `account_id = ${parameter(accountId, 'text')}`,
    column && begin ? `${column} >= ${bound(begin)}` : undefined, column && to !== null ? `${column} < ${bound(new Date(to))}` : undefined,
    // Without an account the calls of the case are all it may ask for; nothing else belongs to it.
    requestIds !== null && (byRequest || accountId === null) ? (byRequest ? `request_id = ANY(${parameter(requestIds, 'uuid[]')})` : 'false') : undefined,
    accountId === null && requestIds === null ? 'false' : undefined,
  ].filter((part) => part !== undefined).join(' AND ') || 'true';
}

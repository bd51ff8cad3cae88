// Reading calls and transfers. Every statement carries a bound on the partition key, so that one call finds one partition.
import type pg from 'pg';
import { refuse, type Refusal } from '../../kernel/result.js';
import { idLowerBound, instantOfId, isUuid, type Uuid } from '../../kernel/ids.js';
import { askTogether, question, type Question } from '../../platform/db/index.js';
import { storedFrom, type StoredRecord, type StoredRow } from '../ledger/index.js';
import { queryWithKeptPlan } from './kept-plan.view.js';
import type { CallFilter, CallPage, CallRow, CallStory, OutcomeRow, TransferRow } from './call.js';

const CALL = `request_id, at, ended_at, account_id, key_id, epoch_id, account_seq, method, path, protocol, model, served_model, stream, status, http_status,
  refusal_code, client_request_id, upstream_request_id, answer_id, session_id, caller_region, provider_id, attempts, usage_input, usage_cache_read, usage_cache_write,
  usage_cache_write_1h, usage_output, usage_reasoning, usage_units, usage_source, cost_micros, currency, price_id, registry_version, request_bytes, response_bytes, first_byte_ms`;
const TRANSFER = `transfer_id, request_id, at, account_id, key_id, epoch_id, account_seq, attempt, provider_id, provider_name, legal_entity, category,
  origin_jurisdiction, destination_jurisdictions, cross_border, terms_version, confirmation_ids, basis, data_categories, model, upstream_model, upstream_host,
  path, request_bytes, registry_version`;
const OUTCOME = 'transfer_id, request_id, account_id, at, outcome, http_status, upstream_request_id, response_bytes, first_byte_ms, duration_ms';
const [CALL_COLUMNS, TRANSFER_COLUMNS, OUTCOME_COLUMNS] = [CALL, TRANSFER, OUTCOME].map((list) => list.split(/,\s+/)) as [string[], string[], string[]];
const CALL_BIGINTS = ['account_seq', 'usage_input', 'usage_cache_read', 'usage_cache_write', 'usage_cache_write_1h', 'usage_output', 'usage_reasoning',
  'cost_micros', 'registry_version', 'request_bytes', 'response_bytes'];
const TRANSFER_BIGINTS = ['account_seq', 'request_bytes', 'registry_version'], OUTCOME_BIGINTS = ['response_bytes'];
const FOREIGN_IDS = ['upstream_request_id', 'answer_id', 'client_request_id'] as const;
const MINUTE_MS = 60_000, DAY_MS = 86_400_000, RECENT_MS = 8 * DAY_MS;
/** A transfer's id is minted after its call's; no attempt of a call starts later than this after it. */
const LONGEST_CALL_MS = DAY_MS;

/**
 * The whole story of one call. `anyId`: our request_id, a transfer_id, the provider's request id, the answer's id or the client's; an id of others that
 * several calls carry finds the newest. Undefined when no call on record has it.
 */
export async function findCall(pool: pg.Pool, anyId: string, now: Date): Promise<CallStory | undefined> {
  const { call, transfers } = await findStored(pool, anyId, now) ?? {};
  return call && { call, transfers: transfers! };
}

/** What is on record of a call: the rows as they are read, and the records they are. `call` is undefined while it is under way. */
export interface StoredStory extends Pick<CallStory, 'transfers'> { readonly call: CallRow | undefined; readonly records: readonly StoredRecord[] }

/** The same with the records, one round trip for an id of ours; a call under way is found by its request_id or a transfer_id. */
export async function findStored(pool: pg.Pool, anyId: string, now: Date): Promise<StoredStory | undefined> {
  const id = anyId.trim();
  if (id === '' || id.length > 256 || id.includes('\u0000') || !id.isWellFormed()) return undefined;
  const own = await findByOwnId(pool, id);
  if (own?.call) return own;
  const foreign = await idOfForeign(pool, id, now);
  return foreign === undefined ? own : readStored(pool, foreign);
}

/** By our request_id or a transfer_id alone. */
export async function findByOwnId(pool: pg.Pool, anyId: string): Promise<StoredStory | undefined> {
  const id = anyId.trim().toLowerCase();
  if (!isUuid(id)) return undefined;
  const direct = await readStored(pool, id);
  if (direct) return direct;
  const { rows: [transfer] } = await pool.query<{ request_id: Uuid }>('SELECT request_id FROM transfers WHERE transfer_id = $1', [id]);
  return transfer && readStored(pool, transfer.request_id);
}

/** Call, transfers and outcomes in one round trip; undefined when there is neither a call nor a transfer of one. */
export async function readStored(pool: pg.Pool, requestId: Uuid): Promise<StoredStory | undefined> {
  const started = instantOfId(requestId).getTime();
  // Bounds as literals: a plan for 400 partitions costs more than all there is to read.
  const window = [requestId, idLowerBound(new Date(started - MINUTE_MS)), idLowerBound(new Date(started + LONGEST_CALL_MS))];
  const within = (alias: string): string => `${alias}.transfer_id >= $2 AND ${alias}.transfer_id < $3`;
  const found = await askTogether(pool, {
    calls: stored('calls', 'WHERE r.request_id = $1', [requestId]),
    transfers: stored('transfers', `WHERE r.request_id = $1 AND ${within('r')} ORDER BY r.attempt, r.transfer_id`, window),
    outcomes: stored('transfer_outcomes', `WHERE r.transfer_id IN (SELECT t.transfer_id FROM transfers t WHERE t.request_id = $1 AND ${within('t')}) AND ${within('r')}`, window),
  });
  if (found.calls.length + found.transfers.length === 0) return undefined;
  const outcomes = new Map(found.outcomes.map(({ row }) => [row['transfer_id'], picked<OutcomeRow>(row, OUTCOME_COLUMNS, OUTCOME_BIGINTS)]));
  const [call] = found.calls.map(({ row }) => picked<CallRow>(row, CALL_COLUMNS, CALL_BIGINTS));
  const transfers = found.transfers.map(({ row }) => ({ ...picked<TransferRow>(row, TRANSFER_COLUMNS, TRANSFER_BIGINTS), outcome: outcomes.get(row['transfer_id']) }));
  return { call, transfers, records: [...found.calls, ...found.transfers, ...found.transfers.flatMap(({ row }) => found.outcomes.filter((one) => one.row['transfer_id'] === row['transfer_id']))] };
}

function stored(table: StoredRecord['table'], condition: string, values: readonly Uuid[]): Question<StoredRecord[]> {
  return question<StoredRow, StoredRecord[]>(`${storedFrom(table)} ${condition}`, values, (rows) => rows.map((row) => ({ table, row })));
}

async function idOfForeign(pool: pg.Pool, id: string, now: Date): Promise<Uuid | undefined> {
  // Most are asked for within days. Planning for 400 partitions costs 0.3 s and more, for a few next to nothing.
  const recent = await pool.query<{ request_id: Uuid }>(newestWith(' AND request_id >= $2'), [id, idLowerBound(new Date(now.getTime() - RECENT_MS))]);
  return recent.rows[0]?.request_id ?? await idAnywhere(pool, id);
}

async function idAnywhere(pool: pg.Pool, id: string): Promise<Uuid | undefined> {
  return (await queryWithKeptPlan<{ request_id: Uuid }>(pool, 'call_by_foreign_id', newestWith(''), [id]))[0]?.request_id;
}

/** The newest call that carries $1 as an id of others; each column by its own partial index. */
function newestWith(bound: string): string {
  return `SELECT request_id FROM (${FOREIGN_IDS.map((column) => `SELECT request_id FROM calls WHERE ${column} = $1${bound}`).join(' UNION ALL ')}) found ORDER BY request_id DESC LIMIT 1`;
}

/** One page of calls, oldest first. Refuses a malformed cursor or limit with `invalid_request`. */
export async function listCalls(pool: pg.Pool, filter: CallFilter): Promise<CallPage | Refusal> {
  const limit = filter.limit ?? 100;
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) return refuse('invalid_request', 'limit must be a whole number from 1 to 1000', 'limit');
  if (filter.cursor !== undefined && !isUuid(filter.cursor)) return refuse('invalid_request', 'cursor must be the next_cursor of the page before', 'cursor');
  const values: unknown[] = [], conditions: string[] = [];
  const add = (condition: (parameter: string) => string, value: unknown): void => { values.push(value); conditions.push(condition(`$${values.length}`)); };
  if (filter.account !== undefined) add((p) => `account_id = ${p}`, filter.account);
  if (filter.key !== undefined) add((p) => (isUuid(filter.key!) ? `key_id = ${p}` : `key_id IN (SELECT key_id FROM api_keys WHERE name = ${p})`), filter.key);
  if (filter.from) add((p) => `request_id >= ${p}`, idLowerBound(filter.from));
  if (filter.to) add((p) => `request_id < ${p}`, idLowerBound(filter.to));
  if (filter.model !== undefined) add((p) => `model = ${p}`, filter.model);
  if (filter.status !== undefined) add((p) => `status = ${p}`, filter.status);
  if (filter.session !== undefined) add((p) => `session_id = ${p}`, filter.session);
  if (filter.id !== undefined) add((p) => `(${[...(isUuid(filter.id!) ? [`request_id = ${p}::text::uuid`] : []), ...FOREIGN_IDS.map((column) => `${column} = ${p}::text`)].join(' OR ')})`, filter.id);
  if (filter.cursor !== undefined) add((p) => `request_id > ${p}`, filter.cursor);
  values.push(limit + 1);
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  const { rows } = await pool.query<Record<string, unknown>>(`SELECT ${CALL} FROM calls ${where} ORDER BY request_id LIMIT $${values.length}`, values);
  const page = rows.slice(0, limit).map((row) => withBigints<CallRow>(row, CALL_BIGINTS));
  return { rows: page, nextCursor: rows.length > limit ? page.at(-1)!.request_id : null };
}

/** These columns of a row, and no salt. */
function picked<T>(row: Readonly<Record<string, unknown>>, columns: readonly string[], bigints: readonly string[]): T {
  return withBigints<T>(Object.fromEntries(columns.map((column) => [column, row[column]])), bigints);
}

function withBigints<T>(row: Record<string, unknown>, columns: readonly string[]): T {
  const mapped = { ...row };
  for (const column of columns) { const value = row[column]; if (typeof value === 'string') mapped[column] = BigInt(value); }
  return mapped as T;
}

// Reading calls and transfers. Every statement carries a bound on the partition key, so that one call finds one partition.
import type pg from 'pg';
import { refuse, type Refusal } from '../../kernel/result.js';
import { idLowerBound, instantOfId, isUuid, type Uuid } from '../../kernel/ids.js';
import { queryWithKeptPlan } from './kept-plan.view.js';
import type { CallFilter, CallPage, CallRow, CallStory, OutcomeRow, TransferRow } from './call.js';

const CALL = `request_id, at, ended_at, account_id, key_id, epoch_id, account_seq, method, path, protocol, model, served_model, stream, status, http_status,
  refusal_code, client_request_id, upstream_request_id, answer_id, session_id, caller_region, provider_id, attempts, usage_input, usage_cache_read, usage_cache_write,
  usage_cache_write_1h, usage_output, usage_reasoning, usage_units, usage_source, cost_micros, currency, price_id, registry_version, request_bytes, response_bytes, first_byte_ms`;
const TRANSFER = `transfer_id, request_id, at, account_id, key_id, epoch_id, account_seq, attempt, provider_id, provider_name, legal_entity, category,
  origin_jurisdiction, destination_jurisdictions, cross_border, terms_version, confirmation_ids, basis, data_categories, model, upstream_model, upstream_host,
  path, request_bytes, registry_version`;
const OUTCOME = 'transfer_id, request_id, account_id, at, outcome, http_status, upstream_request_id, response_bytes, first_byte_ms, duration_ms';
const CALL_BIGINTS = ['account_seq', 'usage_input', 'usage_cache_read', 'usage_cache_write', 'usage_cache_write_1h', 'usage_output', 'usage_reasoning',
  'cost_micros', 'registry_version', 'request_bytes', 'response_bytes'];
const TRANSFER_BIGINTS = ['account_seq', 'request_bytes', 'registry_version'];
const FOREIGN_IDS = ['upstream_request_id', 'answer_id', 'client_request_id'] as const;
const MINUTE_MS = 60_000, DAY_MS = 86_400_000, RECENT_MS = 8 * DAY_MS;
/** A transfer's id is minted after its call's; no attempt of a call starts later than this after it. */
const LONGEST_CALL_MS = DAY_MS;

/**
 * The whole story of one call. `anyId`: our request_id, a transfer_id, the provider's request id, the answer's id or the client's; an id of others that
 * several calls carry finds the newest. Undefined when no call on record has it.
 */
export async function findCall(pool: pg.Pool, anyId: string, now: Date): Promise<CallStory | undefined> {
  const id = anyId.trim();
  if (id === '' || id.length > 256 || id.includes('\u0000') || !id.isWellFormed()) return undefined;
  const call = (isUuid(id.toLowerCase()) ? await callByOwnId(pool, id.toLowerCase()) : undefined) ?? await callByForeignId(pool, id, now);
  return call && { call, transfers: await transfersOf(pool, call.request_id) };
}

async function callByOwnId(pool: pg.Pool, id: Uuid): Promise<CallRow | undefined> {
  const direct = await oneCall(pool, 'request_id = $1', [id]);
  if (direct) return direct;
  const { rows: [transfer] } = await pool.query<{ request_id: Uuid }>('SELECT request_id FROM transfers WHERE transfer_id = $1', [id]);
  return transfer && oneCall(pool, 'request_id = $1', [transfer.request_id]);
}

async function callByForeignId(pool: pg.Pool, id: string, now: Date): Promise<CallRow | undefined> {
  // Most are asked for within days. Planning for 400 partitions costs 0.3 s and more, for a few next to nothing.
  const recent = await pool.query<{ request_id: Uuid }>(newestWith(' AND request_id >= $2'), [id, idLowerBound(new Date(now.getTime() - RECENT_MS))]);
  const requestId = recent.rows[0]?.request_id ?? await idAnywhere(pool, id);
  return requestId === undefined ? undefined : oneCall(pool, 'request_id = $1', [requestId]);
}

async function idAnywhere(pool: pg.Pool, id: string): Promise<Uuid | undefined> {
  return (await queryWithKeptPlan<{ request_id: Uuid }>(pool, 'call_by_foreign_id', newestWith(''), [id]))[0]?.request_id;
}

/** The newest call that carries $1 as an id of others; each column by its own partial index. */
function newestWith(bound: string): string {
  return `SELECT request_id FROM (${FOREIGN_IDS.map((column) => `SELECT request_id FROM calls WHERE ${column} = $1${bound}`).join(' UNION ALL ')}) found ORDER BY request_id DESC LIMIT 1`;
}

async function oneCall(pool: pg.Pool, where: string, values: unknown[]): Promise<CallRow | undefined> {
  const { rows: [row] } = await pool.query<Record<string, unknown>>(`SELECT ${CALL} FROM calls WHERE ${where}`, values);
  return row && withBigints<CallRow>(row, CALL_BIGINTS);
}

/** All attempts of a call, in order. */
export async function transfersOf(pool: pg.Pool, requestId: Uuid): Promise<CallStory['transfers']> {
  const started = instantOfId(requestId).getTime();
  const window = [requestId, idLowerBound(new Date(started - MINUTE_MS)), idLowerBound(new Date(started + LONGEST_CALL_MS))];
  const [transfers, outcomes] = await Promise.all([
    pool.query<Record<string, unknown>>(`SELECT ${TRANSFER} FROM transfers WHERE request_id = $1 AND transfer_id >= $2 AND transfer_id < $3 ORDER BY attempt, transfer_id`, window),
    pool.query<Record<string, unknown>>(`SELECT ${OUTCOME} FROM transfer_outcomes WHERE transfer_id IN
      (SELECT transfer_id FROM transfers WHERE request_id = $1 AND transfer_id >= $2 AND transfer_id < $3) AND transfer_id >= $2 AND transfer_id < $3`, window),
  ]);
  const byTransfer = new Map(outcomes.rows.map((row) => [row['transfer_id'], withBigints<OutcomeRow>(row, ['response_bytes'])]));
  return transfers.rows.map((row) => ({ ...withBigints<TransferRow>(row, TRANSFER_BIGINTS), outcome: byTransfer.get(row['transfer_id']) }));
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

function withBigints<T>(row: Record<string, unknown>, columns: readonly string[]): T {
  const mapped = { ...row };
  for (const column of columns) { const value = row[column]; if (typeof value === 'string') mapped[column] = BigInt(value); }
  return mapped as T;
}

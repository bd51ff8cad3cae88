import type pg from 'pg';
import { idLowerBound } from '../../../kernel/ids.js';
import { LONGEST_CALL_MS, NUMBERING_DELAY_MS } from './epoch-facts.js';

/** Ids of calls carry their time, give or take what a clock that stepped back leaves; milliseconds. */
const CLOCK_STEP_MS = 60_000;

/** A record about an epoch: its opening (with the number), its close, or that it was given up as lost. */
export interface EpochRecord { readonly recordId: string; readonly epochId: string; readonly action: 'epoch.open' | 'epoch.close' | 'epoch.lost'; readonly at: Date; readonly number: number | undefined; readonly stillOpen: readonly string[] }

/** All of them, oldest first: some thousands in a year. */
export async function readEpochRecords(reader: pg.Pool): Promise<EpochRecord[]> {
  const { rows } = await reader.query<{ record_id: string; subject_id: string; action: EpochRecord['action']; at: Date; after: { number?: number; still_open?: string[] } | null }>(
    "SELECT record_id, subject_id, action, at, after FROM audit_records WHERE subject_kind = 'epoch' AND action IN ('epoch.open', 'epoch.close', 'epoch.lost') ORDER BY record_id");
  return rows.map((row) => ({ recordId: row.record_id, epochId: row.subject_id, action: row.action, at: row.at, number: row.after?.number, stillOpen: row.after?.still_open ?? [] }));
}

/** The last numbers of epochs that have ended, with the secret of their root. */
export async function readLastNumbers(reader: pg.Pool, epochIds: readonly string[]): Promise<Map<string, { numbers: Record<string, number>; secret: Buffer }>> {
  const { rows } = await reader.query<{ epoch_id: string; last_numbers: Record<string, number>; number_salt: Buffer }>(
    'SELECT epoch_id, last_numbers, number_salt FROM gateway_epochs WHERE epoch_id = ANY($1::uuid[]) AND last_numbers IS NOT NULL AND number_salt IS NOT NULL', [epochIds]);
  return new Map(rows.map((row) => [row.epoch_id, { numbers: row.last_numbers, secret: row.number_salt }]));
}

/** A call of the account in the epoch, as an end of the range that has to be shown. */
export interface Edge { readonly number: number; readonly at: Date }
interface EdgeRow { account_seq: string; at: Date }

/** The latest call that had ended before the window began. */
export async function readCallBefore(reader: pg.Pool, account: string, epoch: { epochId: string; openedAt: Date }, from: Date): Promise<Edge | undefined> {
  const { rows: [row] } = await reader.query<EdgeRow>(`SELECT account_seq, at FROM calls WHERE account_id = $1 AND epoch_id = $2 AND request_id >= $3 AND request_id < $4 AND ended_at < $5 ORDER BY request_id DESC LIMIT 1`,
    [account, epoch.epochId, idLowerBound(new Date(epoch.openedAt.getTime() - CLOCK_STEP_MS)), idLowerBound(new Date(from.getTime() + CLOCK_STEP_MS)), from]);
  return row && { number: Number(row.account_seq), at: row.at };
}

/** The first call that began long enough after the window for every number above its own to belong to a later call. */
export async function readCallAfter(reader: pg.Pool, account: string, epochId: string, to: Date): Promise<Edge | undefined> {
  const passed = new Date(to.getTime() + NUMBERING_DELAY_MS);
  const { rows: [row] } = await reader.query<EdgeRow>('SELECT account_seq, at FROM calls WHERE account_id = $1 AND epoch_id = $2 AND request_id >= $3 AND at >= $4 ORDER BY request_id LIMIT 1',
    [account, epochId, idLowerBound(passed), passed]);
  return row && { number: Number(row.account_seq), at: row.at };
}

/** Where calls with certain numbers can lie: from the time of the lowest to the time of the highest, undefined without a limit. */
export interface Span { readonly account: string; readonly epochId: string; readonly from: Date; readonly to: Date | undefined }

/** The highest number on record, of calls and of transfers; 0 when there is none. */
export async function readHighestNumber(reader: pg.Pool, span: Span): Promise<number> {
  const { values, calls, transfers } = within(span);
  const { rows: [row] } = await reader.query<{ highest: string | null }>(`SELECT greatest((SELECT max(account_seq) FROM calls WHERE ${calls}), (SELECT max(account_seq) FROM transfers WHERE ${transfers})) AS highest`, values);
  return Number(row?.highest ?? 0);
}

/** Ids of the calls with these numbers, and of transfers whose number has no call; at most `limit` of each. */
export async function readNumbered(reader: pg.Pool, span: Span, first: number, last: number, limit: number): Promise<{ calls: string[]; transfers: string[] }> {
  const { values, calls, transfers } = within(span), between = `account_seq BETWEEN $${values.length + 1} AND $${values.length + 2}`, all = [...values, first, last, limit];
  const [ofCalls, ofTransfers] = await Promise.all([
    reader.query<{ id: string }>(`SELECT request_id AS id FROM calls WHERE ${calls} AND ${between} ORDER BY request_id LIMIT $${all.length}`, all),
    reader.query<{ id: string }>(`SELECT t.transfer_id AS id FROM transfers t WHERE ${transfers} AND ${between}
      AND NOT EXISTS (SELECT FROM calls c WHERE c.request_id = t.request_id AND c.epoch_id = t.epoch_id AND c.account_seq = t.account_seq) ORDER BY t.transfer_id LIMIT $${all.length}`, all),
  ]);
  return { calls: ofCalls.rows.map((row) => row.id), transfers: ofTransfers.rows.map((row) => row.id) };
}

function within({ account, epochId, from, to }: Span): { values: unknown[]; calls: string; transfers: string } {
  const lower = idLowerBound(new Date(from.getTime() - NUMBERING_DELAY_MS - CLOCK_STEP_MS)), late = (ms: number) => (to ? idLowerBound(new Date(to.getTime() + ms)) : 'ffffffff-ffff-ffff-ffff-ffffffffffff');
  return { values: [account, epochId, lower, late(NUMBERING_DELAY_MS + CLOCK_STEP_MS), late(LONGEST_CALL_MS)],
    calls: 'account_id = $1 AND epoch_id = $2 AND request_id >= $3 AND request_id < $4 AND $5::uuid IS NOT NULL', transfers: 'account_id = $1 AND epoch_id = $2 AND transfer_id >= $3 AND transfer_id < $5 AND $4::uuid IS NOT NULL' };
}

/** The records of certified purges that removed calls which began at or after `from`. */
export async function readPurgeRecords(reader: pg.Pool, from: Date): Promise<string[]> {
  const { rows } = await reader.query<{ record_id: string }>(`SELECT record_id FROM audit_records a WHERE subject_kind = 'purge_run' AND action = 'purge.certify'
    AND EXISTS (SELECT FROM jsonb_array_elements(a.after->'removed') r WHERE r->>'table' = 'calls' AND (r->>'max_at')::timestamptz >= $1) ORDER BY record_id`, [new Date(from.getTime() - NUMBERING_DELAY_MS)]);
  return rows.map((row) => row.record_id);
}

/** Whether a call has this id, and what belongs to it. */
export async function readCallRefs(reader: pg.Pool, id: string): Promise<{ call: string | undefined; transfers: string[]; outcomes: string[] }> {
  const { rows: [call] } = await reader.query<{ request_id: string; at: Date }>('SELECT request_id, at FROM calls WHERE request_id = $1', [id]);
  if (!call) return { call: undefined, transfers: [], outcomes: [] };
  const bounds = [id, idLowerBound(new Date(call.at.getTime() - CLOCK_STEP_MS)), idLowerBound(new Date(call.at.getTime() + LONGEST_CALL_MS + CLOCK_STEP_MS))];
  const { rows: transfers } = await reader.query<{ id: string }>('SELECT transfer_id AS id FROM transfers WHERE request_id = $1 AND transfer_id >= $2 AND transfer_id < $3 ORDER BY transfer_id', bounds);
  const { rows: outcomes } = await reader.query<{ id: string }>('SELECT transfer_id AS id FROM transfer_outcomes WHERE transfer_id = ANY($1::uuid[]) AND transfer_id >= $2 AND transfer_id < $3 ORDER BY transfer_id', [transfers.map((one) => one.id), ...bounds.slice(1)]);
  return { call: call.request_id, transfers: transfers.map((one) => one.id), outcomes: outcomes.map((one) => one.id) };
}

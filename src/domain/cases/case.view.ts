// Cases as they stand, for reading and, given the transaction's own query, for deciding.
import type pg from 'pg';
import { isUuid, type Uuid } from '../../kernel/ids.js';
import type { CaseClock, CaseCollection, CaseFile, CaseMove, CaseRow, WholeCase } from './case.js';
import type { CaseKind } from './machine.js';

export type Query = <T extends object>(sql: string, values: unknown[]) => Promise<T[]>;
export const CASE_COLUMNS = `case_id AS "caseId", number, kind, state, account_id AS "accountId", facts, received_at AS "receivedAt", opened_at AS "openedAt", opened_by AS "openedBy", owner_id AS "ownerId",
  moved_at AS "movedAt", ended_at AS "endedAt", hold_id AS "holdId", release_asked_at AS "releaseAskedAt"`;
const MOVES = 'move_id AS "moveId", at, move, from_state AS "fromState", to_state AS "toState", person, actor_name AS "actorName", fields, effects';
const CLOCKS = `clock_id AS "clockId", case_id AS "caseId", name, preset, source, started_at AS "startedAt", amber_at AS "amberAt", red_at AS "redAt", due_at AS "dueAt", extension, extended_at AS "extendedAt",
  stopped_at AS "stoppedAt", stage, mailed_stage AS "mailedStage"`;
const FILES = 'file_id AS "fileId", case_id AS "caseId", role, name, media_type AS "mediaType", bytes::float8 AS bytes, sha256, stored_by AS "storedBy", stored_at AS "storedAt", destroyed_at AS "destroyedAt"';
const COLLECTIONS = 'collection_id AS "collectionId", case_id AS "caseId", at, collected_by AS "collectedBy", parameters, counts, digest, snapshot';

export function onPool(pool: pg.Pool): Query {
  return async <T extends object>(sql: string, values: unknown[]) => (await pool.query<T>(sql, values)).rows;
}

/** The case of an id or a number. */
export async function readCase(query: Query, idOrNumber: string): Promise<CaseRow | undefined> {
  const [row] = await query<CaseRow>(`SELECT ${CASE_COLUMNS} FROM cases WHERE ${isUuid(idOrNumber) ? 'case_id = $1' : 'number = $1'}`, [idOrNumber.slice(0, 60)]);
  return row;
}

/** What belongs to a case, oldest first. */
export async function readParts(query: Query, caseId: Uuid): Promise<Omit<WholeCase, keyof CaseRow>> {
  const moves = await query<CaseMove>(`SELECT ${MOVES} FROM case_moves WHERE case_id = $1 ORDER BY move_id`, [caseId]);
  const clocks = await query<CaseClock>(`SELECT ${CLOCKS} FROM case_clocks WHERE case_id = $1 ORDER BY clock_id`, [caseId]);
  const files = await query<CaseFile>(`SELECT ${FILES} FROM case_files WHERE case_id = $1 ORDER BY file_id`, [caseId]);
  const collections = await query<CaseCollection>(`SELECT ${COLLECTIONS} FROM case_collections WHERE case_id = $1 ORDER BY collection_id`, [caseId]);
  const calls = await query<{ request_id: Uuid }>('SELECT request_id FROM case_calls WHERE case_id = $1 ORDER BY request_id', [caseId]);
  return { moves, clocks, files, collections, requestIds: calls.map((call) => call.request_id) };
}

export interface CaseFilter { readonly kinds: readonly CaseKind[]; readonly state?: string | undefined; readonly accountId?: string | undefined; readonly open?: boolean | undefined; readonly requestId?: string | undefined; readonly limit?: number | undefined }

/** Newest first, at most 1,000. */
export function listCases(query: Query, filter: CaseFilter): Promise<CaseRow[]> {
  return query<CaseRow>(`SELECT ${CASE_COLUMNS} FROM cases WHERE kind = ANY($1) AND ($2::text IS NULL OR state = $2) AND ($3::text IS NULL OR account_id = $3) AND ($4::boolean IS NULL OR (ended_at IS NULL) = $4)
    AND ($5::uuid IS NULL OR case_id IN (SELECT case_id FROM case_calls WHERE request_id = $5)) ORDER BY case_id DESC LIMIT $6`,
  [filter.kinds, filter.state ?? null, filter.accountId ?? null, filter.open ?? null, filter.requestId ?? null, Math.min(Math.max(filter.limit ?? 100, 1), 1_000)]);
}

export async function readFile(query: Query, fileId: string): Promise<CaseFile | undefined> {
  return isUuid(fileId) ? (await query<CaseFile>(`SELECT ${FILES} FROM case_files WHERE file_id = $1`, [fileId]))[0] : undefined;
}

export async function readCollection(query: Query, collectionId: string): Promise<CaseCollection | undefined> {
  return isUuid(collectionId) ? (await query<CaseCollection>(`SELECT ${COLLECTIONS} FROM case_collections WHERE collection_id = $1`, [collectionId]))[0] : undefined;
}

export type RunningClock = CaseClock & Pick<CaseRow, 'number' | 'kind' | 'ownerId'>;
/** Running clocks that turned amber by the instant, soonest due first. */
export function readPressing(query: Query, now: Date): Promise<RunningClock[]> {
  return query<RunningClock>(`SELECT ${CLOCKS.split(', ').map((column) => `k.${column.trim()}`).join(', ')}, c.number, c.kind, c.owner_id AS "ownerId" FROM case_clocks k JOIN cases c USING (case_id)
    WHERE k.stopped_at IS NULL AND k.amber_at <= $1 ORDER BY k.due_at, k.clock_id`.replace('k.case_id AS', 'c.case_id AS'), [now]);
}

/** Ended cases whose hold nobody has asked to release. */
export function readHeldEnded(query: Query): Promise<{ caseId: Uuid; number: string; state: string; holdId: Uuid }[]> {
  return query('SELECT case_id AS "caseId", number, state, hold_id AS "holdId" FROM cases WHERE ended_at IS NOT NULL AND hold_id IS NOT NULL AND release_asked_at IS NULL ORDER BY ended_at LIMIT 100', []);
}

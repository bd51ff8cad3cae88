import type { Uuid } from '../../kernel/ids.js';
import { managerOf, type Tx } from '../../platform/db/index.js';
import type { CaseClock, CaseCollection, CaseFile, CaseMove, CaseRow } from './case.js';
import { CASE_COLUMNS, type Query } from './case.view.js';
import type { Deadline } from './clock-rules.js';
import type { CaseKind, Facts } from './machine.js';

/** Reading inside the transaction. */
export function inTx(tx: Tx): Query {
  return async <T extends object>(sql: string, values: unknown[]) => await managerOf(tx).query(sql, values) as T[];
}

/** The next number of the kind in the year; who asks at the same moment waits for this transaction. */
export async function nextNumber(tx: Tx, kind: CaseKind, year: number): Promise<number> {
  const [row] = await managerOf(tx).query('INSERT INTO case_numbers (kind, year, last) VALUES ($1, $2, 1) ON CONFLICT (kind, year) DO UPDATE SET last = case_numbers.last + 1 RETURNING last', [kind, year]) as { last: number }[];
  return row!.last;
}

export async function insertCase(tx: Tx, one: Omit<CaseRow, 'endedAt' | 'holdId' | 'releaseAskedAt' | 'movedAt'>): Promise<void> {
  await managerOf(tx).query(`INSERT INTO cases (case_id, number, kind, state, account_id, facts, received_at, opened_at, opened_by, owner_id, moved_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $8)`,
    [one.caseId, one.number, one.kind, one.state, one.accountId, JSON.stringify(one.facts), one.receivedAt, one.openedAt, one.openedBy, one.ownerId]);
}

/** The case under a lock, so that moves happen one after another. */
export async function lockCase(tx: Tx, caseId: Uuid): Promise<CaseRow | undefined> {
  const [row] = await managerOf(tx).query(`SELECT ${CASE_COLUMNS} FROM cases WHERE case_id = $1 FOR UPDATE`, [caseId]) as CaseRow[];
  return row;
}

export async function updateCase(tx: Tx, caseId: Uuid, to: { state: string; facts: Facts; movedAt: Date; endedAt: Date | null }): Promise<void> {
  await managerOf(tx).query('UPDATE cases SET state = $2, facts = $3, moved_at = $4, ended_at = $5 WHERE case_id = $1', [caseId, to.state, JSON.stringify(to.facts), to.movedAt, to.endedAt]);
}
export async function setAccount(tx: Tx, caseId: Uuid, accountId: string): Promise<void> { await managerOf(tx).query('UPDATE cases SET account_id = $2 WHERE case_id = $1', [caseId, accountId]); }
export async function setHold(tx: Tx, caseId: Uuid, holdId: Uuid): Promise<void> { await managerOf(tx).query('UPDATE cases SET hold_id = $2, release_asked_at = NULL WHERE case_id = $1', [caseId, holdId]); }
export async function setReleaseAsked(tx: Tx, caseId: Uuid, at: Date): Promise<void> { await managerOf(tx).query('UPDATE cases SET release_asked_at = $2 WHERE case_id = $1', [caseId, at]); }

export async function insertMove(tx: Tx, caseId: Uuid, move: CaseMove): Promise<void> {
  await managerOf(tx).query(`INSERT INTO case_moves (move_id, case_id, at, move, from_state, to_state, person, actor_kind, actor_id, actor_name, fields, effects) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [move.moveId, caseId, move.at, move.move, move.fromState, move.toState, move.person, tx.actor.kind, tx.actor.id, tx.actor.name, JSON.stringify(move.fields), JSON.stringify(move.effects)]);
}

/** Links calls; those linked before stay as they are. */
export async function insertCalls(tx: Tx, caseId: Uuid, requestIds: readonly Uuid[], at: Date): Promise<number> {
  const rows = await managerOf(tx).query('INSERT INTO case_calls (case_id, request_id, linked_by, linked_at) SELECT $1, unnest($2::uuid[]), $3, $4 ON CONFLICT DO NOTHING RETURNING 1', [caseId, requestIds, tx.actor.name, at]) as unknown[];
  return rows.length;
}

export async function insertClock(tx: Tx, clock: Pick<CaseClock, 'clockId' | 'caseId' | 'name' | 'startedAt'> & Deadline): Promise<void> {
  await managerOf(tx).query('INSERT INTO case_clocks (clock_id, case_id, name, preset, source, started_at, amber_at, red_at, due_at, extension) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
    [clock.clockId, clock.caseId, clock.name, clock.preset, clock.source, clock.startedAt, clock.amberAt, clock.redAt, clock.dueAt, clock.extension]);
}
/** Stops the named running clocks of the case; all of them when `names` is null. */
export async function stopClocks(tx: Tx, caseId: Uuid, names: readonly string[] | null, at: Date): Promise<void> {
  await managerOf(tx).query('UPDATE case_clocks SET stopped_at = $3 WHERE case_id = $1 AND stopped_at IS NULL AND ($2::text[] IS NULL OR name = ANY($2))', [caseId, names, at]);
}
export async function extendClock(tx: Tx, clockId: Uuid, to: Pick<Deadline, 'amberAt' | 'redAt' | 'dueAt'>, at: Date): Promise<void> {
  await managerOf(tx).query("UPDATE case_clocks SET amber_at = $2, red_at = $3, due_at = $4, extended_at = $5, stage = 'running', mailed_stage = 'running' WHERE clock_id = $1", [clockId, to.amberAt, to.redAt, to.dueAt, at]);
}
/** Notes the stage; false when another process did, or the clock stopped meanwhile. */
export async function noteStage(tx: Tx, clockId: Uuid, from: string, to: string): Promise<boolean> {
  const [, count] = await managerOf(tx).query('UPDATE case_clocks SET stage = $3 WHERE clock_id = $1 AND stage = $2 AND stopped_at IS NULL', [clockId, from, to]) as [unknown, number];
  return count > 0;
}
export async function noteMailed(tx: Tx, clockId: Uuid, stage: string): Promise<void> { await managerOf(tx).query('UPDATE case_clocks SET mailed_stage = $2 WHERE clock_id = $1', [clockId, stage]); }

export async function insertFile(tx: Tx, file: Omit<CaseFile, 'destroyedAt'>): Promise<void> {
  await managerOf(tx).query('INSERT INTO case_files (file_id, case_id, role, name, media_type, bytes, sha256, stored_by, stored_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [file.fileId, file.caseId, file.role, file.name, file.mediaType, file.bytes, file.sha256, file.storedBy, file.storedAt]);
}
/** Marks the files of the role as destroyed; answers their ids. */
export async function markDestroyed(tx: Tx, caseId: Uuid, role: string, at: Date): Promise<Uuid[]> {
  const [rows] = await managerOf(tx).query('UPDATE case_files SET destroyed_at = $3 WHERE case_id = $1 AND role = $2 AND destroyed_at IS NULL RETURNING file_id', [caseId, role, at]) as [{ file_id: Uuid }[], number];
  return rows.map((row) => row.file_id);
}

export async function insertCollection(tx: Tx, one: CaseCollection): Promise<void> {
  await managerOf(tx).query('INSERT INTO case_collections (collection_id, case_id, at, collected_by, parameters, counts, digest, snapshot) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
    [one.collectionId, one.caseId, one.at, one.collectedBy, JSON.stringify(one.parameters), JSON.stringify(one.counts), one.digest, one.snapshot]);
}

/** Who stands behind a token: the operator who issued it, if need be through other tokens; the token itself where the machine's owner issued it. */
export async function findTokenPerson(tx: Tx, tokenId: string): Promise<string> {
  const [row] = await managerOf(tx).query(`WITH RECURSIVE chain AS (
      SELECT 1 AS depth, actor_kind, actor_id FROM audit_records WHERE action = 'token.issue' AND subject_kind = 'token' AND subject_id = $1
      UNION ALL
      SELECT depth + 1, a.actor_kind, a.actor_id FROM chain c JOIN audit_records a ON a.action = 'token.issue' AND a.subject_kind = 'token' AND a.subject_id = c.actor_id WHERE c.actor_kind = 'api_token' AND depth < 20)
    SELECT actor_kind, actor_id FROM chain ORDER BY depth DESC LIMIT 1`, [tokenId]) as { actor_kind: string; actor_id: string }[];
  return row?.actor_kind === 'operator' ? row.actor_id : `token:${tokenId}`;
}

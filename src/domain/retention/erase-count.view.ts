// Counts the rows of one subject, by table and partition, through the index of accounts; a purge's own count goes through every partition.
import type { DataType } from '../../kernel/data-types.js';
import type { EraseCount, Restriction } from './erase.js';
import { eraseCutOff, goesAt, type Keeper } from './erase-rules.js';
import { heldScope, heldSql } from './hold-scope.js';
import { readProtecting } from './holds.view.js';
import { Params } from './params.js';
import type { PreviewPart } from './purge.js';
import { clockBound, clockInstant, PURGE_TARGETS, type PurgeTarget } from './purge-targets.js';
import type { Query } from './query.store.js';

export interface Subject {
  readonly accountId: string;
  /** Request ids; null when the account is the subject. */
  readonly items: readonly string[] | null;
  /** Rows made from then on are no part of it; null for all. */
  readonly before: Date | null;
}
interface CountRow { partition: string; total: string; due: string; held: string; min_at: Date | null; max_at: Date | null; last_clock: Date | string | null }

/** What would become of the subject's rows of the type at the instant, with the parts a run would have. */
export async function countSubject(query: Query, dataType: DataType, subject: Subject, keepers: readonly Keeper[], at: Date, timeZone: string, cutOff = eraseCutOff(dataType, keepers, at, timeZone)): Promise<EraseCount & { readonly parts: readonly PreviewPart[] }> {
  const holds = await readProtecting(query, dataType, at), parts: PreviewPart[] = [];
  let rows = 0n, rowsErased = 0n, rowsHeld = 0n, kept = 0n, last: Date | null = null;
  for (const target of PURGE_TARGETS[dataType]) {
    if (subject.items !== null && target.item === null) continue;
    const params = new Params(), held = heldSql(heldScope(holds), target, params), due = dueSql(dataType, target, cutOff, timeZone, params);
    const counted = await query<CountRow>(`SELECT t.tableoid::regclass::text AS partition, count(*) AS total, count(*) FILTER (WHERE ${due} AND NOT ${held}) AS due, count(*) FILTER (WHERE ${due} AND ${held}) AS held,
        min(${target.time}) FILTER (WHERE ${due} AND NOT ${held}) AS min_at, max(${target.time}) FILTER (WHERE ${due} AND NOT ${held}) AS max_at, ${lastClock(target, due)} AS last_clock
      FROM ${target.table} t WHERE ${subjectSql(target, subject, params)} GROUP BY t.tableoid ORDER BY 1`, params.values);
    for (const row of counted) {
      const total = BigInt(row.total), goes = BigInt(row.due), stays = BigInt(row.held);
      rows += total; rowsErased += goes; rowsHeld += stays; kept += total - goes - stays;
      const clock = row.last_clock === null ? null : clockInstant(target, row.last_clock, timeZone);
      if (clock && (!last || clock > last)) last = clock;
      parts.push({ table: target.table, partition: target.partitioned ? row.partition : null, rowsTotal: total, rowsDue: goes, rowsHeld: stays, accountsHeld: 0, heldAccounts: [], bytesDue: 0n, clockStart: null,
        minAt: row.min_at, maxAt: row.max_at, method: goes === 0n ? null : target.erase ? 'erase_fields' : 'delete_rows' });
    }
  }
  const why: Restriction[] = [...(kept > 0n ? keepers.map(({ kind, id, says }) => ({ kind, id, says })) : []), ...(rowsHeld > 0n ? holds.map((hold): Restriction => ({ kind: 'hold', id: hold.holdId, says: hold.matter })) : [])];
  return { dataType, rows, rowsErased, rowsHeld, rowsKept: kept, goesAt: kept > 0n && last ? goesAt(dataType, keepers, last, timeZone) : null, why, parts };
}

/** Ids of the calls of the account that bear one of the sessions, at most one more than `most`. */
export async function readSessionCalls(query: Query, accountId: string, sessions: readonly string[], most: number): Promise<string[]> {
  const rows = await query<{ id: string }>('SELECT request_id AS id FROM calls WHERE session_id = ANY($1::text[]) AND account_id = $2 ORDER BY request_id LIMIT $3', [sessions, accountId, most + 1]);
  return rows.map((row) => row.id);
}

function dueSql(dataType: DataType, target: PurgeTarget, cutOff: Date, timeZone: string, params: Params): string {
  const before = `${target.clock} < ${params.add(clockBound(target, cutOff, timeZone), '::text')}::${target.clockType}`;
  // An account that is to be closed by then has no clock yet.
  if (dataType === 'account_information') return target.erase ? `(t.erased_at IS NULL AND coalesce(${before}, true))` : `coalesce(${before}, true)`;
  return `coalesce(${before}, false)`;
}

function lastClock(target: PurgeTarget, due: string): string {
  return target.clockType === 'uuid' ? `max(${target.time}) FILTER (WHERE NOT ${due})` : `max(${target.clock}) FILTER (WHERE NOT ${due})`;
}

function subjectSql(target: PurgeTarget, { accountId, items, before }: Subject, params: Params): string {
  const account = params.add(accountId, '::text'), erased = target.erase ? ' AND t.erased_at IS NULL' : '';
  const until = before && target.table !== 'api_keys' && !target.erase ? ` AND ${target.time} < ${params.add(before, '::timestamptz')}` : '';
  if (items !== null) return `${target.item} = ANY(${params.add(items, '::uuid[]')}) AND t.account_id = ${account}${until}`;
  // Outcomes have no index of accounts; their transfers have one.
  return target.table === 'transfer_outcomes' ? `t.transfer_id IN (SELECT x.transfer_id FROM transfers x WHERE x.account_id = ${account})${until}` : `t.account_id = ${account}${erased}${until}`;
}

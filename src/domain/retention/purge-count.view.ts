// Counts what is due, table by table and partition by partition. Reads only.
import type { DataType } from '../../kernel/data-types.js';
import { partitionDay } from '../../platform/db/index.js';
import { lastCutOff } from './cut-off-rules.js';
import { cutThroughDay, dueSql, methodFor } from './due-rules.js';
import type { PreviewPart } from './purge.js';
import type { Guard } from './purge-guard.js';
import { clockBound, clockInstant, PURGE_TARGETS, type PurgeTarget } from './purge-targets.js';
import type { Query } from './query.store.js';

interface CountRow { total: string; due: string; held: string; held_accounts: string[] | null; clock_start: Date | string | null; min_at: Date | null; max_at: Date | null; bytes: string }

/** Attached partitions of a table whose UTC day starts before `before`, oldest first. */
export async function readPartitions(query: Query, table: string, before: Date): Promise<{ name: string; day: Date }[]> {
  const rows = await query<{ name: string }>('SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = $1::regclass AND NOT i.inhdetachpending ORDER BY 1', [table]);
  return rows.flatMap(({ name }) => {
    const day = partitionDay(name);
    return day && day < before ? [{ name, day }] : [];
  });
}

/** Every table of the data type, or every partition of it that the cut-offs reach, with what is due in it under the guard. */
export async function countParts(query: Query, dataType: DataType, guard: Guard, timeZone: string): Promise<PreviewPart[]> {
  const last = lastCutOff(guard.cutOffs);
  if (last === null) return [];
  const parts: PreviewPart[] = [];
  for (const target of PURGE_TARGETS[dataType]) {
    if (!target.partitioned) { parts.push(await countTable(query, target, guard, timeZone)); continue; }
    for (const { name, day } of await readPartitions(query, target.table, last)) parts.push(await countPartition(query, target.table, name, day, guard));
  }
  return parts;
}

/** What is due in one partition, by the accounts of its day. */
export async function countPartition(query: Query, table: string, partition: string, day: Date, guard: Guard): Promise<PreviewPart> {
  const cut = cutThroughDay(guard.cutOffs, guard.held, day);
  const due = dueSql(cut, 1), held = 't.account_id = ANY($2::text[])';
  const [row] = await query<CountRow>(`SELECT count(*) AS total, count(*) FILTER (WHERE ${due}) AS due, count(*) FILTER (WHERE ${held}) AS held,
    array_agg(DISTINCT t.account_id) FILTER (WHERE ${held}) AS held_accounts, min(t.at) FILTER (WHERE ${due}) AS min_at, max(t.at) FILTER (WHERE ${due}) AS max_at,
    min(t.at) FILTER (WHERE ${due}) AS clock_start,
    pg_total_relation_size($3::regclass) AS bytes FROM ${partition} t`, [cut.accounts, cut.heldDue, partition]);
  const part = toPart(table, partition, row!, (clock) => new Date(clock));
  return { ...part, method: methodFor(part.rowsTotal, part.rowsDue) };
}

async function countTable(query: Query, target: PurgeTarget, guard: Guard, timeZone: string): Promise<PreviewPart> {
  const { text, values } = expiredRows(target, guard, timeZone);
  const [row] = await query<CountRow>(`SELECT (SELECT count(*) FROM ${target.table}) AS total, count(*) FILTER (WHERE NOT held) AS due, count(*) FILTER (WHERE held) AS held,
    array_agg(DISTINCT account_id) FILTER (WHERE held) AS held_accounts, min(clock) FILTER (WHERE NOT held) AS clock_start, min(time) FILTER (WHERE NOT held) AS min_at, max(time) FILTER (WHERE NOT held) AS max_at,
    pg_total_relation_size($5::regclass) AS bytes FROM (${text}) expired`, [...values, target.table]);
  const part = toPart(target.table, null, row!, (clock) => clockInstant(target, clock, timeZone));
  return { ...part, method: part.rowsDue === 0n ? null : target.erase ? 'erase_fields' : 'delete_rows' };
}

/** Rows of these accounts in a table or partition. */
export async function countOfAccounts(query: Query, table: string, accounts: readonly string[]): Promise<bigint> {
  if (accounts.length === 0) return 0n;
  const [row] = await query<{ count: string }>(`SELECT count(*) AS count FROM ${table} WHERE account_id = ANY($1::text[])`, [accounts]);
  return BigInt(row!.count);
}

/**
 * SELECT of the expired rows of a whole table as (key, account_id, time, held), by the clock of each row. Parameters: the bound of all,
 * accounts with a bound of their own, those bounds, held accounts.
 */
export function expiredRows(target: PurgeTarget, guard: Guard, timeZone: string): { text: string; values: unknown[] } {
  const bound = (cutOff: Date | null): string => clockBound(target, cutOff, timeZone);
  const last = lastCutOff(guard.cutOffs);
  // The constant bound beside the row's own lets the planner leave out younger partitions.
  const reach = target.partitioned ? `${target.clock} < '${bound(last)}' AND ` : '';
  return {
    text: `SELECT t.${target.key} AS key, t.account_id, ${target.time} AS time, ${target.clock} AS clock, coalesce(t.account_id = ANY($4::text[]), false) AS held FROM ${target.table} t
      LEFT JOIN unnest($2::text[], $3::text[]) AS own(account_id, bound) ON own.account_id = t.account_id
      WHERE ${reach}${target.clock} < coalesce(own.bound, $1)::${target.clockType}`,
    values: [bound(guard.cutOffs.standard), [...guard.cutOffs.accounts.keys()], [...guard.cutOffs.accounts.values()].map(bound), [...guard.held]],
  };
}

function toPart(table: string, partition: string | null, row: CountRow, instantOf: (clock: Date | string) => Date): Omit<PreviewPart, 'method'> {
  const rowsTotal = BigInt(row.total), rowsDue = BigInt(row.due);
  return { table, partition, rowsTotal, rowsDue, rowsHeld: BigInt(row.held), accountsHeld: row.held_accounts?.length ?? 0, heldAccounts: row.held_accounts ?? [],
    clockStart: row.clock_start === null ? null : instantOf(row.clock_start),
    bytesDue: rowsTotal === 0n ? 0n : BigInt(row.bytes) * rowsDue / rowsTotal, minAt: row.min_at, maxAt: row.max_at };
}

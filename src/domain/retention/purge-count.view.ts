// Counts what is due, table by table and partition by partition. Reads only.
import type { DataType } from '../../kernel/data-types.js';
import { partitionDay } from '../../platform/db/index.js';
import { lastCutOff } from './cut-off-rules.js';
import { cutThroughDay, methodFor, rowSql, type DayCut } from './due-rules.js';
import { heldSql } from './hold-scope.js';
import { Params } from './params.js';
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
    for (const { name, day } of await readPartitions(query, target.table, last)) parts.push(await countPartition(query, target, name, day, guard));
  }
  return parts;
}

/** What is due in one partition: by accounts and items of its day, less what is held. */
export async function countPartition(query: Query, target: PurgeTarget, partition: string, day: Date, guard: Guard): Promise<PreviewPart> {
  const params = new Params(), { due, heldDue } = rowSql(cutThroughDay(guard.cutOffs, guard.held, day), target, params);
  const [row] = await query<CountRow>(`SELECT count(*) AS total, count(*) FILTER (WHERE ${due}) AS due, count(*) FILTER (WHERE ${heldDue}) AS held,
    array_agg(DISTINCT t.account_id) FILTER (WHERE ${heldDue}) AS held_accounts, min(t.at) FILTER (WHERE ${due}) AS min_at, max(t.at) FILTER (WHERE ${due}) AS max_at,
    min(t.at) FILTER (WHERE ${due}) AS clock_start,
    pg_total_relation_size(${params.add(partition, '::regclass')}) AS bytes FROM ${partition} t`, params.values);
  const part = toPart(target.table, partition, row!, (clock) => new Date(clock));
  return { ...part, method: methodFor(part.rowsTotal, part.rowsDue) };
}

async function countTable(query: Query, target: PurgeTarget, guard: Guard, timeZone: string): Promise<PreviewPart> {
  const { text, params } = expiredRows(target, guard, timeZone);
  const [row] = await query<CountRow>(`SELECT (SELECT count(*) FROM ${target.table}) AS total, count(*) FILTER (WHERE NOT held) AS due, count(*) FILTER (WHERE held) AS held,
    array_agg(DISTINCT account_id) FILTER (WHERE held) AS held_accounts, min(clock) FILTER (WHERE NOT held) AS clock_start, min(time) FILTER (WHERE NOT held) AS min_at, max(time) FILTER (WHERE NOT held) AS max_at,
    pg_total_relation_size(${params.add(target.table, '::regclass')}) AS bytes FROM (${text}) expired`, params.values);
  const part = toPart(target.table, null, row!, (clock) => clockInstant(target, clock, timeZone));
  return { ...part, method: part.rowsDue === 0n ? null : target.erase ? 'erase_fields' : 'delete_rows' };
}

/** Rows of a partition that are expired and stay because they are held. */
export async function countHeldDue(query: Query, target: PurgeTarget, partition: string, cut: DayCut): Promise<bigint> {
  const params = new Params(), { heldDue } = rowSql(cut, target, params);
  if (heldDue === 'false') return 0n;
  const [row] = await query<{ count: string }>(`SELECT count(*) AS count FROM ${partition} t WHERE ${heldDue}`, params.values);
  return BigInt(row!.count);
}

/**
 * SELECT of the expired rows of a whole table as (key, account_id, time, clock, held), by the clock of each row. The first parameter is
 * the bound of all; more may be added.
 */
export function expiredRows(target: PurgeTarget, guard: Guard, timeZone: string): { readonly text: string; readonly params: Params } {
  const bound = (cutOff: Date | null): string => clockBound(target, cutOff, timeZone), { accounts, items } = guard.cutOffs;
  const params = new Params(bound(guard.cutOffs.standard)), last = lastCutOff(guard.cutOffs);
  // The constant bound beside the row's own lets the planner leave out younger partitions.
  const reach = target.partitioned ? `${target.clock} < '${bound(last)}' AND ` : '';
  const byItem = target.item !== null && items.size > 0;
  const named = byItem ? `LEFT JOIN unnest(${params.add([...items.keys()], '::uuid[]')}, ${params.add([...items.values()].map((item) => bound(item.at)), '::text[]')}) AS item(id, bound) ON item.id = ${target.item}` : '';
  const own = `LEFT JOIN unnest(${params.add([...accounts.keys()], '::text[]')}, ${params.add([...accounts.values()].map(bound), '::text[]')}) AS own(account_id, bound) ON own.account_id = t.account_id`;
  return {
    text: `SELECT t.${target.key} AS key, t.account_id, ${target.time} AS time, ${target.clock} AS clock, ${heldSql(guard.held, target, params)} AS held FROM ${target.table} t
      ${own} ${named} WHERE ${reach}${target.clock} < coalesce(${byItem ? 'item.bound, ' : ''}own.bound, $1)::${target.clockType}`,
    params,
  };
}

function toPart(table: string, partition: string | null, row: CountRow, instantOf: (clock: Date | string) => Date): Omit<PreviewPart, 'method'> {
  const rowsTotal = BigInt(row.total), rowsDue = BigInt(row.due);
  return { table, partition, rowsTotal, rowsDue, rowsHeld: BigInt(row.held), accountsHeld: row.held_accounts?.length ?? 0, heldAccounts: row.held_accounts ?? [],
    clockStart: row.clock_start === null ? null : instantOf(row.clock_start),
    bytesDue: rowsTotal === 0n ? 0n : BigInt(row.bytes) * rowsDue / rowsTotal, minAt: row.min_at, maxAt: row.max_at };
}

// DDL of a purge: taking a day's partition out of its table, putting survivors in its place, destroying the old one.
import { idLowerBound } from '../../kernel/ids.js';
import { borrowClient, managerOf, PARTITIONED, type Database, type Tx } from '../../platform/db/index.js';
import { rowSql, staysSql, takesAll, type DayCut } from './due-rules.js';
import { Params } from './params.js';
import { forgetCounts } from './partition-counts.store.js';
import type { PurgeTarget } from './purge-targets.js';
import { limit, type Query } from './query.store.js';

/** One day's partition; `gone` is its name once it is out of the table, `next` that of its replacement before it is in. */
export interface DayPartition { readonly target: PurgeTarget; readonly table: string; readonly key: string; readonly name: string; readonly gone: string; readonly next: string; readonly low: string; readonly high: string }

export function dayPartition(target: PurgeTarget, name: string, day: Date): DayPartition {
  const { table } = target;
  return { target, table, key: PARTITIONED[table]!, name, gone: `${name}_gone`, next: `${name}_next`, low: idLowerBound(day), high: idLowerBound(new Date(day.getTime() + 86_400_000)) };
}

/** Where the partition is: attached; on its way out (a DETACH CONCURRENTLY that was cut off); a plain table; or nowhere. */
export type Place = 'attached' | 'pending' | 'detached' | 'absent';

export async function readPlace(query: Query, table: string, name: string): Promise<Place> {
  const [row] = await query<{ place: Place }>(`SELECT CASE WHEN i.inhrelid IS NULL THEN 'detached' WHEN i.inhdetachpending THEN 'pending' ELSE 'attached' END AS place
    FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND i.inhparent = $1::regclass WHERE c.oid = to_regclass($2)`, [table, name]);
  return row?.place ?? 'absent';
}

/**
 * Whether the partition holds records that were not sealed when the run was planned and are not now. Reads it only where there are such
 * batches; what came since, which a day long over should never get, is found when its leaves are read.
 */
export async function hasUnsealed(query: Query, name: string, plannedAt: Date): Promise<boolean> {
  const unsealed = 'FROM ledger_batches WHERE first_leaf IS NULL AND at <= $1';
  const [row] = await query<{ found: boolean }>(`SELECT CASE WHEN EXISTS (SELECT 1 ${unsealed}) THEN EXISTS (SELECT 1 FROM ${name} WHERE batch_id IN (SELECT batch_id ${unsealed})) ELSE false END AS found`, [plannedAt]);
  return row!.found;
}

/**
 * Takes the partition out without stopping readers or writers of the table. Needs no transaction around it, and may be cut off: then
 * the partition is `pending`, and this has to be called again. A reader that stays longer than the time-out makes it throw.
 */
export async function detachConcurrently(database: Database, part: Pick<DayPartition, 'table' | 'name'>, place: 'attached' | 'pending'): Promise<void> {
  await borrowClient(database.pool, async (client) => {
    await client.query("SET lock_timeout = '5s'; SET statement_timeout = '60s'");
    await client.query(`ALTER TABLE ${part.table} DETACH PARTITION ${part.name} ${place === 'pending' ? 'FINALIZE' : 'CONCURRENTLY'}`);
    await client.query('RESET lock_timeout; RESET statement_timeout');
  });
}

/** Partitions of the table that a cut-off DETACH CONCURRENTLY left on their way out; nothing else can be detached before they are. */
export async function readPending(query: Query, table: string): Promise<string[]> {
  return (await query<{ name: string }>('SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = $1::regclass AND i.inhdetachpending', [table])).map((row) => row.name);
}

/** Renames the detached partition, so that its name is free for a replacement and its state can be seen. */
export async function markGone(tx: Tx, part: DayPartition): Promise<void> {
  await managerOf(tx).query(`ALTER TABLE ${part.name} RENAME TO ${part.gone}`);
}

/** Makes the replacement and copies what stays into it. Repeatable: what an earlier attempt left behind is thrown away. */
export async function buildReplacement(tx: Tx, part: DayPartition, from: string, cut: DayCut): Promise<void> {
  const manager = managerOf(tx);
  await manager.query(`DROP TABLE IF EXISTS ${part.next}`);
  // Indexes and the CHECK are made now, on a table nobody waits for; ATTACH then adopts the ones and needs no scan because of the other.
  await manager.query(`CREATE TABLE ${part.next} (LIKE ${part.table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES,
    CONSTRAINT bounds CHECK (${part.key} >= '${part.low}' AND ${part.key} < '${part.high}'))`);
  const { stays, values } = staysIn(part, cut);
  await manager.query(`INSERT INTO ${part.next} SELECT t.* FROM ${from} t WHERE ${stays}`, values);
}

/** How long inserts may wait behind the swap while it waits for its lock, and while it has it, ms: together below 250. */
const SWAP_WAIT_MS = 100, SWAP_MS = 120;

/**
 * Old partition out, replacement in, in one transaction: what stays is never out of sight. It needs the table for itself for a moment, in
 * which inserts wait behind it; so it gives up (55P03, 57014) after a wait and a work that are both short, and the caller tries again.
 */
export async function swapIn(tx: Tx, part: DayPartition): Promise<void> {
  const manager = managerOf(tx);
  // First what no insert needs: whoever reads the old partition is not waited for with the table locked.
  await limit(tx, { lockMs: 2_000, statementMs: 2_000 });
  await manager.query(`LOCK TABLE ONLY ${part.name}, ONLY ${part.next} IN ACCESS EXCLUSIVE MODE`);
  await limit(tx, { lockMs: SWAP_WAIT_MS, statementMs: SWAP_MS });
  await manager.query(`LOCK TABLE ONLY ${part.table} IN ACCESS EXCLUSIVE MODE`);
  // One statement, so that one time-out covers all of it.
  await manager.query(`DO $swap$ BEGIN
    ALTER TABLE ${part.table} DETACH PARTITION ${part.name};
    ALTER TABLE ${part.name} RENAME TO ${part.gone};
    ALTER TABLE ${part.next} RENAME TO ${part.name};
    ALTER TABLE ${part.table} ATTACH PARTITION ${part.name} FOR VALUES FROM ('${part.low}') TO ('${part.high}');
    ALTER TABLE ${part.name} DROP CONSTRAINT bounds;
  END $swap$`);
}

/** Since when the transaction has been open that has used the table longest, when that is more than a moment; undefined when none has. */
export async function readLongUser(query: Query, table: string): Promise<Date | undefined> {
  // Those of other database users hide when they began; what cannot be seen is tried, and given up after the wait.
  const [row] = await query<{ since: Date }>(`SELECT min(a.xact_start) AS since FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE l.locktype = 'relation' AND l.relation = $1::regclass AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND l.granted
      AND a.pid <> pg_backend_pid() AND a.xact_start < clock_timestamp() - make_interval(secs => $2) HAVING min(a.xact_start) IS NOT NULL`, [table, SWAP_WAIT_MS / 1000]);
  return row?.since;
}

/** Puts a detached partition back as it was. */
export async function reattach(tx: Tx, part: DayPartition): Promise<void> {
  await managerOf(tx).query(`ALTER TABLE ${part.name} ADD CONSTRAINT bounds CHECK (${part.key} >= '${part.low}' AND ${part.key} < '${part.high}')`);
  await managerOf(tx).query(`ALTER TABLE ${part.table} ATTACH PARTITION ${part.name} FOR VALUES FROM ('${part.low}') TO ('${part.high}')`);
  await managerOf(tx).query(`ALTER TABLE ${part.name} DROP CONSTRAINT bounds`);
}

/** Puts the replacement where nothing is. */
export async function attachReplacement(tx: Tx, part: DayPartition): Promise<void> {
  const manager = managerOf(tx);
  await manager.query(`ALTER TABLE ${part.next} RENAME TO ${part.name}`);
  await manager.query(`ALTER TABLE ${part.table} ATTACH PARTITION ${part.name} FOR VALUES FROM ('${part.low}') TO ('${part.high}')`);
  await manager.query(`ALTER TABLE ${part.name} DROP CONSTRAINT bounds`);
}

/** SQL for "row t of the old partition is not in the live one", true of all when there is no live one. */
export function onlyGone(part: DayPartition, live: boolean): string {
  return live ? `NOT EXISTS (SELECT 1 FROM ${part.name} l WHERE l.${part.key} = t.${part.key})` : 'true';
}

function staysIn(part: DayPartition, cut: DayCut): { readonly stays: string; readonly values: unknown[] } {
  const params = new Params();
  return { stays: staysSql(cut, part.target, params), values: params.values };
}

/** How many rows of the attached partition stay, and whether any goes. */
export async function countStaying(query: Query, part: DayPartition, cut: DayCut): Promise<{ staying: bigint; someGo: boolean }> {
  const { stays, values } = staysIn(part, cut), params = new Params();
  const [some] = await query<{ go: boolean }>(`SELECT EXISTS (SELECT 1 FROM ${part.name} t WHERE ${rowSql(cut, part.target, params).due}) AS go`, params.values);
  if (!some!.go || takesAll(cut)) return { staying: 0n, someGo: some!.go };
  const [row] = await query<{ n: string }>(`SELECT count(*) AS n FROM ${part.name} t WHERE ${stays}`, values);
  return { staying: BigInt(row!.n), someGo: true };
}

/** Whether a row that must stay is only in the old partition. */
export async function hasStranded(query: Query, part: DayPartition, cut: DayCut, live: boolean): Promise<boolean> {
  if (takesAll(cut)) return false;
  const { stays, values } = staysIn(part, cut);
  const rows = await query(`SELECT 1 FROM ${part.gone} t WHERE ${stays} AND ${onlyGone(part, live)} LIMIT 1`, values);
  return rows.length > 0;
}

/** Copies rows that must stay from the old partition into the live one. */
export async function rescueInto(tx: Tx, part: DayPartition, cut: DayCut): Promise<void> {
  const { stays, values } = staysIn(part, cut);
  await managerOf(tx).query(`INSERT INTO ${part.name} SELECT t.* FROM ${part.gone} t WHERE ${stays} AND ${onlyGone(part, true)}`, values);
}

/** Destroys the old partition; answers the bytes it took on disk. */
export async function dropGone(tx: Tx, part: DayPartition): Promise<bigint> {
  const [row] = await managerOf(tx).query('SELECT pg_total_relation_size($1::regclass) AS bytes', [part.gone]) as { bytes: string }[];
  await forgetCounts(tx, part.gone);
  await managerOf(tx).query(`DROP TABLE ${part.gone}`);
  return BigInt(row!.bytes);
}

// Expired rows are hidden from reads at once, before a run removes them: views ask here where to stop.
import type { Clock } from '../../kernel/clock.js';
import type { DataType } from '../../kernel/data-types.js';
import { cutOffFor, cutOffsAt, type CutOffs } from './cut-off-rules.js';
import { readFacts } from './facts.view.js';
import { clockBound, PURGE_TARGETS } from './purge-targets.js';
import type { Query } from './query.store.js';

const FRESH_MS = 5_000;

export interface ReadCutOffs {
  /** The cut-off of one item, of an account, else of all; null when nothing expires. */
  readCutOff(dataType: DataType, accountId?: string, itemId?: string): Promise<Date | null>;
  /**
   * SQL for "the row may be shown", by the clock of each row; `alias` is how the statement calls the table and `add` takes a parameter.
   * Undefined for tables that no data type's purge removes whole rows of.
   */
  shownSql(table: string, alias: string, add: (value: unknown) => string): Promise<string | undefined>;
}

/** Facts are read again after five seconds, so a policy that was just published hides (or shows) rows within that time. */
export function createReadCutOffs(query: Query, clock: Clock, timeZone: string): ReadCutOffs {
  const kept = new Map<DataType, { readonly at: number; readonly cutOffs: Promise<CutOffs> }>();
  const cutOffsOf = (dataType: DataType): Promise<CutOffs> => {
    const now = clock.now();
    let entry = kept.get(dataType);
    if (!entry || Math.abs(now.getTime() - entry.at) > FRESH_MS) {
      const cutOffs = readFacts(query, dataType, timeZone, now).then((facts) => cutOffsAt(dataType, facts, facts.accounts, now, facts.items));
      cutOffs.catch(() => kept.delete(dataType));
      kept.set(dataType, entry = { at: now.getTime(), cutOffs });
    }
    return entry.cutOffs;
  };
  return {
    readCutOff: async (dataType, accountId, itemId) => cutOffFor(await cutOffsOf(dataType), accountId ?? null, itemId),
    shownSql: async (table, alias, add) => {
      const found = Object.entries(PURGE_TARGETS).flatMap(([dataType, targets]) => targets.filter((one) => one.table === table && !one.erase && one.clockType !== 'timestamptz').map((target) => ({ dataType: dataType as DataType, target })))[0];
      if (!found) return undefined;
      const { target } = found, { standard, accounts, items } = await cutOffsOf(found.dataType);
      const bound = (at: Date | null): string => clockBound(target, at, timeZone), own = (sql: string): string => sql.replaceAll(/\bt\./g, alias === '' ? '' : `${alias}.`);
      const named = (pairs: Iterable<readonly [string, string]>): string => add(JSON.stringify(Object.fromEntries(pairs)));
      const byItem = items.size > 0 && target.item ? `${named([...items].map(([id, { at }]) => [id, bound(at)] as const))}::jsonb ->> ${own(target.item)}::text, ` : '';
      const byAccount = accounts.size > 0 ? `${named([...accounts].map(([id, at]) => [id, bound(at)] as const))}::jsonb ->> ${own('t.account_id')}, ` : '';
      const all = [bound(standard), ...[...accounts.values()].map(bound), ...[...items.values()].map((item) => bound(item.at))].sort();
      // The least of all bounds lets the planner leave out older partitions.
      return `(${own(target.clock)} >= '${all[0]!}' AND ${own(target.clock)} >= coalesce(${byItem}${byAccount}${add(bound(standard))})::${target.clockType})`;
    },
  };
}

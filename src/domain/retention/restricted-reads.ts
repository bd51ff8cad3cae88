// What is restricted is hidden from ordinary reading at once; an officer who names compliance retention as the purpose sees it.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../../kernel/clock.js';
import type { DataType } from '../../kernel/data-types.js';
import { readInForce, type InForce } from './erase.view.js';
import { PURGE_TARGETS } from './purge-targets.js';
import type { Query } from './query.store.js';

const FRESH_MS = 2_000;
const officer = new AsyncLocalStorage<true>();

export interface RestrictedReads {
  /** Whether the item is in restricted storage and must not be shown; false inside `withRestricted`. */
  isRestricted(dataType: DataType, item: { readonly accountId: string | null; readonly at: Date; readonly itemId?: string | undefined }): Promise<boolean>;
  /** Reads inside see what is restricted. The caller has checked that an officer reads, for the purpose of compliance retention. */
  withRestricted<T>(work: () => Promise<T>): Promise<T>;
  /** SQL for "the row is not restricted"; undefined when nothing of the table is, or restricted rows are to be seen. */
  unrestrictedSql(table: string, alias: string, add: (value: unknown) => string): Promise<string | undefined>;
}

/** Restrictions are read again after two seconds, by every process. */
export function createRestrictedReads(query: Query, clock: Clock): RestrictedReads {
  let kept: { readonly at: number; readonly rows: Promise<InForce[]> } | undefined;
  const inForce = async (dataType: DataType): Promise<InForce[]> => {
    const now = clock.now().getTime();
    if (!kept || Math.abs(now - kept.at) > FRESH_MS) {
      const rows = readInForce(query);
      rows.catch(() => { kept = undefined; });
      kept = { at: now, rows };
    }
    return (await kept.rows).filter((one) => one.dataType === dataType);
  };
  return {
    withRestricted: (work) => officer.run(true, work),
    isRestricted: async (dataType, { accountId, at, itemId }) => {
      if (officer.getStore() || accountId === null) return false;
      const own = (await inForce(dataType)).filter((one) => one.accountId === accountId);
      if (own.some((one) => !one.byItems && (one.before === null || at < one.before))) return true;
      if (itemId === undefined || !own.some((one) => one.byItems)) return false;
      return (await query('SELECT 1 FROM restricted_items WHERE data_type = $1 AND item_id = $2 LIMIT 1', [dataType, itemId])).length > 0;
    },
    unrestrictedSql: async (table, alias, add) => {
      if (officer.getStore()) return undefined;
      const found = Object.entries(PURGE_TARGETS).flatMap(([type, targets]) => targets.filter((one) => one.table === table && !one.erase && table !== 'api_keys').map((target) => ({ dataType: type as DataType, target })))[0];
      if (!found) return undefined;
      const rows = await inForce(found.dataType), own = (sql: string): string => sql.replaceAll(/\bt\./g, alias === '' ? '' : `${alias}.`), whole = rows.filter((one) => !one.byItems && one.before === null).map((one) => one.accountId);
      const parts = [
        whole.length > 0 ? `NOT coalesce(${own('t.account_id')} = ANY(${add(whole)}::text[]), false)` : undefined,
        ...rows.filter((one) => !one.byItems && one.before !== null).map((one) => `NOT coalesce(${own('t.account_id')} = ${add(one.accountId)} AND ${own(found.target.time)} < ${add(one.before)}::timestamptz, false)`),
        rows.some((one) => one.byItems) && found.target.item ? `NOT EXISTS (SELECT 1 FROM restricted_items hidden WHERE hidden.data_type = '${found.dataType}' AND hidden.item_id = ${own(found.target.item)})` : undefined,
      ].filter((part) => part !== undefined);
      return parts.length === 0 ? undefined : `(${parts.join(' AND ')})`;
    },
  };
}

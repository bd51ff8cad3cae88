// What a purge of a data type touches: every table of the type, with its clock. A test compares with kernel/data-types.
import type { DataType } from '../../kernel/data-types.js';
import { idLowerBound } from '../../kernel/ids.js';
import { addPeriod, dayOf, startOfDay } from '../../kernel/period.js';

/** How holds that are narrower than an account find rows; SQL about the row `t`, given the parameter with the ids. Null: the rows know no such thing. */
export interface TargetScope {
  readonly byKeys: ((ids: string) => string) | null;
  readonly byRequests: ((ids: string) => string) | null;
  /** The row's own time: `id` for that in its UUIDv7 key, else a column. */
  readonly time: string | null;
}

/** A table as a purge sees it. SQL fragments speak of the row as `t`. */
export interface PurgeTarget {
  readonly table: string;
  readonly key: string;
  /** When the row's clock started, as something that can be compared; null while its event has not happened. */
  readonly clock: string;
  readonly clockType: 'uuid' | 'text' | 'timestamptz';
  /** The time a person would give the row. */
  readonly time: string;
  /** In daily partitions, and its rows are ledger records. */
  readonly partitioned: boolean;
  /** The uuid by which a policy of single items, or an erasure of single calls, names the row; null where rows have no such id. Content has no such policies: its grant decides. */
  readonly item: string | null;
  readonly scope: TargetScope;
  /** Set where the row must stay for others and only what it says is removed. */
  readonly erase?: string;
}

const ownKey = (ids: string): string => `t.key_id = ANY(${ids})`, ownRequest = (ids: string): string => `t.request_id = ANY(${ids})`;
const daily = (table: string, key: string, item: string, scope: Omit<TargetScope, 'time'>): PurgeTarget =>
  ({ table, key, clock: `t.${key}`, clockType: 'uuid', time: 't.at', partitioned: true, item, scope: { ...scope, time: 'id' } });

const content = (table: string): PurgeTarget => ({ table, key: 'request_id', clock: 't.expires_at', clockType: 'timestamptz', time: 't.at', partitioned: false,
  item: 't.request_id', scope: { byKeys: ownKey, byRequests: ownRequest, time: 'id' } });

const fiscal = (table: string, key: string, time: string): PurgeTarget =>
  ({ table, key, clock: 't.fiscal_year_end', clockType: 'text', time, partitioned: false, item: `t.${key}`, scope: { byKeys: null, byRequests: null, time } });

export const PURGE_TARGETS: Record<DataType, readonly PurgeTarget[]> = {
  account_information: [
    { table: 'api_keys', key: 'key_id', clockType: 'timestamptz', time: 't.created_at', partitioned: false, item: null,
      clock: "(SELECT a.closed_at FROM accounts a WHERE a.account_id = t.account_id AND a.status = 'closed')",
      scope: { byKeys: ownKey, byRequests: (ids) => `EXISTS (SELECT 1 FROM calls c WHERE c.request_id = ANY(${ids}) AND c.key_id = t.key_id)`, time: null } },
    // The row stays as a tombstone: its id stands in calls that live longer, and must never become someone else's.
    { table: 'accounts', key: 'account_id', clockType: 'timestamptz', time: 't.closed_at', partitioned: false, item: null,
      clock: "CASE WHEN t.status = 'closed' AND t.erased_at IS NULL THEN t.closed_at END",
      // Whose key or call is held: a held call whose customer nobody knows any more would be worth little.
      scope: { byKeys: (ids) => `EXISTS (SELECT 1 FROM api_keys k WHERE k.key_id = ANY(${ids}) AND k.account_id = t.account_id)`,
        byRequests: (ids) => `EXISTS (SELECT 1 FROM calls c WHERE c.request_id = ANY(${ids}) AND c.account_id = t.account_id)`, time: null },
      erase: "name = '[erased]', contact = '[erased]', requests_per_minute = NULL, tokens_per_minute = NULL" },
  ],
  api_call_metadata: [daily('calls', 'request_id', 't.request_id', { byKeys: ownKey, byRequests: ownRequest })],
  // Their clock is the end of their grant's time: a piece is due when that has come, whatever the policy of the type says.
  input_content: [content('vault.inputs')],
  output_content: [content('vault.outputs')],
  // Printed pages first: a sheet without its document would be worth nothing, a document without its sheet can be printed again.
  payment_records: [fiscal('invoice_pages', 'invoice_id', 't.issued_at'), fiscal('invoices', 'invoice_id', 't.issued_at'), fiscal('payments', 'payment_id', 't.paid_at')],
  security_logs: [daily('security_events', 'event_id', 't.event_id', { byKeys: ownKey, byRequests: null })],
  // Outcomes bear the id of their transfer, so both go by the day of the transfer. They go first: a held key is known from the transfer.
  third_party_call_records: [
    daily('transfer_outcomes', 'transfer_id', 't.request_id', { byKeys: (ids) => `EXISTS (SELECT 1 FROM transfers x WHERE x.transfer_id = t.transfer_id AND x.key_id = ANY(${ids}))`, byRequests: ownRequest }),
    daily('transfers', 'transfer_id', 't.request_id', { byKeys: ownKey, byRequests: ownRequest }),
  ],
};

/** The value the clock of an expired row is below; null (nothing expires) becomes a value that nothing is below. */
export function clockBound(target: PurgeTarget, cutOff: Date | null, timeZone: string): string {
  if (target.clockType === 'uuid') return cutOff ? idLowerBound(cutOff) : '00000000-0000-0000-0000-000000000000';
  if (target.clockType === 'timestamptz') return cutOff ? cutOff.toISOString() : '-infinity';
  // The clock of a fiscal year starts at the end of its last day: that day must lie wholly before the cut-off.
  return cutOff ? dayOf(new Date(cutOff.getTime() - 1), timeZone) : '';
}

/** The instant a clock value of the target stands for. */
export function clockInstant(target: PurgeTarget, clock: Date | string, timeZone: string): Date {
  return target.clockType === 'text' ? addPeriod(startOfDay(String(clock), timeZone), 'P1D', timeZone) : new Date(clock);
}

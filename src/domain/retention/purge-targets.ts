// What a purge of a data type touches: every table of the type, with its clock. A test compares with kernel/data-types.
import type { DataType } from '../../kernel/data-types.js';
import { idLowerBound } from '../../kernel/ids.js';
import { addPeriod, dayOf, startOfDay } from '../../kernel/period.js';

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
  /** Set where the row must stay for others and only what it says is removed. */
  readonly erase?: string;
}

const daily = (table: string, key: string): PurgeTarget => ({ table, key, clock: `t.${key}`, clockType: 'uuid', time: 't.at', partitioned: true });

export const PURGE_TARGETS: Record<DataType, readonly PurgeTarget[]> = {
  account_information: [
    { table: 'api_keys', key: 'key_id', clockType: 'timestamptz', time: 't.created_at', partitioned: false,
      clock: "(SELECT a.closed_at FROM accounts a WHERE a.account_id = t.account_id AND a.status = 'closed')" },
    // The row stays as a tombstone: its id stands in calls that live longer, and must never become someone else's.
    { table: 'accounts', key: 'account_id', clockType: 'timestamptz', time: 't.closed_at', partitioned: false,
      clock: "CASE WHEN t.status = 'closed' AND t.erased_at IS NULL THEN t.closed_at END",
      erase: "name = '[erased]', contact = '[erased]', requests_per_minute = NULL, tokens_per_minute = NULL" },
  ],
  api_call_metadata: [daily('calls', 'request_id')],
  input_content: [],
  output_content: [],
  payment_records: [{ table: 'payments', key: 'payment_id', clock: 't.fiscal_year_end', clockType: 'text', time: 't.paid_at', partitioned: false }],
  security_logs: [daily('security_events', 'event_id')],
  // Outcomes bear the id of their transfer, so both go by the day of the transfer.
  third_party_call_records: [daily('transfer_outcomes', 'transfer_id'), daily('transfers', 'transfer_id')],
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

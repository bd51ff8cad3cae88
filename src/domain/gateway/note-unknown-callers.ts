// Calls without a known credential are recorded too, but whoever has no account must not be able to fill our tables.
import type { Clock } from '../../kernel/clock.js';
import { mintId } from '../../kernel/ids.js';
import type { LedgerRecord } from '../ledger/index.js';

/** So many a minute are recorded one by one; of the rest only how many there were. */
export const UNKNOWN_RECORDED_PER_MINUTE = 120;
const MINUTE_MS = 60_000;

export interface UnknownCallers {
  /** What to write for one more such call: its own records while the budget lasts, else nothing; first of all the count of those left out before. */
  recordsFor(own: () => LedgerRecord[]): LedgerRecord[];
  /** The count of those left out so far, for the end. */
  rest(): LedgerRecord[];
}

export function createUnknownCallers(clock: Clock): UnknownCallers {
  let since = 0, recorded = 0, leftOut = 0;
  const rest = (): LedgerRecord[] => {
    if (leftOut === 0) return [];
    const at = clock.now(), count = leftOut;
    leftOut = 0;
    return [{ table: 'security_events', row: { event_id: mintId(at), at, kind: 'key.unknown_flood', severity: 'high', account_id: null, key_id: null, operator_id: null, address: null,
      detail: { calls_not_recorded_one_by_one: count, since: new Date(since).toISOString() } } }];
  };
  return {
    recordsFor: (own) => {
      const now = clock.now().getTime();
      let before: LedgerRecord[] = [];
      if (now - since >= MINUTE_MS) { before = rest(); since = now; recorded = 0; }
      if (recorded >= UNKNOWN_RECORDED_PER_MINUTE) { leftOut += 1; return before; }
      recorded += 1;
      return [...before, ...own()];
    },
    rest,
  };
}

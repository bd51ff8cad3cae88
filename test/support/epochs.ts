// Gateway epochs for the tests of completeness: real openings and ends on record, and calls with real numbers at times the test chooses.
import type { App } from '../../src/app.js';
import { openEpoch, type Epoch } from '../../src/domain/gateway/run-epoch.js';
import type { LedgerRecord } from '../../src/domain/ledger/index.js';
import type { Clock } from '../../src/kernel/clock.js';
import { aCall, aTransfer } from '../fixtures/calls.js';

/** A clock the test sets. */
export class SetClock implements Clock {
  constructor(public time: Date) {}
  now(): Date { return new Date(this.time); }
  set(time: string | Date): this { this.time = new Date(time); return this; }
}

export type Numbered = ReturnType<typeof aCall>;

/** Opens an epoch at the clock's time. */
export function anEpoch(app: App, clock: Clock): Promise<Epoch> {
  return openEpoch({ clock, act: app.act, bookkeeping: app.bookkeeping, append: app.ledger.append, log: app.log, spools: false });
}

/** Calls of `account` in the epoch that began at these times, each with its next number; written with a transfer each. */
export async function callsAt(app: App, epoch: Epoch, times: readonly string[], account = 'acme'): Promise<Numbered[]> {
  const calls = times.map((time) => aCall(new Date(time), { account_id: account, epoch_id: epoch.epochId, account_seq: BigInt(epoch.next(account)) }));
  const records: LedgerRecord[] = calls.flatMap((call) => [call, aTransfer(call)]);
  if (records.length > 0) await app.ledger.createRecorder('test').write(records);
  return calls;
}

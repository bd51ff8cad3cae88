// The charge of a call. What cannot be worked out must not cost the record: it then says what was used and that nothing was charged, and
// the operators are told.
import { coerceError } from '../../kernel/errors.js';
import { mintId } from '../../kernel/ids.js';
import { costOf, type Price, type Usage } from '../billing/index.js';
import type { LedgerRecord } from '../ledger/index.js';
import type { OpenCall } from './open-call.js';

export interface Charge { readonly costMicros: bigint; /** Undefined: nothing was charged. */ readonly price: Price | undefined; /** Why the price could not be applied. */ readonly failed: string | undefined }

/** The largest amount a record holds. */
const MOST_MICROS = 2n ** 63n - 1n;

export function chargeCall(price: Price | undefined, usage: Usage): Charge {
  if (!price) return { costMicros: 0n, price, failed: undefined };
  try {
    const costMicros = costOf(price, usage);
    return costMicros <= MOST_MICROS ? { costMicros, price, failed: undefined } : { costMicros: 0n, price: undefined, failed: 'the charge is larger than a record holds' };
  } catch (error) { return { costMicros: 0n, price: undefined, failed: coerceError(error).message }; }
}

/** Tells of a call on record that was not charged although a price was in force. */
export function unchargedRecord(call: OpenCall, price: Price, cause: string, at: Date): LedgerRecord {
  return { table: 'security_events', row: { event_id: mintId(at), at, kind: 'call.not_charged', severity: 'high', account_id: call.caller!.account.accountId, key_id: call.caller!.key.keyId, operator_id: null, address: null,
    detail: { request_id: call.requestId, price_id: price.priceId, cause } } };
}

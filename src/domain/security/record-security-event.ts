import type { Json } from '../../kernel/canonical-json.js';
import type { Clock } from '../../kernel/clock.js';
import { mintId } from '../../kernel/ids.js';
import type { Recorder } from '../ledger/index.js';

export interface SecurityEvent {
  /** Dotted: "login.failed", "key.unknown", "access.denied". */
  readonly kind: string;
  readonly severity: 'info' | 'warning' | 'high';
  readonly accountId?: string;
  readonly keyId?: string;
  readonly operatorId?: string;
  /** The peer's address as the door saw it. */
  readonly address?: string;
  /** Small facts; never a secret and never content. */
  readonly detail?: Json;
}

/** Durable when it resolves; rejects with `records_unavailable`. */
export type RecordSecurityEvent = (event: SecurityEvent) => Promise<void>;

export function createRecordSecurityEvent(deps: { clock: Clock; recorder: Pick<Recorder, 'write'> }): RecordSecurityEvent {
  return async (event) => {
    const at = deps.clock.now();
    await deps.recorder.write([{ table: 'security_events', row: {
      event_id: mintId(at), at, kind: event.kind, severity: event.severity, account_id: event.accountId ?? null, key_id: event.keyId ?? null,
      operator_id: event.operatorId ?? null, address: event.address ?? null, detail: event.detail ?? null,
    } }]);
  };
}

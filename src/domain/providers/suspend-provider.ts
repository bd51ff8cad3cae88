// A suspended provider gets no calls, on every gateway within a second; its records, terms and routes stay.
import { checkReason } from '../../kernel/field-rules.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { findProviderRow, lockProvider, setProviderStatus, type ProviderRow } from './provider.store.js';

export interface ProviderSuspension {
  /** Refusals: forbidden, invalid_request (reason), not_found. `changed: false` when it was suspended before. */
  suspendProvider(tx: Tx, providerId: string, reason: string): Promise<{ changed: boolean } | Refusal>;
  resumeProvider(tx: Tx, providerId: string, reason: string): Promise<{ changed: boolean } | Refusal>;
}

export function createProviderSuspension(append: AppendRecord): ProviderSuspension {
  const toStatus = (status: ProviderRow['status'], action: string) => async (tx: Tx, providerId: string, reason: string) => {
    const refusal = forbid(tx.actor, 'providers.write') ?? checkReason(reason);
    if (refusal) return refusal;
    const found = await findProviderRow(tx, providerId);
    if (!found) return refuse('not_found', `there is no provider ${providerId}`, 'providerId');
    if (found.status === status) return { changed: false };
    const before = await lockProvider(tx, providerId);
    await setProviderStatus(tx, providerId, status);
    await append(tx, { action, subjectKind: 'provider', subjectId: providerId, reason, before: { status: before.status }, after: { status } });
    return { changed: true };
  };
  return { suspendProvider: toStatus('suspended', 'provider.suspend'), resumeProvider: toStatus('active', 'provider.resume') };
}

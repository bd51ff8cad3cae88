// Asks for a pack about one call. The row is the order, its ledger record is the first line of the custody log.
import { PURPOSES } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { mintId, type Uuid } from '../../kernel/ids.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import { cleanText } from '../../kernel/text.js';
import type { Tx } from '../../platform/db/index.js';
import type { Gateway } from '../gateway/index.js';
import type { AppendRecord } from '../ledger/index.js';
import type { Retention } from '../retention/index.js';
import { forbid } from '../security/index.js';
import { PACK_LANGUAGES, type PackRequest } from './pack.js';
import { insertPack } from './pack.store.js';

export interface RequestPackDeps {
  readonly clock: Clock; readonly append: AppendRecord; readonly gateway: Pick<Gateway, 'findCall' | 'findOpenCall'>; readonly retention: Pick<Retention, 'readCutOff'>;
  /** Starts the job; called after the commit. */
  readonly enqueue: (packId: Uuid) => Promise<void>;
}

/** Binds the use case; answers the new pack's id. Refusals: forbidden, purpose_required, invalid_request, not_found. */
export function createRequestPack(deps: RequestPackDeps): (tx: Tx, request: PackRequest) => Promise<Uuid | Refusal> {
  return async (tx, request) => {
    const no = forbid(tx.actor, 'evidence.create');
    if (no) return no;
    if (!PURPOSES.includes(request.purpose)) return refuse('purpose_required', `name one of the published purposes: ${PURPOSES.join(', ')}`, 'purpose');
    if (!PACK_LANGUAGES.includes(request.language)) return refuse('invalid_request', `the language is one of ${PACK_LANGUAGES.join(', ')}`, 'language');
    const story = await deps.gateway.findCall(request.requestId);
    const call = story?.call;
    // What is past its retention is hidden from every reading at once, packs included.
    const cutOff = call && await deps.retention.readCutOff('api_call_metadata', call.account_id ?? undefined);
    if (!call && await deps.gateway.findOpenCall(request.requestId)) return refuse('conflict', 'the call is still under way or being closed; ask again when it has ended', 'requestId');
    if (!call || (cutOff && call.at < cutOff)) return refuse('not_found', `no call ${cleanText(request.requestId, 80)}; give the x-request-id of its answer, or the provider's or client's id`, 'requestId');
    const at = deps.clock.now();
    const packId = mintId(at);
    const reason = cleanText(request.reason?.trim(), 500) || null;
    await insertPack(tx, { packId, kind: 'dispute', requestId: call.request_id, accountId: call.account_id, purpose: request.purpose, reason, language: request.language, requestedBy: tx.actor.name, requestedAt: at });
    await deps.append(tx, { action: 'pack.request', subjectKind: 'pack', subjectId: packId, purpose: request.purpose, ...(reason === null ? {} : { reason }),
      after: { kind: 'dispute', request_id: call.request_id, account_id: call.account_id, language: request.language } });
    tx.onCommit(() => deps.enqueue(packId));
    return packId;
  };
}

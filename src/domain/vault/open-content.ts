// Opens kept content for a person: with a purpose the grant allows, with a reason, and on record before anybody sees it.
import type { Purpose } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { checkReason } from '../../kernel/field-rules.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { KeyProvider } from '../../platform/crypto/key-provider.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid, type Security } from '../security/index.js';
import { openingApproved } from './break-glass.js';
import { CONTENT_SIDES, OPENING_PURPOSES, type ContentSide } from './content-rules.js';
import { findContent } from './content.store.js';
import { openContent } from './envelope.js';
import { findGrant } from './grant.store.js';

export interface OpeningInput {
  readonly requestId: string;
  readonly side: ContentSide;
  readonly purpose: Purpose;
  readonly reason: string;
  /** The case it is opened for, when there is one. */
  readonly caseRef?: string;
}

export interface OpenedContent { readonly bytes: Buffer; readonly contentType: string | null; readonly contentEncoding: string | null; readonly truncated: boolean; readonly grantId: string; readonly expiresAt: Date }

/**
 * Give what it answers to nobody before the transaction has committed: the record comes first. Refusals: forbidden, invalid_request,
 * four_eyes_required for a purpose the grant does not name and no second person has approved (see break-glass.ts),
 * not_found when nothing is kept or its time is over (a hold keeps it, and lets nobody read it), content_unreadable when its key is gone.
 */
export type OpenContent = (tx: Tx, input: OpeningInput) => Promise<OpenedContent | Refusal>;

export function createOpenContent(deps: { clock: Clock; append: AppendRecord; keys: KeyProvider; security: Pick<Security, 'approvals'> }): OpenContent {
  return async (tx, input) => {
    const refusal = forbid(tx.actor, 'content.open') ?? checkReason(input.reason);
    if (refusal) return refusal;
    if (tx.actor.kind !== 'operator' && tx.actor.kind !== 'cli') return refuse('forbidden', 'content is opened by a person, not by a program');
    if (!CONTENT_SIDES.includes(input.side)) return refuse('invalid_request', `must be one of ${CONTENT_SIDES.join(', ')}`, 'side');
    const row = await findContent(tx, input.side, input.requestId);
    const nothing = refuse('not_found', `no ${input.side} of this call is kept, or its time is over; content is kept only under a grant`);
    if (!row || row.expires_at <= deps.clock.now()) return nothing;
    const grant = await findGrant(tx, row.grant_id);
    if (!grant || grant.revokedAt) return nothing;
    const allowed = OPENING_PURPOSES[grant.kind], approval = allowed.includes(input.purpose) ? undefined : await openingApproved(deps, tx.actor.id, input);
    if (!allowed.includes(input.purpose) && !approval) return refuse('four_eyes_required', `content of a ${grant.kind} grant is opened for ${allowed.join(', ')}; for ${input.purpose} a second person has to approve it first`, 'purpose');
    const key = await deps.keys.findKey(row.key_name);
    if (!key) return refuse('content_unreadable', 'the key of this content was destroyed; nobody can open it any more');
    const bytes = openContent(key, { wrappedKey: row.wrapped_key, sealed: row.sealed }, { side: input.side, requestId: row.request_id, accountId: row.account_id, grantId: row.grant_id });
    await deps.append(tx, { action: 'content.open', subjectKind: 'call', subjectId: row.request_id, purpose: input.purpose, reason: input.reason,
      after: { side: input.side, account_id: row.account_id, grant_id: row.grant_id, grant_kind: grant.kind, approval_id: approval?.approvalId ?? null, case: input.caseRef ?? null, bytes: bytes.length, sealed_sha256: sha256Hex(row.sealed) } });
    return { bytes, contentType: row.content_type, contentEncoding: row.content_encoding, truncated: row.truncated, grantId: row.grant_id, expiresAt: row.expires_at };
  };
}

// Opening content for a purpose its grant does not name: only with a second person's word, for one piece, one asker and one hour.
import type { Json } from '../../kernel/canonical-json.js';
import type { Clock } from '../../kernel/clock.js';
import { checkReason } from '../../kernel/field-rules.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import { forbid, type Approval, type Security } from '../security/index.js';
import { findContent } from './content.store.js';
import type { OpeningInput } from './open-content.js';

export const BREAK_GLASS_ACTION = 'content.break_glass';
/** How long after the approval the piece may be opened, ms. */
export const BREAK_GLASS_MS = 3_600_000;

/** Asks a second person. Refusals: forbidden, invalid_request, not_found when nothing is kept or its time is over, conflict when something else is asked about the same piece. */
export type RequestOpening = (tx: Tx, input: OpeningInput) => Promise<{ approvalId: string } | Refusal>;

export function createRequestOpening(deps: { clock: Clock; security: Pick<Security, 'requestApproval'> }): RequestOpening {
  return async (tx, input) => {
    const refusal = forbid(tx.actor, 'content.open') ?? checkReason(input.reason);
    if (refusal) return refusal;
    const row = await findContent(tx, input.side, input.requestId);
    if (!row || row.expires_at <= deps.clock.now()) return refuse('not_found', `no ${input.side} of this call is kept, or its time is over`);
    const answer = await deps.security.requestApproval(tx, { action: BREAK_GLASS_ACTION, subjectKind: 'content', subjectId: subjectOf(input), reason: input.reason,
      proposal: proposalOf(input), preview: { account_id: row.account_id, grant_id: row.grant_id, bytes: row.content_bytes.toString(), expires_at: row.expires_at.toISOString() } });
    return isRefusal(answer) ? answer : { approvalId: answer.approvalId };
  };
}

/** The approval that lets this asker open this piece for this purpose now. */
export async function openingApproved(deps: { clock: Clock; security: Pick<Security, 'approvals'> }, actorId: string, input: OpeningInput): Promise<Approval | undefined> {
  const now = deps.clock.now().getTime();
  return (await deps.security.approvals({ state: 'approved', subjectId: subjectOf(input) })).find((one) => one.action === BREAK_GLASS_ACTION && one.requestedById === actorId
    && one.proposal['purpose'] === input.purpose && one.decidedAt !== null && one.decidedAt.getTime() <= now && now < one.decidedAt.getTime() + BREAK_GLASS_MS);
}

function subjectOf({ requestId, side }: OpeningInput): string { return `${requestId}/${side}`; }
function proposalOf({ requestId, side, purpose, caseRef }: OpeningInput): { readonly [name: string]: Json } { return { request_id: requestId, side, purpose, case: caseRef ?? null, for_minutes: BREAK_GLASS_MS / 60_000 }; }

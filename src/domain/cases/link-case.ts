// Names the account of a case, or links further calls to it, while it is open.
import type { Clock } from '../../kernel/clock.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import { cleanText } from '../../kernel/text.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { can, forbid } from '../security/index.js';
import { holdsAtOpen, type CaseHolds } from './case-holds.js';
import { insertCalls, inTx, setAccount } from './case.store.js';
import { readCase, readParts } from './case.view.js';
import { MACHINES } from './kinds.js';
import { lockVisible } from './move-case.js';
import { findConcerned, type OpenCaseDeps } from './open-case.js';

export interface LinkCaseInput { readonly accountId?: string; readonly requestIds?: readonly string[] }
export type LinkCase = (tx: Tx, caseId: string, input: LinkCaseInput) => Promise<{ changed: boolean; accountId: string | null } | Refusal>;

/** Binds the use case. An account is named once; the hold of the case follows. Refusals: not_found, forbidden, conflict, invalid_request. */
export function createLinkCase(deps: Pick<OpenCaseDeps, 'gateway' | 'retention' | 'billing' | 'append'> & { clock: Clock; append: AppendRecord; holds: CaseHolds }): LinkCase {
  return async (tx, caseId, input) => {
    // Read without a lock first: a lock is a write, and asking for what is so already writes nothing.
    const seen = await readCase(inTx(tx), caseId);
    if (!seen || !can(tx.actor, MACHINES[seen.kind].read)) return refuse('not_found', `there is no case ${cleanText(caseId, 60)}, or your role does not show it`);
    const machine = MACHINES[seen.kind], no = forbid(tx.actor, machine.open);
    if (no) return no;
    if (seen.accountId !== null && input.accountId !== undefined && input.accountId !== seen.accountId) return refuse('conflict', `case ${seen.number} concerns ${seen.accountId}; open another case for ${input.accountId}`, 'accountId');
    const concerned = await findConcerned(deps, { ...input, ...(seen.accountId === null ? {} : { accountId: seen.accountId }) });
    if (isRefusal(concerned)) return concerned;
    const { requestIds } = await readParts(inTx(tx), seen.caseId);
    if (concerned.accountId === seen.accountId && concerned.requestIds.every((id) => requestIds.includes(id))) return { changed: false, accountId: seen.accountId };
    const one = await lockVisible(tx, seen.caseId);
    if (isRefusal(one)) return one;
    if (one.endedAt) return refuse('conflict', `case ${one.number} ended as ${one.state}; open a new one`);
    if (one.accountId !== seen.accountId) return refuse('conflict', 'somebody changed the case at the same moment; look at it again');
    const now = deps.clock.now(), named = one.accountId === null && concerned.accountId !== null;
    await insertCalls(tx, one.caseId, concerned.requestIds, now);
    if (named) await setAccount(tx, one.caseId, concerned.accountId!);
    const hold = named && holdsAtOpen(machine, one.facts) ? await deps.holds.place(tx, { ...one, accountId: concerned.accountId }) : one.holdId;
    if (isRefusal(hold)) return hold;
    await deps.append(tx, { action: 'case.link', subjectKind: 'case', subjectId: one.caseId, purpose: machine.purpose, after: { number: one.number, account_id: concerned.accountId, request_ids: concerned.requestIds, hold_id: hold } });
    return { changed: true, accountId: concerned.accountId };
  };
}

// The hold of a case: placed when it opens or preserves, its release asked for when it ends.
import { systemActor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { addPeriod, dayOf } from '../../kernel/period.js';
import { isRefusal, type Refusal } from '../../kernel/result.js';
import type { Act, Tx } from '../../platform/db/index.js';
import type { Logger } from '../../platform/log/log.js';
import type { Retention } from '../retention/index.js';
import { can } from '../security/index.js';
import type { CaseRow } from './case.js';
import { lockCase, setHold, setReleaseAsked } from './case.store.js';
import { readHeldEnded, type Query } from './case.view.js';
import { matches } from './fact-rules.js';
import type { CaseMachine, Facts } from './machine.js';

/** Somebody looks again at a case's hold after this long at the latest. */
const REVIEW_AFTER = 'P6M';

export interface CaseHolds {
  /** Places the hold of the case, once, and tells retention of a dispute; answers its id, or null where there is no account to hold. */
  place(tx: Tx, one: Pick<CaseRow, 'caseId' | 'number' | 'kind' | 'accountId' | 'holdId' | 'facts'>): Promise<string | null | Refusal>;
  /** Tells retention that a dispute is over: the event of the clock dispute-closed. Other kinds are no dispute. */
  closeDispute(tx: Tx, one: Pick<CaseRow, 'kind' | 'number' | 'accountId'>): Promise<Refusal | undefined>;
  /** Asks for the release as whoever ended the case, if he may; otherwise the job asks. */
  askRelease(tx: Tx, one: Pick<CaseRow, 'caseId' | 'number' | 'holdId'>, state: string): Promise<boolean>;
  /** Asks for the releases nobody asked for; answers how many. */
  askDueReleases(): Promise<number>;
}

export function createCaseHolds(deps: { clock: Clock; timeZone: string; retention: Pick<Retention, 'placeHold' | 'releaseHold' | 'recordDispute'>; act: Act; query: Query; log: Logger }): CaseHolds {
  const askRelease = async (tx: Tx, one: Pick<CaseRow, 'caseId' | 'number' | 'holdId'>, state: string): Promise<boolean> => {
    if (!one.holdId || !can(tx.actor, 'holds.write')) return false;
    const asked = await deps.retention.releaseHold(tx, one.holdId, `case ${one.number} ended: ${state}`);
    if (isRefusal(asked)) return false;
    await setReleaseAsked(tx, one.caseId, deps.clock.now());
    return true;
  };
  return {
    askRelease,
    place: async (tx, one) => {
      if (!one.accountId || one.holdId) return one.holdId;
      const now = deps.clock.now();
      const placed = await deps.retention.placeHold(tx, { accountId: one.accountId, matter: one.number, requester: requesterOf(one.facts), basis: `${one.kind} ${one.number}`, reviewOn: dayOf(addPeriod(now, REVIEW_AFTER, deps.timeZone), deps.timeZone) });
      if (isRefusal(placed)) return placed;
      await setHold(tx, one.caseId, placed.holdId);
      const noted = one.kind === 'dispute' ? await deps.retention.recordDispute(tx, { accountId: one.accountId, reference: one.number, state: 'open' }) : undefined;
      if (isRefusal(noted)) return noted;
      return placed.holdId;
    },
    closeDispute: async (tx, one) => {
      const closed = one.kind === 'dispute' && one.accountId !== null ? await deps.retention.recordDispute(tx, { accountId: one.accountId, reference: one.number, state: 'closed' }) : undefined;
      return isRefusal(closed) ? closed : undefined;
    },
    askDueReleases: async () => {
      let asked = 0;
      for (const due of await readHeldEnded(deps.query)) {
        const done = await deps.act(systemActor('cases'), async (tx) => {
          const one = await lockCase(tx, due.caseId);
          return one && !one.releaseAskedAt ? askRelease(tx, one, one.state) : false;
        }).catch((error: unknown) => { deps.log.warn('the release of a hold could not be asked for', { case: due.number, error }); return false; });
        if (done) asked += 1;
      }
      return asked;
    },
  };
}

/** Whether opening places the hold. */
export function holdsAtOpen({ holdAtOpen }: CaseMachine, facts: Facts): boolean {
  return typeof holdAtOpen === 'boolean' ? holdAtOpen : !matches([holdAtOpen.unless], facts);
}

function requesterOf(facts: Facts): string {
  const named = facts['authority'] ?? facts['raised_by'];
  return typeof named === 'string' ? named.slice(0, 200) : 'the person concerned';
}

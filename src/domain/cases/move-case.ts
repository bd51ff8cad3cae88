// Makes one move: the rules decide, the effects happen, the clocks and the hold follow, and it is on the ledger, in one transaction.
import type { Json } from '../../kernel/canonical-json.js';
import type { Clock } from '../../kernel/clock.js';
import { isUuid, mintId } from '../../kernel/ids.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import { cleanText } from '../../kernel/text.js';
import type { Tx } from '../../platform/db/index.js';
import type { Billing } from '../billing/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { can } from '../security/index.js';
import type { CaseClocks } from './case-clocks.js';
import type { CaseHolds } from './case-holds.js';
import type { CaseRow, MovedCase, WholeCase } from './case.js';
import { insertMove, inTx, lockCase, updateCase } from './case.store.js';
import { readCase, readParts } from './case.view.js';
import type { Effect } from './machine.js';
import type { createEffects, Said } from './effects.js';
import { MACHINES } from './kinds.js';
import { decideMove, type CaseState } from './move-rules.js';
import { moverOf } from './mover.js';
import { digestOfFields } from './open-case.js';

export interface MoveCaseDeps {
  readonly clock: Clock; readonly timeZone: string; readonly append: AppendRecord; readonly holds: CaseHolds; readonly clocks: CaseClocks;
  readonly effects: ReturnType<typeof createEffects>; readonly billing: Pick<Billing, 'findAccount'>;
}
/** `caseId`: id or number. `expected`: the state the mover saw; another one is refused (`conflict`). */
export type MoveCase = (tx: Tx, caseId: string, move: string, fields: Readonly<Record<string, unknown>>, expected?: string) => Promise<MovedCase | Refusal>;

/** Binds the use case. Refusals: not_found (also what one may not see), forbidden, invalid_request, conflict, four_eyes_required, and those of effects. */
export function createMoveCase(deps: MoveCaseDeps): MoveCase {
  return async (tx, caseId, move, fields, expected) => {
    const one = await lockVisible(tx, caseId);
    if (isRefusal(one)) return one;
    if (expected !== undefined && expected !== one.state) return refuse('conflict', `the case has moved on to ${one.state} meanwhile; look at it again`);
    const machine = MACHINES[one.kind], parts = await readParts(inTx(tx), one.caseId), now = deps.clock.now(), mover = await moverOf(tx);
    const decided = decideMove(machine, await stateOf(deps, one, parts), move, fields, mover, now, deps.timeZone);
    if (isRefusal(decided)) return decided;
    const said = await runEffects(deps, tx, decided.rule.effects ?? [], { one, parts, facts: decided.facts, now });
    if (isRefusal(said)) return said;
    const ended = machine.ends.includes(decided.to);
    await updateCase(tx, one.caseId, { state: decided.to, facts: decided.facts, movedAt: now, endedAt: ended ? now : null });
    await deps.clocks.move(tx, { caseId: one.caseId, machine, rule: decided.rule, facts: decided.facts, clocks: parts.clocks, ended, now });
    const disputeClosed = ended ? await deps.holds.closeDispute(tx, one) : undefined;
    if (isRefusal(disputeClosed)) return disputeClosed;
    const asked = ended ? await deps.holds.askRelease(tx, one, decided.to) : false, effects: Said = { ...said, ...(asked ? { release_asked: true } : {}) };
    await insertMove(tx, one.caseId, { moveId: mintId(now), at: now, move, fromState: one.state, toState: decided.to, person: mover.person, actorName: tx.actor.name, fields: decided.given, effects });
    await deps.append(tx, { action: `case.${move}`, subjectKind: 'case', subjectId: one.caseId, purpose: machine.purpose, before: { state: one.state },
      after: { number: one.number, state: decided.to, person: mover.person, fields_sha256: digestOfFields(decided.given), effects: effects as Json } });
    return { caseId: one.caseId, number: one.number, state: decided.to, effects };
  };
}

/** The case under a lock; one the actor may not see is not there for him. */
export async function lockVisible(tx: Tx, idOrNumber: string): Promise<CaseRow | Refusal> {
  const found = isUuid(idOrNumber) ? idOrNumber : (await readCase(inTx(tx), idOrNumber))?.caseId;
  const one = found === undefined ? undefined : await lockCase(tx, found);
  return one && can(tx.actor, MACHINES[one.kind].read) ? one : refuse('not_found', `there is no case ${cleanText(idOrNumber, 60)}, or your role does not show it`);
}

/** What the rules need to know. */
export async function stateOf(deps: Pick<MoveCaseDeps, 'billing'>, one: CaseRow, parts: Omit<WholeCase, keyof CaseRow>): Promise<CaseState> {
  const account = one.accountId === null ? undefined : await deps.billing.findAccount(one.accountId);
  return {
    state: one.state, facts: one.facts, made: parts.moves.filter((move) => move.person !== null).map(({ move, person }) => ({ move, person: person! })),
    clocks: parts.clocks.map(({ name, dueAt, stoppedAt, extendedAt }) => ({ name, dueAt, stoppedAt, extended: extendedAt !== null })),
    hasAccount: one.accountId !== null, accountCountry: account?.jurisdiction ?? null, files: parts.files.filter((file) => file.destroyedAt === null).map((file) => file.role),
  };
}

async function runEffects(deps: MoveCaseDeps, tx: Tx, effects: readonly Effect[], input: Parameters<MoveCaseDeps['effects'][Effect]>[1]): Promise<Said | Refusal> {
  let all: Said = {};
  for (const effect of effects) {
    const said = await deps.effects[effect](tx, input);
    if (isRefusal(said)) return said;
    all = { ...all, ...said };
  }
  return all;
}

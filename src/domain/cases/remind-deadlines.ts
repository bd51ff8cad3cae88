// Takes note of clocks that turned amber, red or overdue, on the ledger once each, and mails a reminder where mail is configured.
import { systemActor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { coerceError } from '../../kernel/errors.js';
import type { Act } from '../../platform/db/index.js';
import type { Logger } from '../../platform/log/log.js';
import type { Mailer } from '../../platform/mail/mailer.js';
import type { AppendRecord } from '../ledger/index.js';
import { PERMISSIONS_OF, type Security } from '../security/index.js';
import { noteMailed, noteStage } from './case.store.js';
import { readPressing, type Query, type RunningClock } from './case.view.js';
import { STAGES, stageOf, type Stage } from './clock-rules.js';
import { MACHINES } from './kinds.js';
import { recipientsOf, reminderText, type Recipient } from './remind-rules.js';

export interface RemindDeps {
  readonly clock: Clock; readonly timeZone: string; readonly act: Act; readonly bookkeeping: Act; readonly append: AppendRecord; readonly query: Query; readonly log: Logger;
  readonly security: Pick<Security, 'operators'>; readonly mailer: (() => Mailer) | null;
  /** Address of the console, for the link. */
  readonly consoleUrl: string;
}
const BOT = systemActor('cases');

/** Safe to repeat and to run twice at once: a stage goes on the ledger once. A mail that failed is tried again at the next run. */
export function createRemindDeadlines(deps: RemindDeps): () => Promise<{ noted: number; mailed: number }> {
  return async () => {
    const now = deps.clock.now(), pressing = await readPressing(deps.query, now);
    let noted = 0, mailed = 0;
    for (const one of pressing) {
      const stage = stageOf(one, now);
      if (later(stage, one.stage) && await note(deps, one, stage)) noted += 1;
      if (deps.mailer && later(stage, one.mailedStage) && await mail(deps, deps.mailer(), one, stage)) mailed += 1;
    }
    return { noted, mailed };
  };
}

function later(stage: Stage, than: Stage): boolean { return STAGES.indexOf(stage) > STAGES.indexOf(than); }

function note(deps: RemindDeps, one: RunningClock, stage: Stage): Promise<boolean> {
  return deps.act(BOT, async (tx) => {
    if (!await noteStage(tx, one.clockId, one.stage, stage)) return false;
    await deps.append(tx, { action: `case.clock_${stage}`, subjectKind: 'case', subjectId: one.caseId, purpose: MACHINES[one.kind].purpose, before: { stage: one.stage }, after: { number: one.number, clock: one.name, stage, due_at: one.dueAt.toISOString() } });
    return true;
  });
}

async function mail(deps: RemindDeps, mailer: Mailer, one: RunningClock, stage: Stage): Promise<boolean> {
  const people: Recipient[] = (await deps.security.operators()).filter((operator) => operator.status === 'active')
    .map(({ operatorId, email, roles }) => ({ operatorId, email, may: (permission) => roles.some((role) => PERMISSIONS_OF[role].includes(permission)) }));
  const text = reminderText({ number: one.number, clock: one.name, stage, dueAt: one.dueAt, timeZone: deps.timeZone, link: `${deps.consoleUrl}/console/resources/${MACHINES[one.kind].kind}s/records/${one.caseId}/show` });
  try {
    for (const to of recipientsOf(one.kind, stage, one.ownerId, people)) await mailer.send({ to, ...text });
  } catch (error) {
    deps.log.warn('a reminder could not be mailed; it is tried again', { case: one.number, error: coerceError(error).message });
    return false;
  }
  await deps.bookkeeping(BOT, (tx) => noteMailed(tx, one.clockId, stage));
  return true;
}

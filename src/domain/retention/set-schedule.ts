// When purges run by themselves.
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import { isCron } from '../../platform/queue/cron.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import type { PurgeSchedule } from './purge.js';
import { inTx } from './query.store.js';
import { readSchedule, writeSchedule } from './schedule.store.js';

/** Binds the use case. The worker looks at the row and follows it. Refusals: forbidden, invalid_request. */
export function createSetSchedule(deps: { append: AppendRecord }): (tx: Tx, schedule: PurgeSchedule) => Promise<{ changed: boolean } | Refusal> {
  return async (tx, schedule) => {
    const no = forbid(tx.actor, 'retention.write');
    if (no) return no;
    if (!isCron(schedule.cron)) return refuse('invalid_request', `${schedule.cron} is not a cron expression of five fields, such as "30 3 * * *" for half past three every night`, 'cron');
    if (!isTimeZone(schedule.timeZone)) return refuse('invalid_request', `${schedule.timeZone} is not an IANA time zone, such as Asia/Shanghai`, 'timeZone');
    const before = await readSchedule(inTx(tx));
    if (before.cron === schedule.cron && before.timeZone === schedule.timeZone && before.paused === schedule.paused) return { changed: false };
    await writeSchedule(tx, schedule);
    await deps.append(tx, { action: 'schedule.set', subjectKind: 'purge_schedule', subjectId: 'purge', purpose: 'compliance_retention', before: { ...before }, after: { ...schedule } });
    return { changed: true };
  };
}

function isTimeZone(name: string): boolean {
  try { new Intl.DateTimeFormat('en', { timeZone: name }); return true; } catch { return false; }
}

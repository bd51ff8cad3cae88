// What about purges somebody has to be told, and in which words. Pure.
import type { DataType } from '../../kernel/data-types.js';
import type { PurgePreview, PurgeRun } from './purge.js';

/** failed: a run stopped and is tried again · stuck: it waits for somebody · overdue: rows are there a day after their time · held_overdue: a hold keeps rows past it, and its review day is over. */
export const ALERT_KINDS = ['failed', 'stuck', 'overdue', 'held_overdue'] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];
export interface PurgeAlert { readonly kind: AlertKind; readonly dataType: DataType; readonly text: string }

/** After this rows whose time is over should have gone: every purge hour is within a day. */
export const OVERDUE_MS = 86_400_000;

/** `reviewOverdue`: data types that a hold whose review day is over covers. */
export function alertsFrom(runs: readonly PurgeRun[], previews: readonly PurgePreview[], reviewOverdue: ReadonlySet<DataType>, now: Date): PurgeAlert[] {
  const failed = runs.filter((run) => run.state === 'failed').map(({ dataType, runId, failure, failures, retryAt }): PurgeAlert => (retryAt === null
    ? { kind: 'stuck', dataType, text: `run ${runId} of ${dataType} failed ${failures} times and waits for somebody: ${failure ?? ''}` }
    : { kind: 'failed', dataType, text: `run ${runId} of ${dataType} failed and is tried again at ${retryAt.toISOString()}: ${failure ?? ''}` }));
  const overdue = previews.filter(({ rowsDue, overdueSince }) => rowsDue > 0n && overdueSince !== null && now.getTime() - overdueSince.getTime() > OVERDUE_MS)
    .map(({ dataType, rowsDue, overdueSince }): PurgeAlert => ({ kind: 'overdue', dataType, text: `${rowsDue} rows of ${dataType} should have gone since ${overdueSince!.toISOString()}` }));
  const held = previews.filter(({ dataType, rowsHeld }) => rowsHeld > 0n && reviewOverdue.has(dataType))
    .map(({ dataType, rowsHeld }): PurgeAlert => ({ kind: 'held_overdue', dataType, text: `${rowsHeld} rows of ${dataType} are kept past their time by a hold whose review day is over` }));
  return [...failed, ...overdue, ...held];
}

const SUBJECTS: Readonly<Record<AlertKind, string>> = { failed: 'a purge failed', stuck: 'a purge waits for somebody', overdue: 'data is overdue', held_overdue: 'a hold is due for review' };

/** Names no customer. */
export function alertMail({ kind, dataType, text }: PurgeAlert, consoleUrl: string): { subject: string; text: string } {
  return { subject: `Retention: ${SUBJECTS[kind]} (${dataType})`, text: `${text}.\n\n${consoleUrl}/console/pages/purge\n` };
}

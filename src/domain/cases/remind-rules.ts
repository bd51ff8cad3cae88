// What a reminder says and to whom it goes: a number, what is due and a link, nothing of the case itself. Pure.
import type { Permission } from '../security/index.js';
import type { Stage } from './clock-rules.js';
import { MACHINES } from './kinds.js';
import type { CaseKind } from './machine.js';

export interface Recipient { readonly operatorId: string; readonly email: string; readonly may: (permission: Permission) => boolean }

/** Amber goes to the owner alone, where there is one who still may work on it; red and overdue to all who may. */
export function recipientsOf(kind: CaseKind, stage: Stage, ownerId: string | null, people: readonly Recipient[]): string[] {
  const able = people.filter((one) => one.may(MACHINES[kind].open)), owner = able.find((one) => one.operatorId === ownerId);
  return (stage === 'amber' && owner ? [owner] : able).map((one) => one.email);
}

const SAYS: Readonly<Record<Stage, string>> = { running: 'runs', amber: 'comes due', red: 'is nearly due', overdue: 'is overdue' };

export function reminderText(input: { number: string; clock: string; stage: Stage; dueAt: Date; timeZone: string; link: string }): { subject: string; text: string } {
  const due = dueText(input.dueAt, input.timeZone), clock = input.clock.replaceAll('_', ' ');
  return { subject: `Case ${input.number}: ${clock} ${SAYS[input.stage]}`, text: `Case ${input.number}: the clock "${clock}" ${SAYS[input.stage]}.\nDue: ${due} (${input.timeZone}).\n\n${input.link}\n` };
}

/** A deadline at midnight is the end of the day before, and is called so. */
export function dueText(dueAt: Date, timeZone: string): string {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'short' }).format(dueAt), day = (at: Date): string => new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'full' }).format(at);
  return time === '00:00' ? `end of ${day(new Date(dueAt.getTime() - 1))}` : `${day(dueAt)}, ${time}`;
}

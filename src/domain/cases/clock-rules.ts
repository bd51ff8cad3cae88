// When a clock of a case is due, amber and red, by the operator's calendar. Pure.
import { addPeriod, dayOf, isPeriod, startOfDay } from '../../kernel/period.js';
import { matches } from './fact-rules.js';
import type { ClockPreset, ClockRule, Facts, Span } from './machine.js';

export const STAGES = ['running', 'amber', 'red', 'overdue'] as const;
export type Stage = (typeof STAGES)[number];
export interface Deadline { readonly preset: string; readonly source: string; readonly amberAt: Date; readonly redAt: Date; readonly dueAt: Date; readonly extension: Span | null }
/** What an officer set in place of a preset's own spans. */
export type ClockSetting = Pick<ClockPreset, 'due' | 'amber' | 'red' | 'source'>;

/** Whether the text is a span: a period of days or longer, hours alone, or B with 1 to 260 working days. */
export function isSpan(text: string): boolean {
  if (/^B(?:[1-9]\d?|1\d\d|2[0-5]\d|260)$/.test(text)) return true;
  return /^P(?!T)[^T]+$|^PT\d+H$/.test(text) && isPeriod(text) && !/^P(?:T?0[A-Z])+$/.test(text);
}

/**
 * The end of a span that starts at `start`. Hours pass exactly, whatever the clocks are set to. Days, months and working days end with
 * their last day in the zone, so the instant is the midnight after it: a month from 31 January ends with 28 February. Working days are
 * Monday to Friday; holidays differ by place and are not known here.
 */
export function endOfSpan(start: Date, span: Span, timeZone: string): Date {
  if (span.startsWith('PT')) return addPeriod(start, span, timeZone);
  const from = dayOf(start, timeZone);
  return startOfDay(dayAfter(span.startsWith('B') ? workingDaysAfter(from, Number(span.slice(1))) : utcDay(addPeriod(new Date(`${from}T00:00:00Z`), span, 'UTC'))), timeZone);
}

/** The preset that counts for the facts: the first whose match holds. */
export function presetOf(rule: ClockRule, facts: Facts): ClockPreset { return rule.presets.find((preset) => matches(preset.match, facts))!; }

/** The deadlines of a clock that starts now. A day the facts name replaces the preset's, with amber half and red four fifths of the way there. */
export function deadlineOf(rule: ClockRule, facts: Facts, start: Date, timeZone: string, settings: Readonly<Record<string, ClockSetting>> = {}): Deadline {
  const preset = presetOf(rule, facts), counts = { ...preset, ...settings[preset.id] }, named = rule.dueField === undefined ? undefined : facts[rule.dueField];
  const base = { preset: preset.id, extension: preset.extension ?? null };
  if (typeof named === 'string') {
    const dueAt = startOfDay(dayAfter(named), timeZone), part = (share: number): Date => new Date(start.getTime() + Math.max(0, dueAt.getTime() - start.getTime()) * share);
    return { ...base, source: `the date in ${rule.dueField}`, amberAt: part(0.5), redAt: part(0.8), dueAt };
  }
  const end = (span: Span): Date => endOfSpan(start, span, timeZone);
  return { ...base, source: counts.source, amberAt: end(counts.amber), redAt: end(counts.red), dueAt: end(counts.due) };
}

/** The same deadlines after an extension: each moves on by it, from where the clock started. */
export function extendDeadline(clock: Pick<Deadline, 'amberAt' | 'redAt' | 'dueAt'>, extension: Span, timeZone: string): Pick<Deadline, 'amberAt' | 'redAt' | 'dueAt'> {
  // The last instant of the day before the midnight, so that the end of February stays the end of its day.
  const on = (at: Date): Date => (extension.startsWith('PT') ? addPeriod(at, extension, timeZone) : endOfSpan(new Date(at.getTime() - 1), extension, timeZone));
  return { amberAt: on(clock.amberAt), redAt: on(clock.redAt), dueAt: on(clock.dueAt) };
}

/** How far a running clock is at the instant. */
export function stageOf(clock: Pick<Deadline, 'amberAt' | 'redAt' | 'dueAt'>, now: Date): Stage {
  return now >= clock.dueAt ? 'overdue' : now >= clock.redAt ? 'red' : now >= clock.amberAt ? 'amber' : 'running';
}

function workingDaysAfter(day: string, count: number): string {
  let at = day;
  for (let left = count; left > 0;) { at = dayAfter(at); if (![0, 6].includes(new Date(`${at}T00:00:00Z`).getUTCDay())) left -= 1; }
  return at;
}
function dayAfter(day: string): string { return utcDay(new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000)); }
function utcDay(at: Date): string { return at.toISOString().slice(0, 10); }

// The fields of a form, checked by their rules. Pure.
import { isJurisdiction } from '../../kernel/jurisdiction.js';
import { dayOf, isDay } from '../../kernel/period.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import { isPlainLine } from '../../kernel/text.js';
import type { FactMatch, Facts, FieldRule, FieldValue } from './machine.js';

const LINE = 300, AREA = 4_000;
/** Clocks of machines differ by a little; an instant this far ahead is still "now" (milliseconds). */
const SKEW_MS = 300_000;

/** Whether every match holds for the facts. */
export function matches(list: readonly FactMatch[] | undefined, facts: Facts): boolean {
  return (list ?? []).every((one) => {
    const value = facts[one.field] ?? 'false';
    return one.in.includes(typeof value === 'object' ? '' : String(value));
  });
}

/** The given values, trimmed, without the empty ones; or a refusal that names the first wrong field. An unknown field is refused. */
export function checkFields(rules: readonly FieldRule[], given: Readonly<Record<string, unknown>>, facts: Facts, now: Date, timeZone: string): Facts | Refusal {
  const unknown = Object.keys(given).find((name) => !rules.some((rule) => rule.name === name));
  if (unknown !== undefined) return refuse('invalid_request', `there is no field ${unknown.slice(0, 60)} here; there are ${rules.map((rule) => rule.name).join(', ') || 'none'}`, unknown.slice(0, 60));
  const checked: Record<string, FieldValue> = {};
  for (const rule of rules) {
    const value = valueOf(rule, given[rule.name], now, timeZone);
    if (isRefusal(value)) return value;
    if (value !== undefined) checked[rule.name] = value;
  }
  const missing = rules.find((rule) => checked[rule.name] === undefined && (rule.required || (rule.requiredWhen && matches([rule.requiredWhen], { ...facts, ...checked }))));
  return missing ? refuse('invalid_request', `${missing.name} is required`, missing.name) : checked;
}

function valueOf(rule: FieldRule, raw: unknown, now: Date, timeZone: string): FieldValue | undefined | Refusal {
  const wrong = (message: string): Refusal => refuse('invalid_request', `${rule.name} ${message}`, rule.name);
  if (raw === undefined || raw === null || raw === '') return undefined;
  if (rule.type === 'check') return typeof raw === 'boolean' ? raw : wrong('is true or false');
  if (rule.type === 'choices') {
    const list = Array.isArray(raw) ? raw.map(String) : [];
    if (!Array.isArray(raw) || list.some((one) => !rule.values?.includes(one))) return wrong(`is a list out of ${rule.values?.join(', ')}`);
    return list.length === 0 ? undefined : rule.values!.filter((one) => list.includes(one));
  }
  if (typeof raw !== 'string') return wrong('is text');
  const text = raw.trim();
  return text === '' ? undefined : textOf(rule, text, now, timeZone, wrong);
}

function textOf(rule: FieldRule, text: string, now: Date, timeZone: string, wrong: (message: string) => Refusal): string | Refusal {
  switch (rule.type) {
    case 'choice': return rule.values?.includes(text) ? text : wrong(`is one of ${rule.values?.join(', ')}`);
    case 'country': return isJurisdiction(text.toUpperCase()) ? text.toUpperCase() : wrong('is a two-letter country code such as DE or CN');
    case 'day': {
      if (!isDay(text)) return wrong('is a day as YYYY-MM-DD');
      const today = dayOf(now, timeZone);
      if (rule.when === 'past' && text > today) return wrong('must not lie in the future');
      return rule.when === 'future' && text < today ? wrong('must not lie in the past') : text;
    }
    case 'instant': {
      const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(text) ? new Date(text) : new Date(NaN);
      if (Number.isNaN(at.getTime())) return wrong('is an instant such as 2026-11-24T10:00+01:00');
      return rule.when === 'past' && at.getTime() > now.getTime() + SKEW_MS ? wrong('must not lie in the future') : at.toISOString();
    }
    case 'area': return text.length <= AREA && text.isWellFormed() && !text.includes('\u0000') ? text : wrong(`is text of 1 to ${AREA} characters`);
    default: return isPlainLine(text, LINE) ? text : wrong(`is one line of 1 to ${LINE} characters`);
  }
}

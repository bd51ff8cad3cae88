// What was said with a move of a case, and what the move did: a line each, in words, instead of JSON.
import React from 'react';
import { useWords, type Words } from './kit.tsx';

/** Texts that stand in a table of their own. */
const ELSEWHERE = new Set(['notice_en', 'notice_zh']);

export function Said({ text }: { text: string }): JSX.Element {
  const words = useWords();
  let said: unknown;
  try { said = JSON.parse(text); } catch { return <span>{text}</span>; }
  const lines = typeof said === 'object' && said !== null ? Object.entries(said).filter(([name, value]) => value !== null && !ELSEWHERE.has(name)) : [];
  if (lines.length === 0) return <span className="hf-quiet">{words.t('common.none')}</span>;
  return <ul className="hf-said">{lines.map(([name, value]) => <li key={name}><span className="hf-quiet">{labelOf(words, name)}</span> {shown(words, value)}</li>)}</ul>;
}

function labelOf(words: Words, name: string): string {
  const property = words.property(name);
  return words.t(`result.${name}`) || (property === name ? words.t(`field.${name}`) : property) || name;
}

function shown(words: Words, value: unknown): string {
  if (value === null || value === undefined) return '—';
  if (Array.isArray(value)) return value.map((one) => shown(words, one)).join(', ') || '—';
  if (typeof value === 'object') return Object.entries(value).filter(([, one]) => !isEmpty(one)).map(([name, one]) => `${words.property(name) === name ? words.value(name) : words.property(name)}: ${isCount(one) ? count(words, one) : shown(words, one)}`).join('; ') || '—';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)) return words.time(text);
  if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(text)) return `${text.slice(0, 8)}…${text.slice(-4)}`;
  if (/^[0-9a-f]{64}$/.test(text)) return `${text.slice(0, 16)}…`;
  return /^\d+$/.test(text) ? words.number(text) : words.value(text);
}

/** What an erasure does, or did, to one data type. */
interface Counted { readonly erased: string; readonly restricted?: string; readonly held?: string; readonly kept?: string; readonly goes_at: string | null }
function isCount(value: unknown): value is Counted { return typeof value === 'object' && value !== null && 'erased' in value && 'goes_at' in value; }
function keptOf(one: Counted): number { return Number(one.restricted ?? Number(one.held ?? 0) + Number(one.kept ?? 0)); }
function count(words: Words, one: Counted): string { return words.t('approvals.erasure', { erased: words.number(one.erased), kept: words.number(keptOf(one)), until: one.goes_at === null ? '' : words.time(one.goes_at) }).trim(); }
/** A type of which nothing is on record says nothing. */
function isEmpty(value: unknown): boolean { return value === null || (isCount(value) && Number(value.erased) === 0 && keptOf(value) === 0); }

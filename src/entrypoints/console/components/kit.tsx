// What every component of the console shares: words in the reader's language, calls to our own API, and the small pieces of a page.
import { useTranslation } from 'adminjs';
import React, { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import { Link } from 'react-router-dom';

export const ROOT = '/console';
type Params = Record<string, string | number>;

export interface Words {
  readonly language: 'en' | 'zh-CN';
  /** Text by key; '' when there is none. */
  t(key: string, params?: Params): string;
  property(name: string, resourceId?: string): string;
  help(name: string, resourceId?: string): string;
  /** The word for a value of a closed set, or the value itself. */
  value(value: string): string;
  period(iso: string): string;
  time(iso: string): string;
  number(value: string | number): string;
  country(code: string): string;
  /** "3 s", "5 min", "2 h", "4 d". */
  age(ms: number): string;
}

/** Words and formats of the chosen language. */
export function useWords(): Words {
  const { i18n } = useTranslation();
  const language = i18n.language === 'zh-CN' ? 'zh-CN' : 'en';
  return useMemo(() => {
    const t = (key: string, params: Params = {}): string => String(i18n.t(key, { ...params, defaultValue: '' }));
    const first = (keys: string[]): string => keys.map((key) => t(key)).find((text) => text !== '') ?? '';
    // British forms for English: the day before the month and 24 hours, which nobody misreads.
    const dates = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { dateStyle: 'medium', timeStyle: 'medium' });
    const numbers = new Intl.NumberFormat(language), countries = new Intl.DisplayNames([language], { type: 'region', fallback: 'code' });
    return {
      language, t,
      property: (name, resourceId) => first([`resources.${resourceId}.properties.${name}`, `properties.${name}`]) || name,
      help: (name, resourceId) => first([`resources.${resourceId}.help.${name}`, `help.${name}`]),
      value: (value) => t(`value.${value}`) || value,
      period: (iso) => periodText(iso, t),
      time: (iso) => dates.format(new Date(iso)),
      number: (value) => numbers.format(typeof value === 'string' && /^-?\d+$/.test(value) ? BigInt(value) : Number(value)),
      country: (code) => { try { return countries.of(code) ?? code; } catch { return code; } },
      age: (ms) => new Intl.NumberFormat(language, { style: 'unit', unitDisplay: 'short', maximumFractionDigits: 0, ...ageUnit(ms) }).format(ageUnit(ms).count),
    };
  }, [i18n, language]);
}

function ageUnit(ms: number): { unit: string; count: number } {
  const seconds = Math.max(0, ms / 1000);
  if (seconds < 90) return { unit: 'second', count: Math.round(seconds) };
  if (seconds < 90 * 60) return { unit: 'minute', count: Math.round(seconds / 60) };
  if (seconds < 36 * 3600) return { unit: 'hour', count: Math.round(seconds / 3600) };
  return { unit: 'day', count: Math.round(seconds / 86_400) };
}

function periodText(iso: string, t: Words['t']): string {
  const parts = [...iso.matchAll(/(\d+)([YMWDH])/g)].filter(([, count]) => count !== '0').map(([, count = '', unit = '']) => (count === '1' ? t(`period.${unit}1`) : t(`period.${unit}`, { n: count })));
  return parts.length > 0 ? parts.join(' ') : t('period.zero');
}

export interface Problem { readonly code: string; readonly message: string; readonly field?: string | undefined; /** Every wrong field of a form. */ readonly fields?: Readonly<Record<string, string>> }
export type Answer<T> = { readonly ok: true; readonly data: T } | { readonly ok: false; readonly problem: Problem };

/** GET without a body, POST with one. An ended session leads to the login and back here. */
export async function call<T>(path: string, body?: unknown): Promise<Answer<T>> {
  let response: Response, data: { error?: Problem; notice?: { type?: string; message?: string } };
  try {
    response = await fetch(`${ROOT}/api${path}`, body === undefined ? { headers: { accept: 'application/json' } } : {
      method: 'POST', headers: { accept: 'application/json', 'content-type': 'application/json' }, body: JSON.stringify(body),
    });
    data = await response.json() as typeof data;
  } catch { return { ok: false, problem: { code: 'unreachable', message: '' } }; }
  if (response.status === 401) {
    window.location.assign(`${ROOT}/login?next=${encodeURIComponent(window.location.pathname + window.location.search)}`);
    return { ok: false, problem: { code: 'unauthenticated', message: '' } };
  }
  if (response.ok) return { ok: true, data: data as T };
  return { ok: false, problem: data.error ?? { code: response.status === 404 ? 'not_found' : 'forbidden', message: data.notice?.message ?? '' } };
}

export interface Loaded<T> { readonly data: T | undefined; readonly problem: Problem | undefined; readonly loading: boolean; reload(): void }

/** Loads and keeps the last data while it loads again. `null` loads nothing. */
export function useLoaded<T>(path: string | null, everyMs?: number): Loaded<T> {
  const [state, setState] = useState<{ data?: T; problem?: Problem; loading: boolean; path?: string | null }>({ loading: path !== null });
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (path === null) return undefined;
    let current = true;
    setState((old) => ({ ...old, loading: true }));
    void call<T>(path).then((answer) => {
      if (current) setState((old) => (answer.ok ? { data: answer.data, loading: false, path } : { ...(old.path === path && old.data !== undefined ? { data: old.data } : {}), problem: answer.problem, loading: false, path }));
    });
    return () => { current = false; };
  }, [path, round]);
  useEffect(() => {
    if (everyMs === undefined || path === null) return undefined;
    const timer = setInterval(() => { setRound((old) => old + 1); }, everyMs);
    return () => { clearInterval(timer); };
  }, [everyMs, path]);
  const reload = useCallback(() => { setRound((old) => old + 1); }, []);
  return { data: state.data, problem: state.problem, loading: state.loading, reload };
}

/** What went wrong, in the reader's language as far as we have it. */
export function problemText(words: Words, problem: Problem): string {
  const known = words.t(`validation.${problem.message.replaceAll(/[^\w]+/g, '_')}`);
  if (known) return known;
  const title = words.t(`error.${problem.code}`) || words.t('common.failed');
  if (words.language === 'en') return problem.message || title;
  return problem.message ? `${title}（${problem.message}）` : title;
}

const TOAST = 'holdfast:toast';
/** Says something in the live region of the frame. */
export function announce(text: string): void { window.dispatchEvent(new CustomEvent(TOAST, { detail: text })); }

export function Toasts(): JSX.Element {
  const [text, setText] = useState('');
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const show = (event: Event): void => { setText(String((event as CustomEvent).detail)); clearTimeout(timer); timer = setTimeout(() => { setText(''); }, 6_000); };
    window.addEventListener(TOAST, show);
    return () => { window.removeEventListener(TOAST, show); clearTimeout(timer); };
  }, []);
  return <div role="status" aria-live="polite" className={text ? 'hf-toast' : 'hf-hidden'}>{text}</div>;
}

export function Page({ title, subtitle, crumb, actions, children }: { title: ReactNode; subtitle?: ReactNode; crumb?: { to: string; text: string }; actions?: ReactNode; children: ReactNode }): JSX.Element {
  useEffect(() => { if (typeof title === 'string') document.title = `${title} · Holdfast`; }, [title]);
  return <main className="hf-page" id="content" tabIndex={-1}>
    {crumb && <nav className="hf-crumb"><Link to={crumb.to}>← {crumb.text}</Link></nav>}
    <header className="hf-page-head"><div><h1>{title}</h1>{subtitle && <p>{subtitle}</p>}</div>{actions && <div className="hf-actions">{actions}</div>}</header>
    {children}
  </main>;
}

export function Loading(): JSX.Element { const words = useWords(); return <p className="hf-quiet" role="status">{words.t('common.loading')}</p>; }

export function Failed({ problem, retry }: { problem: Problem; retry?: () => void }): JSX.Element {
  const words = useWords();
  return <div className="hf-note hf-bad" role="alert">{problemText(words, problem)} {retry && <button type="button" className="hf-link" onClick={retry}>{words.t('common.retry')}</button>}</div>;
}

export function CopyButton({ text }: { text: string }): JSX.Element {
  const words = useWords(), [copied, setCopied] = useState(false);
  return <button type="button" className="hf-copy" onClick={() => { void navigator.clipboard.writeText(text).then(() => { setCopied(true); announce(words.t('common.copied')); }); }}>{words.t(copied ? 'common.copied' : 'common.copy')}</button>;
}

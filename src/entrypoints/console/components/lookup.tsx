// The page of one call: ask for id and purpose, then the whole story on one screen.
import { Button } from '@adminjs/design-system';
import React, { useEffect, useId, useRef, useState, type FormEvent } from 'react';
import { useLocation, useSearchParams } from 'react-router-dom';
import type { CallStoryAnswer } from '../../http/api/calls.schemas.js';
import type { ProofCheck } from '../pages/check-proof.js';
import type { CallAround } from './lookup-around.tsx';
import { call, Failed, Page, problemText, useWords, type Problem } from './kit.tsx';
import { PurposeSelect, usePurpose } from './purpose-gate.tsx';
import { Story } from './lookup-story.tsx';

export interface LookupAnswer { readonly around: readonly CallAround[]; readonly story: CallStoryAnswer; readonly proof: ProofCheck; readonly may: { readonly pack: boolean; readonly download: boolean; readonly hold: boolean; readonly dispute: boolean; readonly open: boolean } }

export default function Lookup(): JSX.Element {
  const words = useWords(), t = (key: string, params?: Record<string, string | number>): string => words.t(`lookup.${key}`, params);
  const [search, setSearch] = useSearchParams(), [purpose, setPurpose] = usePurpose(), [id, setId] = useState(search.get('id') ?? ''), [reason, setReason] = useState('');
  const [answer, setAnswer] = useState<LookupAnswer | null>(null), [problem, setProblem] = useState<Problem | null>(null), [busy, setBusy] = useState(false);
  const fromList = (useLocation().state as { read?: boolean } | null)?.read === true;
  const idField = useId(), result = useRef<HTMLDivElement>(null);
  const read = async (): Promise<void> => {
    const missing = id.trim() === '' ? 'id' : purpose === '' ? 'purpose' : null;
    if (missing) { setProblem({ code: 'invalid_request', message: t(`${missing}Required`), field: missing }); return; }
    setBusy(true); setProblem(null);
    const found = await call<LookupAnswer>('/pages/lookup', { id: id.trim(), purpose, ...(reason.trim() ? { reason } : {}) });
    setBusy(false);
    if (!found.ok) { setAnswer(null); setProblem(found.problem); return; }
    setAnswer(found.data);
    setSearch({ id: found.data.story.request_id }, { replace: true, ...(fromList ? { state: { read: true } } : {}) });
    setTimeout(() => { result.current?.focus(); }, 0);
  };
  useEffect(() => { const linked = search.get('id'); if (linked && linked !== answer?.story.request_id) { setId(linked); setAnswer(null); } }, [search]);
  useEffect(() => { if (fromList && id !== '' && purpose !== '') void read(); }, []);
  const atField = problem?.field === 'id' || problem?.field === 'purpose', message = problem && atField ? (problem.code === 'invalid_request' ? problem.message : problemText(words, problem)) : undefined;
  return <Page title={t('title')} subtitle={t('intro')}>
    <form className="hf-card hf-lookup-form" onSubmit={(event: FormEvent) => { event.preventDefault(); if (!busy) void read(); }} noValidate>
      <div className="hf-field hf-wide"><label htmlFor={idField}>{t('id')}</label>
        <input id={idField} value={id} onChange={(event) => { setId(event.target.value); }} autoComplete="off" spellCheck={false} autoFocus={id === ''} aria-invalid={problem?.field === 'id' || undefined} aria-describedby={`${idField}-help ${idField}-problem`} maxLength={200} />
        <p className="hf-help" id={`${idField}-help`}>{t('idHelp')}</p></div>
      <PurposeSelect value={purpose} change={setPurpose} label={t('purpose')} invalid={problem?.field === 'purpose'} describedBy={`${idField}-problem`} />
      <div className="hf-field"><label htmlFor={`${idField}-note`}>{t('reason')}</label><input id={`${idField}-note`} value={reason} onChange={(event) => { setReason(event.target.value); }} maxLength={500} /></div>
      <div className="hf-lookup-go"><Button type="submit" variant="contained" disabled={busy}>{busy ? words.t('form.working') : t('find')}</Button></div>
      <p id={`${idField}-problem`} className={message ? 'hf-problem hf-wide' : 'hf-hidden'} role="alert">{message}</p>
    </form>
    {problem && !atField && <Failed problem={problem} />}
    <div ref={result} tabIndex={-1} className="hf-result">{answer && <Story answer={answer} purpose={purpose} again={() => { void read(); }} />}</div>
  </Page>;
}

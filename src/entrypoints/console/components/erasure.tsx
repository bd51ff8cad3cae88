// The page of erasures: count what one would take and leave, ask a second person for it, follow it to its certificates.
import React, { useState, type FormEvent } from 'react';
import { Link } from 'react-router-dom';
import type { EraseCount, ErasureGround, ErasureState, RestrictedType } from '../../../domain/retention/index.js';
import type { JsonAnswer } from '../../http/api/json-answer.js';
import { ActionDialog } from './action-dialog.tsx';
import { FormField, type FormValue } from './form-field.tsx';
import { announce, call, Failed, Loading, Page, problemText, ROOT, useLoaded, useWords, type Problem, type Words } from './kit.tsx';
import { Badge, Time } from './value.tsx';

type Count = JsonAnswer<EraseCount>;
interface Run { readonly run_id: string; readonly data_type: string; readonly state: string; readonly rows_due: number; readonly rows_done: number; readonly certified: boolean }
interface One {
  readonly erasure_id: string; readonly account_id: string; readonly by_sessions: boolean; readonly state: ErasureState; readonly ground: ErasureGround; readonly case_number: string | null; readonly asked_by: string; readonly asked_at: string; readonly failure: string | null;
  readonly outcome: Readonly<Record<string, { readonly erased: string; readonly restricted: string }>> | null; readonly restrictions: readonly JsonAnswer<RestrictedType>[]; readonly runs: readonly Run[];
}
interface PageAnswer { readonly erasures: readonly One[]; readonly may: { readonly ask: boolean } }
type Values = { readonly erase_account: string; readonly erase_sessions: string; readonly data_types: readonly string[] };

const TYPES = ['account_information', 'api_call_metadata', 'input_content', 'output_content', 'payment_records', 'security_logs', 'third_party_call_records'];
const EMPTY: Values = { erase_account: '', erase_sessions: '', data_types: [] };

export default function Erasure(): JSX.Element {
  const words = useWords(), [live, setLive] = useState(false), page = useLoaded<PageAnswer>('/pages/erasure', live ? 1_500 : 15_000);
  const busy = page.data?.erasures.some((one) => one.state === 'running') ?? false;
  if (busy !== live) setLive(busy);
  return <Page title={words.t('erasure.title')} subtitle={words.t('erasure.intro')}>
    <Subject mayAsk={page.data?.may.ask ?? false} asked={page.reload} />
    <section className="hf-section"><h2>{words.t('erasure.list')}</h2>
      {page.problem && !page.data ? <Failed problem={page.problem} retry={page.reload} /> : !page.data ? <Loading /> : page.data.erasures.length === 0 ? <p className="hf-empty">{words.t('erasure.none')}</p>
        : <ul className="hf-runs" aria-live="polite">{page.data.erasures.map((one) => <Line key={one.erasure_id} one={one} />)}</ul>}
    </section>
  </Page>;
}

/** Whose data, and what would become of it. */
function Subject({ mayAsk, asked }: { mayAsk: boolean; asked: () => void }): JSX.Element {
  const words = useWords(), [values, setValues] = useState<Values>(EMPTY), [counts, setCounts] = useState<readonly Count[] | null>(null), [problem, setProblem] = useState<Problem | null>(null), [counting, setCounting] = useState(false), [asking, setAsking] = useState(false);
  // What is counted is what is asked for: a changed form has to be counted again.
  const change = (name: keyof Values, value: FormValue): void => { setValues((old) => ({ ...old, [name]: value })); setCounts(null); };
  const preview = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (counting) return;
    setCounting(true); setProblem(null);
    const answer = await call<{ counts: readonly Count[] }>('/pages/erasure', values);
    setCounting(false);
    if (!answer.ok) { setProblem(answer.problem); setCounts(null); return; }
    setCounts(answer.data.counts);
    announce(words.t('erasure.counted', { erased: words.number(sum(answer.data.counts, 'rows_erased')), kept: words.number(sum(answer.data.counts, 'rows_held') + sum(answer.data.counts, 'rows_kept')) }));
  };
  const wrong = (name: string): string | undefined => (problem?.field === name ? problemText(words, problem) : undefined);
  return <section className="hf-section"><h2>{words.t('erasure.who')}</h2>
    <form className="hf-card" onSubmit={(event) => { void preview(event); }} noValidate>
      {problem && !['erase_account', 'erase_sessions'].includes(problem.field ?? '') && <p className="hf-note hf-bad" role="alert">{problemText(words, problem)}</p>}
      <FormField field={{ name: 'erase_account', type: 'text', required: true }} value={values.erase_account} change={(value) => { change('erase_account', value); }} problem={wrong('erase_account')} />
      <FormField field={{ name: 'erase_sessions', type: 'area', max: 4_000 }} value={values.erase_sessions} change={(value) => { change('erase_sessions', value); }} problem={wrong('erase_sessions')} />
      <FormField field={{ name: 'erase_types', type: 'choices', values: TYPES }} value={values.data_types} change={(value) => { change('data_types', value); }} problem={undefined} />
      <button type="submit" className="hf-button hf-main" disabled={counting}>{counting ? words.t('home.counting') : words.t('erasure.preview')}</button>
    </form>
    {counts && <section className="hf-section" aria-label={words.t('erasure.preview')}><Counts counts={counts} />
      {mayAsk && sum(counts, 'rows') > 0 && <p className="hf-after"><button type="button" className="hf-button hf-grave" onClick={() => { setAsking(true); }}>{words.t('erasure.ask')}</button></p>}</section>}
    {asking && <ActionDialog resourceId="erasures" close={() => { setAsking(false); }} done={() => { setValues(EMPTY); setCounts(null); asked(); }} given={values.erase_sessions.trim() === '' && values.data_types.length === 0 ? { erase_account: values.erase_account } : { ...values }}
      action={{ name: 'ask', actionType: 'resource', custom: { holdfast: true, grave: true, fields: [{ name: 'erase_account', type: 'text' }, { name: 'ground', type: 'choice', required: true, values: ['gdpr_17', 'ccpa_1798_105', 'pipl_47', 'contract_ended', 'unlawful_processing', 'other'] }, { name: 'reason', type: 'area', required: true }] } }} />}
  </section>;
}

function Counts({ counts }: { counts: readonly Count[] }): JSX.Element {
  const words = useWords(), t = (key: string): string => words.t(`erasure.${key}`), shown = counts.filter((one) => one.rows > 0);
  if (shown.length === 0) return <p className="hf-empty">{t('nothing')}</p>;
  return <div className="hf-table-box"><table className="hf-table"><caption className="hf-hidden">{t('preview')}</caption>
    <thead><tr><th scope="col">{words.property('data_type')}</th><th scope="col" className="hf-right">{t('rows')}</th><th scope="col" className="hf-right">{t('goes')}</th><th scope="col" className="hf-right">{t('stays')}</th><th scope="col">{t('until')}</th><th scope="col">{t('why')}</th></tr></thead>
    <tbody>{shown.map((one) => { const kept = one.rows_held + one.rows_kept; return <tr key={one.data_type}>
      <td data-label={words.property('data_type')}>{words.value(one.data_type)}</td><td className="hf-right" data-label={t('rows')}>{words.number(one.rows)}</td><td className="hf-right" data-label={t('goes')}><strong>{words.number(one.rows_erased)}</strong></td>
      <td className="hf-right" data-label={t('stays')}>{words.number(kept)}</td><td data-label={t('until')}>{kept === 0 ? '—' : one.goes_at ? <Time at={one.goes_at} /> : t('held')}</td>
      <td data-label={t('why')}>{one.why.length === 0 ? '—' : <ul className="hf-plain">{one.why.map((why) => <li key={`${why.kind}${why.id}`}><strong>{t(`why${why.kind}`)}</strong> {why.says}</li>)}</ul>}</td></tr>; })}</tbody></table></div>;
}

function Line({ one }: { one: One }): JSX.Element {
  const words = useWords(), t = (key: string, params?: Record<string, string | number>): string => words.t(`erasure.${key}`, params), certified = one.runs.filter((run) => run.certified);
  return <li className="hf-card hf-run">
    <span><Badge value={one.state} /> {one.by_sessions && `${t('sessions')} `}<strong>{one.account_id}</strong> <span className="hf-quiet">{words.value(one.ground)} · {one.asked_by} · <Time at={one.asked_at} /></span></span>
    <Course one={one} words={words} />
    <span className="hf-run-links">{certified.length > 0 && <span>{t('certificates')}: {certified.map((run, index) => <React.Fragment key={run.run_id}>{index > 0 && ', '}<Link to={`${ROOT}/resources/certificates?filters.run_id=${run.run_id}`}>{words.value(run.data_type)}</Link></React.Fragment>)}</span>} <Link to={`${ROOT}/resources/erasures/records/${one.erasure_id}/show`}>{words.t('purge.details')}</Link></span>
  </li>;
}

/** Where it stands, and what it waits for. */
function Course({ one, words }: { one: One; words: Words }): JSX.Element {
  const t = (key: string, params?: Record<string, string | number>): string => words.t(`erasure.${key}`, params), going = one.runs.find((run) => !['certified', 'nothing_due', 'cancelled'].includes(run.state));
  if (one.state === 'planned') return <span>{one.case_number === null ? <Link to={`${ROOT}/pages/approvals`}>{t('waits')}</Link> : t('waitsCase', { number: one.case_number })}</span>;
  if (one.state === 'approved') return <span>{t('begins')}</span>;
  if (one.state === 'cancelled') return <span className="hf-quiet">{one.failure}</span>;
  if (one.state === 'running') return <span className="hf-run-progress">{going ? <><progress max={Math.max(1, going.rows_due)} value={going.rows_done} aria-label={words.value(going.data_type)} /> {t('progress', { done: words.number(going.rows_done), total: words.number(going.rows_due), type: words.value(going.data_type) })}</> : t('soon')}{one.failure && <span className="hf-problem"> {one.failure}</span>}</span>;
  const kept = one.restrictions.filter((left) => left.lifted_at === null).reduce((total, left) => total + left.rows, 0);
  return <span>{t('over', { erased: words.number(Object.values(one.outcome ?? {}).reduce((total, type) => total + Number(type.erased), 0)), kept: words.number(kept) })}</span>;
}

function sum(counts: readonly Count[], field: 'rows' | 'rows_erased' | 'rows_held' | 'rows_kept'): number { return counts.reduce((total, one) => total + one[field], 0); }

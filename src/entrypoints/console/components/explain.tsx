// Explains one record's retention: the answer in a sentence, then the rules, the legal minimums and the holds it follows from.
import React, { useState, type FormEvent } from 'react';
import { Link, useSearchParams } from 'react-router-dom';
import type { Explanation, RecordFacts } from '../../../domain/retention/index.js';
import type { JsonAnswer } from '../../http/api/json-answer.js';
import { FormField } from './form-field.tsx';
import { Failed, Loading, Page, problemText, ROOT, useLoaded, useWords, type Words } from './kit.tsx';
import { Time } from './value.tsx';

interface Answer { readonly record: JsonAnswer<RecordFacts>; readonly explanation: JsonAnswer<Explanation>; readonly time_zone: string }
const TYPES = ['api_call_metadata', 'third_party_call_records', 'security_logs', 'payment_records', 'account_information', 'input_content', 'output_content'];

export default function Explain(): JSX.Element {
  const words = useWords(), [search, setSearch] = useSearchParams();
  const asked = { data_type: search.get('data_type') ?? '', record_id: search.get('id') ?? '' }, [values, setValues] = useState(asked);
  const page = useLoaded<Answer>(asked.data_type === '' || asked.record_id === '' ? null : `/pages/explain?data_type=${encodeURIComponent(asked.data_type)}&id=${encodeURIComponent(asked.record_id)}`);
  const ask = (event: FormEvent): void => { event.preventDefault(); setSearch({ data_type: values.data_type, id: values.record_id.trim() }); };
  const atField = (name: string): string | undefined => (page.problem?.field === name ? problemText(words, page.problem) : undefined);
  return <Page title={words.t('explain.title')} subtitle={words.t('explain.intro')} crumb={{ to: `${ROOT}/pages/retention`, text: words.t('frame.retention') }}>
    <form className="hf-card" onSubmit={ask} noValidate>
      <div className="hf-draft-fields">
        <FormField field={{ name: 'data_type', type: 'choice', required: true, values: TYPES }} value={values.data_type} change={(value) => { setValues({ ...values, data_type: String(value) }); }} problem={atField('data_type')} />
        <FormField field={{ name: 'record_id', type: 'text', required: true }} value={values.record_id} change={(value) => { setValues({ ...values, record_id: String(value) }); }} problem={atField('record_id')} />
      </div>
      <button type="submit" className="hf-button hf-main" disabled={values.data_type === '' || values.record_id.trim() === ''}>{words.t('explain.ask')}</button>
    </form>
    <div className="hf-section" aria-live="polite">{page.loading && <Loading />}{page.problem && page.problem.field === undefined && <Failed problem={page.problem} retry={page.reload} />}{page.data && !page.problem && <Explained {...page.data} words={words} />}</div>
  </Page>;
}

/** The answer in one sentence, with its tone. */
function sentenceOf(words: Words, { explanation: { delete_at: deleteAt, holds, policy, waiting_for: waitingFor } }: Answer): readonly [tone: string, text: string] {
  const t = (key: string, params?: Record<string, string>): string => words.t(`explain.${key}`, params);
  if (holds.length > 0) return ['hf-warn', deleteAt ? t('heldThen', { date: words.time(deleteAt) }) : t('held')];
  if (waitingFor) return ['', t('waits', { event: words.value(waitingFor) })];
  if (!policy || !deleteAt) return ['', t('never')];
  return Date.parse(deleteAt) <= Date.now() ? ['hf-bad', t('due', { date: words.time(deleteAt) })] : ['hf-good', t('goes', { date: words.time(deleteAt) })];
}

function Explained({ words, ...answer }: Answer & { readonly words: Words }): JSX.Element {
  const t = (key: string, params?: Record<string, string>): string => words.t(`explain.${key}`, params), { record, explanation: found } = answer, [tone, sentence] = sentenceOf(words, answer);
  return <>
    <p className={`hf-note ${tone}`} role="status">{sentence}</p>
    <section className="hf-section"><h2>{t('rules')}</h2><div className="hf-table-box"><table className="hf-table"><thead><tr>{[t('level'), words.property('keep'), words.property('starts_at'), words.property('source'), t('ends'), t('decides')].map((name) => <th key={name} scope="col">{name}</th>)}</tr></thead>
      <tbody>{found.considered.map(({ policy, level, ends_at: endsAt, decides }) => <tr key={policy.policy_id}>
        <td data-label={t('level')}><Link to={`${ROOT}/resources/policies/records/${policy.policy_id}/show`}>{t(`speaks.${level}`)}</Link></td><td data-label={words.property('keep')}>{words.period(policy.keep)}</td><td data-label={words.property('starts_at')}>{words.value(policy.starts_at)}</td>
        <td data-label={words.property('source')}>{policy.source ? words.value(policy.source) : '—'}</td><td data-label={t('ends')}>{endsAt ? <Time at={endsAt} /> : t('notYet')}</td><td data-label={t('decides')}>{decides ? <strong>✓ {t('wins')}</strong> : <span className="hf-quiet">{t('outranked')}</span>}</td>
      </tr>)}</tbody></table></div></section>
    <section className="hf-section"><h2>{t('minimums')}</h2>{found.minimums.length === 0 ? <p className="hf-empty">{t('noMinimums')}</p> : <div className="hf-table-box"><table className="hf-table"><thead><tr>{[words.property('keep'), words.property('source'), t('ends')].map((name) => <th key={name} scope="col">{name}</th>)}</tr></thead>
      <tbody>{found.minimums.map((one) => <tr key={one.id}><td data-label={words.property('keep')}>{words.period(one.keep)}</td><td data-label={words.property('source')}>{one.source}</td><td data-label={t('ends')}>{one.ends_at ? <Time at={one.ends_at} /> : t('notYet')}</td></tr>)}</tbody></table></div>}</section>
    <section className="hf-section"><h2>{t('holds')}</h2>{found.holds.length === 0 ? <p className="hf-empty">{t('noHolds')}</p> : <div className="hf-table-box"><table className="hf-table"><thead><tr>{[words.property('matter'), words.property('requester'), words.property('placed_at'), t('until')].map((name) => <th key={name} scope="col">{name}</th>)}</tr></thead>
      <tbody>{found.holds.map((hold) => <tr key={hold.hold_id}><td data-label={words.property('matter')}><Link to={`${ROOT}/resources/holds/records/${hold.hold_id}/show`}>{hold.matter}</Link></td><td data-label={words.property('requester')}>{hold.requester}</td><td data-label={words.property('placed_at')}><Time at={hold.placed_at} /></td><td data-label={t('until')}>{hold.protects_until ? <Time at={hold.protects_until} /> : t('open')}</td></tr>)}</tbody></table></div>}</section>
    <section className="hf-section"><h2>{t('record')}</h2><dl className="hf-facts">
      <dt>{t('table')}</dt><dd><code>{record.table}</code> <code>{record.id}</code></dd><dt>{words.property('account_id')}</dt><dd>{record.account_id ?? '—'}</dd><dt>{t('made')}</dt><dd><Time at={record.at} /></dd>
      <dt>{t('clock')}</dt><dd>{record.clock_start ? <Time at={record.clock_start} /> : t('notYet')}</dd><dt>{t('retainUntil')}</dt><dd>{found.retain_until ? <Time at={found.retain_until} /> : '—'}</dd></dl>
      <p className="hf-quiet">{t('zone', { zone: answer.time_zone })}</p></section>
  </>;
}

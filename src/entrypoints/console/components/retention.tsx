// The policy page: what is in force, the preset library, a draft with its simulation, and publishing or asking for approval.
import React, { useState, type FormEvent } from 'react';
import type { Policy, Preset, Simulation, Waiting } from '../../../domain/retention/index.js';
import type { JsonAnswer } from '../../http/api/json-answer.js';
import { ActionDialog } from './action-dialog.tsx';
import { FormField, type FormValue } from './form-field.tsx';
import { call, Failed, Loading, Page, problemText, useLoaded, useWords, type Problem } from './kit.tsx';
import { PolicyTables, PresetTable, WaitingTable } from './retention-tables.tsx';
import { SimulationView } from './simulation.tsx';

interface PageAnswer { readonly policies: readonly JsonAnswer<Policy>[]; readonly scheduled: readonly JsonAnswer<Policy>[]; readonly presets: readonly JsonAnswer<Preset>[]; readonly grace: string; readonly may: { readonly write: boolean } }
export type Draft = Readonly<Record<'data_type' | 'keep' | 'starts_at' | 'account_id' | 'jurisdiction' | 'item_ids', string>>;
const EMPTY: Draft = { data_type: '', keep: '', starts_at: '', account_id: '', jurisdiction: '', item_ids: '' };
const TYPES = ['account_information', 'api_call_metadata', 'input_content', 'output_content', 'payment_records', 'security_logs', 'third_party_call_records'];
const FIELDS = [
  { name: 'data_type', type: 'choice', required: true, values: TYPES }, { name: 'keep', type: 'text', required: true }, { name: 'starts_at', type: 'choice', values: ['created', 'account-closed', 'dispute-closed', 'fiscal-year-end'] },
  { name: 'account_id', type: 'text' }, { name: 'jurisdiction', type: 'text' }, { name: 'item_ids', type: 'area' },
] as const;

export default function Retention(): JSX.Element {
  const words = useWords(), t = (key: string, params?: Record<string, string | number>): string => words.t(`retention.${key}`, params);
  const page = useLoaded<PageAnswer>('/pages/retention'), waiting = useLoaded<{ waiting: readonly JsonAnswer<Waiting>[] }>('/pages/retention?part=waiting');
  const [draft, setDraft] = useState<Draft>(EMPTY), [source, setSource] = useState('');
  const use = (next: Partial<Draft>, from = ''): void => { setDraft({ ...EMPTY, ...next }); setSource(from); document.getElementById('hf-draft')?.scrollIntoView(); document.querySelector<HTMLElement>('#hf-draft select')?.focus(); };
  return <Page title={t('title')} subtitle={t('intro')}>
    {page.problem && !page.data ? <Failed problem={page.problem} retry={page.reload} /> : !page.data ? <Loading /> : <>
      <section className="hf-section"><h2>{t('inForce')}</h2><PolicyTables policies={page.data.policies} scheduled={page.data.scheduled} mayWrite={page.data.may.write} use={use} done={page.reload} /></section>
      <section className="hf-section" id="hf-draft"><h2>{t('draft')}</h2><DraftForm key={JSON.stringify([draft, source])} start={draft} source={source} mayWrite={page.data.may.write} grace={page.data.grace} done={page.reload} /></section>
      <section className="hf-section"><h2>{t('presets')}</h2><p className="hf-note">{t('presetNote')}</p><PresetTable presets={page.data.presets} use={use} /></section>
      <section className="hf-section"><h2>{t('waiting')}</h2><p className="hf-quiet">{t('waitingText')}</p>{!waiting.data ? <Loading /> : waiting.data.waiting.length === 0 ? <p className="hf-empty">{t('nothingWaits')}</p> : <WaitingTable rows={waiting.data.waiting} />}</section>
    </>}
  </Page>;
}

function DraftForm({ start, source, mayWrite, grace, done }: { start: Draft; source: string; mayWrite: boolean; grace: string; done: () => void }): JSX.Element {
  const words = useWords(), t = (key: string, params?: Record<string, string | number>): string => words.t(`retention.${key}`, params);
  const [values, setValues] = useState<Record<string, FormValue>>({ ...start }), [found, setFound] = useState<{ readonly draft: Readonly<Record<string, FormValue>>; readonly simulation: JsonAnswer<Simulation> } | null>(null);
  const [busy, setBusy] = useState(false), [problem, setProblem] = useState<Problem | null>(null), [publishing, setPublishing] = useState(false);
  const simulate = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true); setProblem(null); setFound(null);
    const answer = await call<{ simulation: JsonAnswer<Simulation> }>('/pages/retention', values);
    setBusy(false);
    if (answer.ok) setFound({ draft: values, simulation: answer.data.simulation }); else setProblem(answer.problem);
  };
  const more = found ? found.simulation.draft.rows - found.simulation.today.rows : 0;
  const atField = problem?.field !== undefined && FIELDS.some((field) => field.name === problem.field);
  return <div className="hf-card">
    <form onSubmit={(event) => { void simulate(event); }} noValidate>
      <div className="hf-draft-fields">{FIELDS.map((field) => <FormField key={field.name} field={field} value={values[field.name] ?? ''} change={(value) => { setValues((old) => ({ ...old, [field.name]: value })); setFound(null); }}
        problem={problem && problem.field === field.name ? problemText(words, problem) : undefined} />)}</div>
      {problem && !atField && <p className="hf-note hf-bad" role="alert">{problemText(words, problem)}</p>}
      <button type="submit" className="hf-button" disabled={busy}>{busy ? words.t('home.counting') : t('simulate')}</button>
    </form>
    <div aria-live="polite">{found && <>
      <SimulationView simulation={found.simulation} keep={String(found.draft['keep'])} />
      {mayWrite && <p><button type="button" className={`hf-button${more > 0 ? ' hf-grave' : ''}`} onClick={() => { setPublishing(true); }}>{more > 0 ? t('ask') : t('publish')}</button></p>}
    </>}</div>
    {publishing && found && <ActionDialog resourceId="policies" close={() => { setPublishing(false); }} done={done}
      given={Object.fromEntries(Object.entries(found.draft).filter(([, value]) => value !== ''))}
      note={more > 0 ? t('confirmShorter', { n: words.number(more), total: words.number(found.simulation.draft.rows), accounts: words.number(found.simulation.draft.accounts), grace: words.period(grace) }) : t('confirmLonger', { n: words.number(found.simulation.draft.rows) })}
      action={{ name: 'publish', actionType: 'resource', custom: { holdfast: true, grave: more > 0, fields: [...FIELDS.filter((field) => found.draft[field.name] !== ''), { name: 'source', type: 'area', required: true, initial: source }, { name: 'legal_basis', type: 'text' }, { name: 'effective_from', type: 'day' }, { name: 'locked', type: 'check' }, { name: 'confirm_shortening', type: 'check' }] } }} />}
  </div>;
}

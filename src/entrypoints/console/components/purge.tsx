// The purge page: what is due, by data type and partition; start a run; follow it to its certificate.
import React, { useState } from 'react';
import { Link } from 'react-router-dom';
import type { Progress, PurgePreview, PurgeRun } from '../../../domain/retention/index.js';
import type { JsonAnswer } from '../../http/api/json-answer.js';
import { ActionDialog } from './action-dialog.tsx';
import { Failed, Loading, Page, ROOT, useLoaded, useWords } from './kit.tsx';
import { Badge, bytesText, Time } from './value.tsx';

type Preview = JsonAnswer<PurgePreview>;
type Run = Omit<JsonAnswer<PurgeRun>, 'plan'> & { readonly progress: JsonAnswer<Progress> };
interface PageAnswer { readonly runs: readonly Run[]; readonly schedule: { cron: string; time_zone: string; paused: boolean }; readonly upcoming: readonly string[]; readonly may: { readonly run: boolean; readonly schedule: boolean } }
const GOING = new Set(['approved', 'running', 'verifying']);
/** How often the runs are read again: while one works, while one waits for its second person, else. */
const GOING_MS = 1_000, WAITING_MS = 3_000, IDLE_MS = 15_000;
const OPEN = new Set(['planned', 'approved', 'running', 'verifying', 'failed', 'paused']);

export default function Purge(): JSX.Element {
  const words = useWords(), t = (key: string, params?: Record<string, string | number>): string => words.t(`purge.${key}`, params);
  const [pace, setPace] = useState(IDLE_MS);
  const page = useLoaded<PageAnswer>('/pages/purge', pace), preview = useLoaded<{ previews: readonly Preview[] }>('/pages/purge?part=preview');
  const runs = page.data?.runs ?? [], wanted = runs.some((run) => GOING.has(run.state)) ? GOING_MS : runs.some((run) => run.state === 'planned') ? WAITING_MS : IDLE_MS;
  if (wanted !== pace) {
    setPace(wanted);
    // A run is over: what is due is not what it was.
    if (pace === GOING_MS) preview.reload();
  }
  const due = preview.data?.previews.filter((one) => one.rows_due > 0 || one.rows_held > 0) ?? [];
  const started = (): void => { page.reload(); setTimeout(() => { page.reload(); preview.reload(); }, 2_500); };
  return <Page title={t('title')} subtitle={t('intro')} actions={<button type="button" className="hf-button" onClick={preview.reload} disabled={preview.loading}>{preview.loading ? words.t('home.counting') : t('preview')}</button>}>
    <section className="hf-section"><h2>{t('due')}</h2>
      {preview.problem ? <Failed problem={preview.problem} retry={preview.reload} /> : !preview.data ? <Loading /> : due.length === 0 ? <p className="hf-empty">{t('nothing')}</p>
        : due.map((one) => <Due key={one.data_type} preview={one} mayRun={page.data?.may.run ?? false} started={started} />)}
    </section>
    {page.data && <Schedule page={page.data} done={page.reload} />}
    <section className="hf-section"><h2>{t('runs')}{page.data && <span className="hf-quiet">{page.data.upcoming[0] ? t('next', { at: words.time(page.data.upcoming[0]) }) : words.t('home.paused')}</span>}</h2>
      {page.problem && !page.data ? <Failed problem={page.problem} retry={page.reload} /> : !page.data ? <Loading /> : page.data.runs.length === 0 ? <p className="hf-empty">{t('noRuns')}</p>
        : <ul className="hf-runs" aria-live="polite">{page.data.runs.map((run) => <RunLine key={run.run_id} run={run} mayRun={page.data!.may.run} done={page.reload} />)}</ul>}
    </section>
  </Page>;
}

function Due({ preview, mayRun, started }: { preview: Preview; mayRun: boolean; started: () => void }): JSX.Element {
  const words = useWords(), t = (key: string, params?: Record<string, string | number>): string => words.t(`purge.${key}`, params), [asking, setAsking] = useState(false);
  const parts = preview.parts.filter((part) => part.rows_due > 0 || part.rows_held > 0);
  return <article className="hf-card hf-due"><header><h3>{words.value(preview.data_type)}</h3>
    {mayRun && preview.rows_due > 0 && <button type="button" className="hf-button hf-grave" onClick={() => { setAsking(true); }}>{t('run')}</button>}</header>
    <dl className="hf-row-facts">
      <div><dt>{t('rows')}</dt><dd className="hf-figure">{words.number(preview.rows_due)}</dd></div>
      <div><dt>{t('bytes')}</dt><dd>{bytesText(words, preview.bytes_due)}</dd></div>
      <div><dt>{t('oldest')}</dt><dd>{preview.oldest ? <Time at={preview.oldest} /> : '—'}</dd></div>
      <div><dt>{t('since')}</dt><dd>{preview.overdue_since ? <Time at={preview.overdue_since} /> : '—'}</dd></div>
      <div><dt>{t('held')}</dt><dd>{preview.rows_held > 0 ? t('heldText', { n: words.number(preview.rows_held), accounts: words.number(preview.accounts_held) }) : '—'}</dd></div>
      <div><dt>{t('policies')}</dt><dd>{preview.policies.map((policy) => `${words.period(policy.keep)} (${words.value(policy.scope)})`).join(', ') || '—'}</dd></div>
    </dl>
    {parts.length > 0 && <details><summary>{t('byPartition')}</summary><div className="hf-table-box"><table className="hf-table"><thead><tr><th scope="col">{words.property('partition_name')}</th><th scope="col" className="hf-right">{words.property('rows_total')}</th><th scope="col" className="hf-right">{t('rows')}</th><th scope="col" className="hf-right">{t('held')}</th><th scope="col">{words.property('method')}</th></tr></thead>
      <tbody>{parts.map((part) => <tr key={part.partition ?? part.table}><td data-label={words.property('partition_name')}><span className="hf-code">{part.partition ?? part.table}</span></td><td className="hf-right" data-label={words.property('rows_total')}>{words.number(part.rows_total)}</td><td className="hf-right" data-label={t('rows')}>{words.number(part.rows_due)}</td>
        <td className="hf-right" data-label={t('held')}>{words.number(part.rows_held)}</td><td data-label={words.property('method')}>{part.method ? words.value(part.method) : '—'}</td></tr>)}</tbody></table></div></details>}
    {asking && <ActionDialog resourceId="purge_runs" given={{ data_type: preview.data_type }} close={() => { setAsking(false); }} done={started}
      action={{ name: 'run', actionType: 'resource', custom: { holdfast: true, grave: true, fields: [{ name: 'data_type', type: 'choice' }, { name: 'reason', type: 'area', required: true }] } }} />}
  </article>;
}

function RunLine({ run, mayRun, done: reload }: { run: Run; mayRun: boolean; done: () => void }): JSX.Element {
  const words = useWords(), t = (key: string, params?: Record<string, string | number>): string => words.t(`purge.${key}`, params), [asking, setAsking] = useState<'pause' | 'continue' | 'cancel' | null>(null);
  const { progress } = run, show = `${ROOT}/resources/purge_runs/records/${run.run_id}/show`;
  const buttons = !mayRun || !OPEN.has(run.state) ? [] : [...(run.state === 'paused' || run.state === 'failed' ? ['continue'] as const : ['pause'] as const), ...(run.started_at === null ? ['cancel'] as const : [])];
  return <li className="hf-card hf-run">
    <span><Badge value={run.state} /> <strong>{words.value(run.data_type)}</strong> <span className="hf-quiet">{words.value(run.trigger)} · <Time at={run.planned_at} /></span></span>
    {run.needs_approval && run.state === 'planned' ? <span><Link to={`${ROOT}/pages/approvals`}>{t('waitsForApproval')}</Link></span>
      : OPEN.has(run.state) ? <span className="hf-run-progress"><progress max={Math.max(1, progress.rows_due)} value={progress.rows_done} aria-label={t('progress', { done: words.number(progress.items_done), total: words.number(progress.items) })} /> {t('rowsOf', { done: words.number(progress.rows_done), total: words.number(progress.rows_due) })}
        {progress.rows_per_second !== null && ` · ${t('rate', { n: words.number(progress.rows_per_second) })}`}{progress.remaining_ms !== null && ` · ${t('remaining', { age: words.age(progress.remaining_ms) })}`}
        {run.failure && <span className="hf-problem"> {run.failure}{run.retry_at && ` · ${t('retry', { at: words.time(run.retry_at) })}`}</span>}</span>
        : <span>{run.failure ? <span className="hf-problem">{run.failure}</span> : t('removed', { n: words.number(run.rows_deleted) })}{run.rows_held > 0 && ` · ${words.t('home.held', { n: words.number(run.rows_held) })}`}</span>}
    <span className="hf-run-links">{buttons.map((name) => <button key={name} type="button" className="hf-link" onClick={() => { setAsking(name); }}>{words.t(`action.purge_runs.${name}.label`)}</button>)}
      {run.state === 'certified' && <Link to={`${ROOT}/resources/certificates?filters.run_id=${run.run_id}`}>{t('certificate')}</Link>} <Link to={show}>{t('details')}</Link></span>
    {asking && <ActionDialog resourceId="purge_runs" recordId={run.run_id} close={() => { setAsking(null); }} done={reload}
      action={{ name: asking, actionType: 'record', custom: { holdfast: true, grave: asking === 'cancel', fields: [{ name: 'reason', type: 'area', required: true }] } }} />}
  </li>;
}

/** When purges run by themselves, and when next. */
function Schedule({ page, done }: { page: PageAnswer; done: () => void }): JSX.Element {
  const words = useWords(), t = (key: string, params?: Record<string, string | number>): string => words.t(`purge.${key}`, params), [asking, setAsking] = useState(false), { schedule, upcoming } = page;
  return <section className="hf-section"><h2>{t('schedule')}</h2><div className="hf-card">
    <dl className="hf-row-facts"><div><dt>{words.property('cron')}</dt><dd><code>{schedule.cron}</code></dd></div><div><dt>{words.property('time_zone')}</dt><dd>{schedule.time_zone}</dd></div>
      <div><dt>{t('nextRuns')}</dt><dd>{upcoming.length === 0 ? words.t('home.paused') : <ul className="hf-plain">{upcoming.map((at) => <li key={at}><Time at={at} /></li>)}</ul>}</dd></div></dl>
    {page.may.schedule && <button type="button" className="hf-button" onClick={() => { setAsking(true); }}>{words.t('action.purge_runs.schedule.label')}</button>}
    {asking && <ActionDialog resourceId="purge_runs" close={() => { setAsking(false); }} done={done} record={{ cron: schedule.cron, time_zone: schedule.time_zone }}
      action={{ name: 'schedule', actionType: 'resource', custom: { holdfast: true, grave: false, fields: [{ name: 'cron', type: 'text', required: true, from: 'cron' }, { name: 'time_zone', type: 'text', required: true, from: 'time_zone' }, { name: 'paused', type: 'check' }] } }} />}
  </div></section>;
}

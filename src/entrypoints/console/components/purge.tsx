// The purge page: what is due, by data type and partition; start a run; follow it to its certificate.
import React, { useState } from 'react';
import { Link } from 'react-router-dom';
import type { PurgePreview, PurgeRun } from '../../../domain/retention/index.js';
import type { JsonAnswer } from '../../http/api/json-answer.js';
import { ActionDialog } from './action-dialog.tsx';
import { Failed, Loading, Page, ROOT, useLoaded, useWords } from './kit.tsx';
import { Badge, bytesText, Time } from './value.tsx';

type Preview = JsonAnswer<PurgePreview>;
type Run = Omit<JsonAnswer<PurgeRun>, 'plan'>;
interface PageAnswer { readonly runs: readonly Run[]; readonly schedule: { cron: string; time_zone: string; paused: boolean }; readonly upcoming: readonly string[]; readonly may: { readonly run: boolean } }
const OPEN = new Set(['planned', 'running', 'verifying']);

export default function Purge(): JSX.Element {
  const words = useWords(), t = (key: string, params?: Record<string, string | number>): string => words.t(`purge.${key}`, params);
  const [live, setLive] = useState(false);
  const page = useLoaded<PageAnswer>('/pages/purge', live ? 1_500 : 15_000), preview = useLoaded<{ previews: readonly Preview[] }>('/pages/purge?part=preview');
  const busy = page.data?.runs.some((run) => OPEN.has(run.state)) ?? false;
  if (busy !== live) setLive(busy);
  const due = preview.data?.previews.filter((one) => one.rows_due > 0 || one.rows_held > 0) ?? [];
  const started = (): void => { page.reload(); setTimeout(() => { page.reload(); preview.reload(); }, 2_500); };
  return <Page title={t('title')} subtitle={t('intro')} actions={<button type="button" className="hf-button" onClick={preview.reload} disabled={preview.loading}>{preview.loading ? words.t('home.counting') : t('preview')}</button>}>
    <section className="hf-section"><h2>{t('due')}</h2>
      {preview.problem ? <Failed problem={preview.problem} retry={preview.reload} /> : !preview.data ? <Loading /> : due.length === 0 ? <p className="hf-empty">{t('nothing')}</p>
        : due.map((one) => <Due key={one.data_type} preview={one} mayRun={page.data?.may.run ?? false} started={started} />)}
    </section>
    <section className="hf-section"><h2>{t('runs')}{page.data && <span className="hf-quiet">{page.data.upcoming[0] ? t('next', { at: words.time(page.data.upcoming[0]) }) : words.t('home.paused')}</span>}</h2>
      {page.problem && !page.data ? <Failed problem={page.problem} retry={page.reload} /> : !page.data ? <Loading /> : page.data.runs.length === 0 ? <p className="hf-empty">{t('noRuns')}</p>
        : <ul className="hf-runs" aria-live="polite">{page.data.runs.map((run) => <RunLine key={run.run_id} run={run} />)}</ul>}
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

function RunLine({ run }: { run: Run }): JSX.Element {
  const words = useWords(), t = (key: string, params?: Record<string, string | number>): string => words.t(`purge.${key}`, params);
  const done = run.items.filter((item) => item.state === 'done').length, show = `${ROOT}/resources/purge_runs/records/${run.run_id}/show`;
  return <li className="hf-card hf-run">
    <span><Badge value={run.state} /> <strong>{words.value(run.data_type)}</strong> <span className="hf-quiet">{words.value(run.trigger)} · <Time at={run.planned_at} /></span></span>
    {OPEN.has(run.state) ? <span className="hf-run-progress"><progress max={Math.max(1, run.items.length)} value={done} /> {t('progress', { done: words.number(done), total: words.number(run.items.length) })}</span>
      : <span>{run.failure ? <span className="hf-problem">{run.failure}</span> : t('removed', { n: words.number(run.rows_deleted) })}{run.rows_held > 0 && ` · ${words.t('home.held', { n: words.number(run.rows_held) })}`}</span>}
    <span className="hf-run-links">{run.state === 'certified' && <Link to={`${ROOT}/resources/certificates?filters.run_id=${run.run_id}`}>{t('certificate')}</Link>} <Link to={show}>{t('details')}</Link></span>
  </li>;
}

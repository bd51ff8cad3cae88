// What waits for a second person: what exactly, the numbers, who asked; approve, reject or withdraw.
import React, { useState } from 'react';
import { Link } from 'react-router-dom';
import { ActionDialog } from './action-dialog.tsx';
import { Failed, Loading, Page, ROOT, useLoaded, useWords, type Words } from './kit.tsx';
import { Badge, bytesText, Time } from './value.tsx';

interface Request {
  readonly approval_id: string; readonly action: string; readonly subject_id: string; readonly proposal: Readonly<Record<string, unknown>>; readonly preview: Readonly<Record<string, unknown>>; readonly digest: string; readonly reason: string | null;
  readonly state: string; readonly requested_by: string; readonly requested_at: string; readonly expires_at: string; readonly decided_by: string | null; readonly decided_at: string | null; readonly own?: boolean;
}
interface PageAnswer { readonly pending: readonly Request[]; readonly decided: readonly Request[]; readonly may: { readonly decide: boolean; readonly withdraw: boolean } }
/** Long lists that the record's page shows whole. */
const LONG = new Set(['cut_offs', 'predicate', 'items', 'minimums']);

export default function Approvals(): JSX.Element {
  const words = useWords(), t = (key: string, params?: Record<string, string | number>): string => words.t(`approvals.${key}`, params);
  const page = useLoaded<PageAnswer>('/pages/approvals', 20_000);
  return <Page title={t('title')} subtitle={t('intro')}>
    {page.problem && !page.data ? <Failed problem={page.problem} retry={page.reload} /> : !page.data ? <Loading /> : <>
      <section className="hf-section"><h2>{t('pending')}</h2>
        {page.data.pending.length === 0 ? <p className="hf-empty">{t('nothing')}</p> : page.data.pending.map((one) => <Pending key={one.approval_id} one={one} may={page.data!.may} done={page.reload} />)}
      </section>
      {page.data.decided.length > 0 && <section className="hf-section"><h2>{t('decided')}</h2><ul className="hf-runs">{page.data.decided.map((one) => <li key={one.approval_id} className="hf-card hf-run">
        <span><Badge value={one.state} /> <strong>{words.value(one.action)}</strong> <span className="hf-quiet">{one.subject_id}</span></span>
        <span className="hf-quiet">{one.decided_by && t('decidedBy', { name: one.decided_by, at: one.decided_at ? words.time(one.decided_at) : '' })}</span>
        <span className="hf-run-links"><Link to={`${ROOT}/resources/approvals/records/${one.approval_id}/show`}>{t('details')}</Link></span></li>)}</ul></section>}
    </>}
  </Page>;
}

function Pending({ one, may, done }: { one: Request; may: PageAnswer['may']; done: () => void }): JSX.Element {
  const words = useWords(), t = (key: string, params?: Record<string, string | number>): string => words.t(`approvals.${key}`, params), [asking, setAsking] = useState<'approve' | 'reject' | 'withdraw' | null>(null);
  const numbers = Object.entries(one.preview).filter(([, value]) => value !== null), preview = numbers.map(([name, value]) => `${words.property(name) === name ? words.value(name) : words.property(name)}: ${shown(words, value)}`).join(' · ');
  const reasonField = [{ name: 'reason', type: 'area' as const, required: true }];
  return <article className="hf-card hf-due" aria-label={`${words.value(one.action)}, ${one.subject_id}`}><header><h3>{words.value(one.action)}</h3>
    <span className="hf-actions">
      {may.decide && !one.own && <button type="button" className="hf-button hf-grave" onClick={() => { setAsking('approve'); }}>{words.t('action.approvals.approve.label')}</button>}
      {may.decide && !one.own && <button type="button" className="hf-button" onClick={() => { setAsking('reject'); }}>{words.t('action.approvals.reject.label')}</button>}
      {(one.own || may.withdraw) && <button type="button" className="hf-button" onClick={() => { setAsking('withdraw'); }}>{words.t('action.approvals.withdraw.label')}</button>}
    </span></header>
    {one.own && <p className="hf-note hf-warn">{t('own')}</p>}
    <dl className="hf-row-facts">
      <div><dt>{words.property('requested_by')}</dt><dd>{one.requested_by}</dd></div>
      <div><dt>{words.property('requested_at')}</dt><dd><Time at={one.requested_at} /></dd></div>
      <div><dt>{words.property('expires_at')}</dt><dd><Time at={one.expires_at} /></dd></div>
      {numbers.map(([name, value]) => <div key={name}><dt>{words.property(name) === name ? words.value(name) : words.property(name)}</dt><dd className={typeof value === 'number' || /^\d+$/.test(String(value)) ? 'hf-figure' : undefined}>{name.startsWith('bytes') ? bytesText(words, String(value)) : shown(words, value)}</dd></div>)}
    </dl>
    {one.reason && <p>{one.reason}</p>}
    <details open><summary>{t('exactly')}</summary><dl className="hf-facts">{Object.entries(one.proposal).filter(([name, value]) => value !== null && !LONG.has(name)).map(([name, value]) => <React.Fragment key={name}><dt>{words.property(name)}</dt><dd>{shown(words, value)}</dd></React.Fragment>)}</dl>
      <p className="hf-quiet">{t('digest')} <code>{one.digest.slice(0, 16)}…</code> · <Link to={`${ROOT}/resources/approvals/records/${one.approval_id}/show`}>{t('whole')}</Link></p></details>
    {asking && <ActionDialog resourceId="approvals" recordId={one.approval_id} close={() => { setAsking(null); }} done={done} {...(asking === 'approve' ? { given: { digest: one.digest }, note: t('confirm', { what: words.value(one.action), numbers: preview }) } : {})}
      action={{ name: asking, actionType: 'record', custom: { holdfast: true, grave: asking === 'approve', fields: asking === 'approve' ? [{ name: 'digest', type: 'text' }, { name: 'note', type: 'area' }] : reasonField } }} />}
  </article>;
}

function shown(words: Words, value: unknown): string {
  if (value === null || value === undefined) return '—';
  if (Array.isArray(value)) return value.map((one) => shown(words, one)).join(', ');
  if (typeof value === 'object' && isCount(value)) return words.t('approvals.erasure', { erased: words.number(value.erased), kept: words.number(Number(value.held) + Number(value.kept)), until: value.goes_at === null ? '' : words.time(value.goes_at) });
  if (typeof value === 'object') return Object.entries(value).map(([name, one]) => `${words.property(name)}: ${shown(words, one)}`).join(', ');
  const text = String(value);
  if (/^\d{4}-\d{2}-\d{2}T/.test(text)) return words.time(text);
  if (/^P[\dYMWDTH]+$/.test(text)) return words.period(text);
  return /^\d+$/.test(text) ? words.number(text) : words.value(text);
}

/** What an erasure does to one data type. */
function isCount(value: object): value is { erased: string; held: string; kept: string; goes_at: string | null } { return 'erased' in value && 'held' in value && 'kept' in value; }

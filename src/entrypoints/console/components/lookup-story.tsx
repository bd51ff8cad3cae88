// The story of a call, section by section, as a support agent reads it out: what, how much, to whom, how long, proven how.
import React, { useState } from 'react';
import { Link } from 'react-router-dom';
import { ActionDialog } from './action-dialog.tsx';
import { ROOT, useWords } from './kit.tsx';
import type { LookupAnswer } from './lookup.tsx';
import { Around } from './lookup-around.tsx';
import { Charge } from './lookup-charge.tsx';
import { OpenDispute } from './open-dispute.tsx';
import { Packs } from './lookup-packs.tsx';
import { Proof } from './lookup-proof.tsx';
import { Timeline } from './lookup-timeline.tsx';
import { Transfers } from './lookup-transfers.tsx';
import { Badge, hrefOf, money, Time } from './value.tsx';

export type Story_ = LookupAnswer['story'];

export function Story({ answer, purpose, again }: { answer: LookupAnswer; purpose: string; again: () => void }): JSX.Element {
  const words = useWords(), { story, may } = answer, t = (key: string, params?: Record<string, string | number>): string => words.t(`lookup.${key}`, params);
  const [holding, setHolding] = useState(false);
  return <div className="hf-story">
    <div className="hf-story-head"><p className="hf-quiet" role="status">{t('recorded', { purpose: words.value(purpose) })}</p>
      {may.dispute && story.account && <OpenDispute requestId={story.request_id} />}
      {may.hold && story.account && <button type="button" className="hf-button" onClick={() => { setHolding(true); }}>{t('holdAccount')}</button>}</div>
    <div className="hf-story-column">
    <CallFacts story={story} />
    <Timeline story={story} />
    <Transfers transfers={story.transfers} />
    <Retention story={story} mayOpen={may.open} again={again} />
    <Around calls={answer.around} requestId={story.request_id} />
    </div>
    <div className="hf-story-column">
    <Charge story={story} />
    <Proof proof={story.proof} check={answer.proof} again={again} />
    <Packs story={story} may={may} purpose={purpose} again={again} />
    <section className="hf-card"><h2>{t('access')}</h2>
      {story.access.length === 0 ? <p className="hf-quiet">{t('nobody')}</p> : <ul className="hf-lines">{story.access.map((one) => <li key={one.record_id}><Time at={one.at} /> <strong>{one.actor}</strong> <span className="hf-code">{one.action}</span>{one.purpose && <> · {words.value(one.purpose)}</>}{one.reason && <> · {one.reason}</>}</li>)}</ul>}
    </section>
    </div>
    {holding && story.account && <ActionDialog resourceId="holds" given={{ account_id: story.account }} close={() => { setHolding(false); }} done={again}
      action={{ name: 'place', actionType: 'resource', custom: { holdfast: true, grave: false, fields: [
        { name: 'account_id', type: 'text' }, { name: 'matter', type: 'text', required: true }, { name: 'requester', type: 'text', required: true }, { name: 'hold_basis', type: 'area', required: true }, { name: 'review_on', type: 'day', required: true }] } }} />}
  </div>;
}

function CallFacts({ story }: { story: Story_ }): JSX.Element {
  const words = useWords(), t = (key: string, params?: Record<string, string | number>): string => words.t(`lookup.${key}`, params);
  const total = duration(Date.parse(story.ended_at) - Date.parse(story.at));
  const facts: [string, React.ReactNode][] = [
    [words.property('request_id'), <code key="id">{story.request_id}</code>],
    [words.property('account_id'), story.account ? <Link key="account" to={hrefOf('accounts', story.account)}>{story.account}</Link> : '—'],
    [words.property('key_id'), story.key ? <Link key="key" to={hrefOf('keys', story.key)}>{story.key_name ?? story.key}</Link> : '—'],
    [words.property('at'), <><Time at={story.at} /> <span className="hf-quiet">{story.first_byte_ms === null ? t('tookTotal', { total }) : t('took', { total, first: duration(story.first_byte_ms) })}</span></>],
    [words.property('model'), <><code>{story.model ?? '—'}</code>{story.served_model && story.served_model !== story.model && <> → <code>{story.served_model}</code></>}</>],
    ['API', <><code>{story.method} {story.path}</code> <span className="hf-quiet">{t(story.stream ? 'stream' : 'noStream')}</span></>],
    ...(story.upstream_request_id ? [[words.property('upstream_request_id'), <code key="up">{story.upstream_request_id}</code>] as [string, React.ReactNode]] : []),
    ...(story.answer_id ? [[words.property('answer_id'), <code key="answer">{story.answer_id}</code>] as [string, React.ReactNode]] : []),
    ...(story.session_id ? [[words.property('session_id'), <Link key="session" to={`${ROOT}/resources/calls?filters.session_id=${encodeURIComponent(story.session_id)}`}><code>{story.session_id}</code></Link>] as [string, React.ReactNode]] : []),
    ...(story.client_request_id ? [[words.property('client_request_id'), <code key="client">{story.client_request_id}</code>] as [string, React.ReactNode]] : []),
    ...(story.caller_region ? [[words.property('caller_region'), `${story.caller_region} · ${words.country(story.caller_region)}`] as [string, React.ReactNode]] : []),
  ];
  return <section className="hf-card hf-call"><header><h2>{t('call')}</h2><Badge value={story.status} /> {story.http_status > 0 && <span className="hf-code">HTTP {story.http_status}</span>}{story.refusal_code && <span className="hf-code">{story.refusal_code}</span>}
    <span className="hf-grow" />{story.currency && <span className="hf-figure">{money(story.cost_micros, story.currency)}</span>}</header>
    {story.refusal_code && <p className="hf-note hf-warn">{words.t(`error.${story.refusal_code}`) || story.refusal_code}</p>}
    <dl className="hf-facts">{facts.map(([name, value]) => <React.Fragment key={name}><dt>{name}</dt><dd>{value}</dd></React.Fragment>)}</dl>
    {story.account_seq !== null && <p className="hf-quiet">{t('sequence', { n: words.number(story.account_seq) })}</p>}
  </section>;
}

function duration(ms: number): string { return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`; }

const OPENING = ['service_delivery', 'billing', 'troubleshooting', 'security_audit', 'anomaly_detection', 'abuse_prevention', 'content_safety', 'compliance_retention', 'dispute_resolution', 'lawful_cooperation'];

function Retention({ story, mayOpen, again }: { story: Story_; mayOpen: boolean; again: () => void }): JSX.Element {
  const words = useWords(), t = (key: string, params?: Record<string, string | number>): string => words.t(`lookup.${key}`, params);
  const [opening, setOpening] = useState<'sent' | 'received' | null>(null);
  return <section className="hf-card"><h2>{t('retention')}</h2>
    <p>{story.holds.length === 0 ? t('noHolds') : <span className="hf-badge hf-warn">{t('holdsInForce', { matters: story.holds.map((hold) => hold.matter).join(', ') })}</span>}</p>
    <dl className="hf-facts hf-retention">{Object.entries(story.retention).map(([type, one]) => <React.Fragment key={type}>
      <dt>{words.value(type)}<small>{t(one.stored ? 'stored' : 'notStored')}</small></dt>
      <dd><p>{one.policy ? t('policyText', { keep: words.period(one.policy.keep), start: words.value(one.policy.starts_at) }) : t('noPolicy')}{one.policy?.source && <span className="hf-quiet"> · {words.value(one.policy.source)}</span>}</p>
        {one.stored && <p>{one.waiting_for ? t('waiting', { event: words.value(one.waiting_for) }) : one.delete_at && <>{t('delete')} <Time at={one.delete_at} /></>}{one.retain_until && <> · {t('until')} <Time at={one.retain_until} /></>}</p>}
        {one.stored && mayOpen && type.endsWith('_content') && <p><button type="button" className="hf-button" onClick={() => { setOpening(type === 'input_content' ? 'sent' : 'received'); }}>{words.t('action.content_grants.open.label')}</button></p>}</dd>
    </React.Fragment>)}</dl>
    {story.holds.length > 0 && <p><Link to={`${ROOT}/resources/holds?filters.account_id=${story.account ?? ''}`}>{words.t('labels.holds')}</Link></p>}
    {opening && <ActionDialog resourceId="content_grants" given={{ request_id: story.request_id, side: opening }} close={() => { setOpening(null); again(); }} done={() => undefined}
      action={{ name: 'open', actionType: 'resource', custom: { holdfast: true, grave: false, fields: [
        { name: 'request_id', type: 'text' }, { name: 'side', type: 'choice' }, { name: 'purpose', type: 'choice', required: true, values: OPENING }, { name: 'case_ref', type: 'text' }, { name: 'reason', type: 'area', required: true }] } }} />}
  </section>;
}

// Every transmission of the call: who received it in law, where, across which border and on what basis.
import React from 'react';
import { Link } from 'react-router-dom';
import { useWords } from './kit.tsx';
import type { Story_ } from './lookup-story.tsx';
import { Badge, bytesText, hrefOf, Time } from './value.tsx';

export function Transfers({ transfers }: { transfers: Story_['transfers'] }): JSX.Element {
  const words = useWords(), t = (key: string, params?: Record<string, string | number>): string => words.t(`lookup.${key}`, params);
  const place = (code: string): string => `${code} · ${words.country(code)}`;
  return <section className="hf-card"><h2>{t('transfers')}</h2>
    {transfers.length === 0 && <p className="hf-empty">{t('noTransfer')}</p>}
    {transfers.map((one) => <article key={one.transfer_id} className="hf-transfer">
      <header><h3>{transfers.length > 1 && `${t('attempt', { n: one.attempt })}: `}<Link to={hrefOf('providers', one.provider)}>{one.provider_name}</Link></h3>
        <span className={`hf-badge ${one.cross_border ? 'hf-warn' : 'hf-good'}`}>{t(one.cross_border ? 'crossBorder' : 'domestic')}</span>
        {one.outcome ? <Badge value={one.outcome.outcome} /> : <Badge value="waiting" text={t('openOutcome')} />}</header>
      <p className="hf-flow"><strong>{place(one.origin)}</strong> <span aria-hidden="true">→</span> <strong>{one.jurisdictions.map(place).join(', ')}</strong></p>
      <dl className="hf-facts">
        <dt>{words.property('legal_entity')}</dt><dd>{one.legal_entity} <span className="hf-quiet">{words.value(one.category)}</span></dd>
        <dt>{t('basis')}</dt><dd>{one.basis ? words.value(one.basis) : '—'}{one.confirmation_ids.map((id) => <React.Fragment key={id}> <Link to={hrefOf('confirmations', id)} title={id}>{id.slice(0, 8)}…</Link></React.Fragment>)}</dd>
        <dt>{t('terms')}</dt><dd>{one.terms_version ?? '—'}</dd>
        <dt>{t('dataSent')}</dt><dd>{one.data_categories.map((category) => words.value(category)).join(', ')} <span className="hf-quiet">{bytesText(words, one.request_bytes)}</span></dd>
        <dt>{t('host')}</dt><dd><code>{one.upstream_host}</code> <span className="hf-quiet">{one.upstream_model}</span></dd>
        <dt>{words.property('at')}</dt><dd><Time at={one.at} /></dd>
        {one.outcome && <><dt>{t('outcome')}</dt><dd>{words.value(one.outcome.outcome)}{one.outcome.http_status !== null && ` · HTTP ${one.outcome.http_status}`} · {bytesText(words, one.outcome.response_bytes)} · {words.number(one.outcome.duration_ms)} ms{one.outcome.upstream_request_id && <> · <code>{one.outcome.upstream_request_id}</code></>}</dd></>}
      </dl></article>)}
  </section>;
}

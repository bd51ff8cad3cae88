// One usage file held against our records: totals by class, sums by day and model, and what is not matched, each call one click away.
import React, { useState } from 'react';
import { Link } from 'react-router-dom';
import type { ReconcileAnswer } from '../pages/reconcile.page.js';
import { useWords } from './kit.tsx';
import { Badge, FROM_LIST, hrefOf } from './value.tsx';

const MOST = 200;
type Tokens = { readonly input: string; readonly output: string } | null;

export function ReconcileResult({ answer }: { answer: ReconcileAnswer }): JSX.Element {
  const words = useWords(), t = (key: string): string => words.t(`reconcile.${key}`), { classes, total, groups, differences, imported, csv } = answer, [only, setOnly] = useState('');
  const pair = (tokens: Tokens): string => (tokens ? `${words.number(tokens.input)} / ${words.number(tokens.output)}` : '—'), count = (counts: Readonly<Record<string, number>>, name: string): number => counts[name] ?? 0;
  // From a sum to its lines: a day and model chosen above narrows the list below.
  const shown = differences.filter((one) => only === '' || `${one.day} ${one.model}` === only);
  const save = (): void => {
    const url = URL.createObjectURL(new Blob([csv], { type: 'text/csv;charset=utf-8' })), link = document.createElement('a');
    link.href = url; link.download = `reconciliation-${imported.provider}-${imported.from}-${imported.to}.csv`; link.click();
    URL.revokeObjectURL(url);
  };
  return <div role="status">
    <section className="hf-card"><h2>{imported.name}</h2>
      <dl className="hf-facts">{classes.map((name) => <React.Fragment key={name}><dt>{words.value(name)}</dt><dd>{words.number(count(total, name))}</dd></React.Fragment>)}</dl>
      <p><button type="button" className="hf-button" onClick={save}>{t('csv')}</button></p></section>
    <section className="hf-card"><h2>{t('groups')}</h2>{groups.length === 0 ? <p className="hf-quiet">{t('nothing')}</p> : <div className="hf-table-box"><table className="hf-table"><thead><tr><th scope="col">{t('day')}</th><th scope="col">{t('model')}</th>{classes.map((name) => <th key={name} scope="col" className="hf-right">{words.value(name)}</th>)}<th scope="col" className="hf-right">{t('ours')}</th><th scope="col" className="hf-right">{t('theirs')}</th></tr></thead>
      <tbody>{groups.map((group) => { const key = `${group.day} ${group.model}`; return <tr key={key}><td data-label={t('day')}>{group.day}</td><td data-label={t('model')}><button type="button" className="hf-button hf-plain" aria-pressed={only === key} onClick={() => { setOnly(only === key ? '' : key); }}>{group.model}</button></td>
        {classes.map((name) => <td key={name} className="hf-right" data-label={words.value(name)}>{words.number(count(group.counts, name))}</td>)}<td className="hf-right" data-label={t('ours')}>{pair(group.ours)}</td><td className="hf-right" data-label={t('theirs')}>{pair(group.theirs)}</td></tr>; })}</tbody></table></div>}</section>
    <section className="hf-card"><h2>{t('differences')}</h2>{shown.length === 0 ? <p className="hf-quiet">{t('allMatched')}</p> : <div className="hf-table-box"><table className="hf-table"><thead><tr><th scope="col">{t('class')}</th><th scope="col">{t('day')}</th><th scope="col">{t('model')}</th><th scope="col">{t('their')}</th><th scope="col">{t('call')}</th><th scope="col" className="hf-right">{t('ours')}</th><th scope="col" className="hf-right">{t('theirs')}</th><th scope="col" className="hf-right">{t('amount')}</th></tr></thead>
      <tbody>{shown.slice(0, MOST).map((one, index) => <tr key={`${one.upstreamId ?? one.requestId ?? ''} ${index}`}><td data-label={t('class')}><Badge value={one.class} /></td><td data-label={t('day')}>{one.day}</td><td data-label={t('model')}><code>{one.model}</code></td><td data-label={t('their')}>{one.upstreamId ? <code>{one.upstreamId}</code> : '—'}</td>
        <td data-label={t('call')}>{one.requestId ? <Link to={hrefOf('lookup', one.requestId)} {...FROM_LIST}><code>{one.requestId.slice(-12)}</code></Link> : '—'}</td><td className="hf-right" data-label={t('ours')}>{pair(one.ours)}</td><td className="hf-right" data-label={t('theirs')}>{pair(one.theirs)}</td><td className="hf-right" data-label={t('amount')}>{one.amount ?? '—'}</td></tr>)}</tbody></table></div>}
      {shown.length > MOST && <p className="hf-quiet">{words.t('reconcile.most', { n: words.number(MOST) })}</p>}</section>
  </div>;
}

// Usage and charges of a window as a chart and a table, and what is used of an account's budgets and quotas.
import { Button } from '@adminjs/design-system';
import React, { useEffect, useId, useState, type FormEvent } from 'react';
import { useSearchParams } from 'react-router-dom';
import type { UsageAnswer, UsageLimit } from '../pages/usage.page.js';
import { call, Failed, Page, useWords, type Problem } from './kit.tsx';
import { PurposeSelect, usePurpose } from './purpose-gate.tsx';
import { UsageChart } from './usage-chart.tsx';
import { money } from './value.tsx';

type Row = UsageAnswer['rows'][number];
const GROUPS = ['day', 'model', 'provider', 'key', 'account'];

export default function Usage(): JSX.Element {
  const words = useWords(), [search, setSearch] = useSearchParams(), [purpose, setPurpose] = usePurpose(), id = useId();
  const [values, setValues] = useState(() => Object.fromEntries(['account', 'key', 'from', 'to'].map((name) => [name, search.get(name) ?? '']))), [groupBy, setGroupBy] = useState(search.get('by') ?? 'day');
  const [answer, setAnswer] = useState<UsageAnswer | null>(null), [problem, setProblem] = useState<Problem | null>(null), [busy, setBusy] = useState(false);
  const read = async (): Promise<void> => {
    setBusy(true); setProblem(null);
    const found = await call<UsageAnswer>('/pages/usage', { ...values, group_by: groupBy, purpose });
    setBusy(false);
    if (!found.ok) { setAnswer(null); setProblem(found.problem); return; }
    setAnswer(found.data);
    setSearch(Object.fromEntries([...Object.entries(values).filter(([, value]) => value !== ''), ['by', groupBy]]), { replace: true });
  };
  useEffect(() => { if (purpose !== '') void read(); }, []);
  const field = (name: string, type: string): JSX.Element => <div className="hf-field"><label htmlFor={`${id}-${name}`}>{words.t(`usage.${name}`)}</label>
    <input id={`${id}-${name}`} type={type} value={values[name] ?? ''} maxLength={120} onChange={(event) => { setValues((old) => ({ ...old, [name]: event.target.value })); }} /></div>;
  return <Page title={words.t('usage.title')} subtitle={words.t('usage.intro')}>
    <form className="hf-card hf-usage-form" onSubmit={(event: FormEvent) => { event.preventDefault(); if (!busy) void read(); }} noValidate>
      {field('account', 'text')}{field('key', 'text')}{field('from', 'date')}{field('to', 'date')}
      <div className="hf-field"><label htmlFor={`${id}-by`}>{words.t('usage.by')}</label><select id={`${id}-by`} value={groupBy} onChange={(event) => { setGroupBy(event.target.value); }}>
        {GROUPS.map((group) => <option key={group} value={group}>{words.t(`usage.group.${group}`)}</option>)}</select></div>
      <PurposeSelect value={purpose} change={setPurpose} label={words.t('usage.purpose')} invalid={problem?.field === 'purpose'} />
      <div className="hf-lookup-go"><Button type="submit" variant="contained" disabled={busy}>{busy ? words.t('form.working') : words.t('usage.show')}</Button></div>
    </form>
    {problem && <Failed problem={problem} />}
    {answer && <div role="status" className="hf-usage-result">{answer.rows.length === 0 ? <p className="hf-card hf-quiet">{words.t('usage.nothing')}</p> : <Summary answer={answer} />}
      {values['account'] !== '' && <Limits limits={answer.limits} />}</div>}
  </Page>;
}

function tokensOf(row: Row): bigint { return BigInt(row.input) + BigInt(row.cacheRead) + BigInt(row.cacheWrite) + BigInt(row.output); }

function Summary({ answer: { rows, group_by: groupBy, csv } }: { answer: UsageAnswer }): JSX.Element {
  const words = useWords(), currencies = [...new Set(rows.map((row) => row.currency).filter((one) => one !== null))];
  const [measure, setMeasure] = useState('cost'), [chosen, setChosen] = useState(''), currency = currencies.includes(chosen) ? chosen : currencies[0];
  const name = (row: Row): string => row.group ?? words.t('usage.none');
  const charted = measure === 'cost' ? rows.filter((row) => row.currency === currency) : rows;
  const sums = new Map<string, bigint>();
  for (const row of charted) sums.set(name(row), (sums.get(name(row)) ?? 0n) + (measure === 'cost' ? BigInt(row.cost) : tokensOf(row)));
  const bars = [...sums].map(([group, value]) => ({ group, value: String(value), shown: measure === 'cost' ? money(String(value), currency ?? null) : words.number(String(value)) }));
  const heads = [words.t(`usage.group.${groupBy}`), words.t('usage.calls'), words.t('usage.estimated'), words.t('usage.input'), words.t('usage.cacheRead'), words.t('usage.cacheWrite'), words.t('usage.output'), words.t('usage.cost')];
  return <section className="hf-card">
    <div className="hf-usage-head">
      <label>{words.t('usage.measure')} <select value={measure} onChange={(event) => { setMeasure(event.target.value); }}><option value="cost">{words.t('usage.cost')}</option><option value="tokens">{words.t('usage.tokens')}</option></select></label>
      {measure === 'cost' && currencies.length > 1 && <label>{words.t('usage.currency')} <select value={currency} onChange={(event) => { setChosen(event.target.value); }}>{currencies.map((one) => <option key={one}>{one}</option>)}</select></label>}
      <button type="button" className="hf-button" onClick={() => { save(csv, groupBy); }}>{words.t('usage.csv')}</button>
    </div>
    <UsageChart bars={bars} days={groupBy === 'day'} />
    <div className="hf-table-box"><table className="hf-table"><thead><tr>{heads.map((head, index) => <th key={head} scope="col" className={index > 0 ? 'hf-right' : undefined}>{head}</th>)}</tr></thead>
      <tbody>{rows.map((row) => <tr key={`${row.group} ${row.currency}`}><td data-label={heads[0]}>{name(row)}</td>
        {[row.calls, row.estimated, row.input, row.cacheRead, row.cacheWrite, row.output].map((value, index) => <td key={heads[index + 1]} className="hf-right" data-label={heads[index + 1]}>{words.number(value)}</td>)}
        <td className="hf-right" data-label={heads[7]}>{row.currency === null ? <span className="hf-quiet">{words.t('usage.none')}</span> : money(row.cost, row.currency)}</td></tr>)}</tbody>
      <tfoot>{currencies.map((one) => <tr key={one}><th scope="row" colSpan={7}>{words.t('usage.total')}</th><td className="hf-right"><strong>{money(String(rows.filter((row) => row.currency === one).reduce((sum, row) => sum + BigInt(row.cost), 0n)), one)}</strong></td></tr>)}</tfoot></table></div>
  </section>;
}

/** Hands the text to the browser as a file. */
function save(csv: string, groupBy: string): void {
  const url = URL.createObjectURL(new Blob([csv], { type: 'text/csv;charset=utf-8' })), link = document.createElement('a');
  link.href = url;
  link.download = `holdfast-usage-by-${groupBy}.csv`;
  link.click();
  URL.revokeObjectURL(url);
}

function Limits({ limits }: { limits: readonly UsageLimit[] }): JSX.Element {
  const words = useWords();
  return <section className="hf-card"><h2>{words.t('usage.limits')}</h2>
    {limits.length === 0 && <p className="hf-quiet">{words.t('usage.noLimits')}</p>}
    {limits.map((one) => <div key={one.id} className="hf-limit"><h3>{one.kind === 'account' ? words.t('usage.ofAccount') : words.t('usage.ofKey', { name: one.name ?? one.id })}</h3>
      {one.bars.map((bar) => {
        const say = (value: string): string => (bar.of === 'budget' ? money(value, bar.currency) : words.number(value)), part = Math.min(100, Number((BigInt(bar.used) * 100n) / BigInt(bar.limit)));
        const used = words.t('usage.used', { used: say(bar.used), limit: say(bar.limit) });
        return <div key={bar.of}><p><strong>{words.t(`usage.${bar.of}.${bar.period}`)}</strong> {used}</p>
          <progress max={100} value={part} className={part >= 100 ? 'hf-full' : part >= 80 ? 'hf-nearly' : undefined} aria-label={used}>{part} %</progress>
          <p className="hf-quiet">{words.t('usage.until', { at: words.time(bar.until) })}</p></div>;
      })}
      {one.concurrent !== null && <p>{words.t('usage.concurrent', { n: words.number(one.concurrent) })}</p>}
      {(one.requestsPerMinute !== null || one.tokensPerMinute !== null) && <p>{words.t('usage.perMinute', { requests: one.requestsPerMinute === null ? words.t('usage.unlimited') : words.number(one.requestsPerMinute), tokens: one.tokensPerMinute === null ? words.t('usage.unlimited') : words.number(one.tokensPerMinute) })}</p>}
    </div>)}
  </section>;
}

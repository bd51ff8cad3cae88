// Provider usage files against our records: taking one in, and holding it against the calls of its days.
import React, { useId, useState } from 'react';
import type { ReconcileAnswer, ReconcileList } from '../pages/reconcile.page.js';
import { call, Failed, Loading, Page, useLoaded, useWords, type Problem } from './kit.tsx';
import { PurposeSelect, usePurpose } from './purpose-gate.tsx';
import { ReconcileResult } from './reconcile-result.tsx';
import { TableUpload, type LineProblem } from './table-upload.tsx';
import { Time } from './value.tsx';

interface Preview { readonly rows: number; readonly by_request: boolean; readonly from_day: string | null; readonly to_day: string | null; readonly models: readonly { readonly model: string; readonly rows: number; readonly input_tokens: number; readonly output_tokens: number }[]; readonly problems: readonly LineProblem[]; readonly import_id: string | null }

export default function Reconcile(): JSX.Element {
  const words = useWords(), t = (key: string): string => words.t(`reconcile.${key}`), id = useId(), [purpose, setPurpose] = usePurpose(), loaded = useLoaded<ReconcileList>('/pages/reconcile');
  const [chosen, setChosen] = useState(''), [tolerance, setTolerance] = useState({ tokens: '0', percent: '0' }), [answer, setAnswer] = useState<ReconcileAnswer | null>(null), [problem, setProblem] = useState<Problem | null>(null), [busy, setBusy] = useState(false);
  if (loaded.problem && !loaded.data) return <Page title={t('title')}><Failed problem={loaded.problem} retry={loaded.reload} /></Page>;
  if (!loaded.data) return <Page title={t('title')}><Loading /></Page>;
  const { imports, providers, mayImport } = loaded.data;
  const show = async (): Promise<void> => {
    setBusy(true); setProblem(null); setAnswer(null);
    const found = await call<ReconcileAnswer>('/pages/reconcile', { import: chosen, tolerance_tokens: tolerance.tokens, tolerance_percent: tolerance.percent, purpose });
    setBusy(false);
    if (found.ok) setAnswer(found.data); else setProblem(chosen === '' ? { code: 'invalid_request', message: t('chosen') } : found.problem);
  };
  return <Page title={t('title')} subtitle={t('intro')}>
    {mayImport && <><h2>{t('import')}</h2>{providers.length === 0 ? <p className="hf-empty">{t('noProviders')}</p> : <TableUpload<Preview, object> path="usage" taken={loaded.reload}
      choices={<div className="hf-field"><label htmlFor={`${id}-provider`}>{t('provider')}</label><select id={`${id}-provider`} name="provider">{providers.map((one) => <option key={one}>{one}</option>)}</select></div>}
      take={(plan) => (plan.import_id === null ? '' : null)}
      preview={(plan) => <><p>{words.t('reconcile.holds', { rows: words.number(plan.rows), from: plan.from_day ?? '', to: plan.to_day ?? '' })} · {t('per')} {plan.by_request ? t('request') : t('sum')}</p>
        <ul className="hf-lines">{plan.models.map((one) => <li key={one.model}><code>{one.model}</code> {words.number(one.rows)} · {words.number(one.input_tokens)} / {words.number(one.output_tokens)}</li>)}</ul>
        {plan.import_id !== null && <p className="hf-note">{t('before')}</p>}</>}
      done={() => t('taken')} />}<p className="hf-quiet">{t('importHelp')}</p></>}
    <h2>{t('files')}</h2>
    {imports.length === 0 ? <p className="hf-empty">{t('noFiles')}</p> : <form className="hf-card" onSubmit={(event) => { event.preventDefault(); if (!busy) void show(); }} noValidate>
      <div className="hf-table-box"><table className="hf-table"><caption className="hf-hidden">{t('files')}</caption><thead><tr><th scope="col"><span className="hf-hidden">{t('chosen')}</span></th><th scope="col">{t('name')}</th><th scope="col">{t('provider')}</th><th scope="col" className="hf-right">{t('rows')}</th><th scope="col">{t('days')}</th><th scope="col">{t('by')}</th></tr></thead>
        <tbody>{imports.slice(0, 50).map((one) => <tr key={one.id}><td><input type="radio" name="import" id={`${id}-${one.id}`} checked={chosen === one.id} onChange={() => { setChosen(one.id); }} /></td><td data-label={t('name')}><label htmlFor={`${id}-${one.id}`}>{one.name}</label></td><td data-label={t('provider')}>{one.provider}</td>
          <td className="hf-right" data-label={t('rows')}>{words.number(one.rows)} {one.byRequest ? t('request') : t('sum')}</td><td data-label={t('days')}>{one.from} – {one.to}</td><td data-label={t('by')}><span>{one.by}<br /><Time at={one.at} /></span></td></tr>)}</tbody></table></div>
      <div className="hf-list-tools">
        <div className="hf-field"><label htmlFor={`${id}-tokens`}>{t('tolerance')}</label><input id={`${id}-tokens`} type="text" inputMode="numeric" value={tolerance.tokens} onChange={(event) => { setTolerance({ ...tolerance, tokens: event.target.value }); }} /></div>
        <div className="hf-field"><label htmlFor={`${id}-percent`}>{t('percent')}</label><input id={`${id}-percent`} type="text" inputMode="decimal" value={tolerance.percent} onChange={(event) => { setTolerance({ ...tolerance, percent: event.target.value }); }} /></div>
        <PurposeSelect value={purpose} change={setPurpose} label={t('purpose')} invalid={problem?.field === 'purpose'} />
        <button type="submit" className="hf-button hf-main" disabled={busy}>{busy ? words.t('form.working') : t('show')}</button></div>
    </form>}
    {problem && <Failed problem={problem} />}
    {answer && <ReconcileResult answer={answer} />}
  </Page>;
}

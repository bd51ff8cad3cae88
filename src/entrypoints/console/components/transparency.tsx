// The transparency report of a period, with its files.
import React, { useId, useState, type FormEvent } from 'react';
import type { TransparencyAnswer } from '../pages/transparency.page.js';
import { Failed, Loading, Page, ROOT, useLoaded, useWords } from './kit.tsx';

export default function Transparency(): JSX.Element {
  const words = useWords(), t = (key: string): string => words.t(`transparency.${key}`), id = useId(), year = new Date().getFullYear();
  const [period, setPeriod] = useState({ from: `${year}-01-01`, to: `${year}-12-31` }), query = new URLSearchParams(period).toString(), loaded = useLoaded<TransparencyAnswer>(`/pages/transparency?${query}`);
  const show = (event: FormEvent<HTMLFormElement>): void => { event.preventDefault(); const data = new FormData(event.currentTarget); setPeriod({ from: String(data.get('from')), to: String(data.get('to')) }); };
  const file = (name: string): string => `${ROOT}/download/${name}?${query}`;
  return <Page title={t('title')} subtitle={t('intro')} actions={<>
    <a className="hf-button" href={file('transparency.csv')} download>{t('csv')}</a><a className="hf-button" href={`${file('transparency.pdf')}&language=${words.language === 'en' ? 'en' : 'zh'}`} download>{t('pdf')}</a><a className="hf-button" href={file('transparency.json')} download>{t('json')}</a><a className="hf-button" href={file('disclosures.csv')} download>{t('log')}</a>
  </>}>
    <form className="hf-list-tools" onSubmit={show}>
      <div className="hf-field"><label htmlFor={`${id}-from`}>{t('from')}</label><input id={`${id}-from`} type="date" name="from" defaultValue={period.from} required /></div>
      <div className="hf-field"><label htmlFor={`${id}-to`}>{t('to')}</label><input id={`${id}-to`} type="date" name="to" defaultValue={period.to} required /></div>
      <button type="submit" className="hf-button">{t('show')}</button>
    </form>
    <p className="hf-quiet">{t('overlap')}</p>
    {loaded.problem ? <Failed problem={loaded.problem} retry={loaded.reload} /> : !loaded.data ? <Loading /> : loaded.data.rows.length === 0 ? <p className="hf-empty">{t('empty')}</p> : <Table report={loaded.data} />}
  </Page>;
}

function Table({ report }: { report: TransparencyAnswer }): JSX.Element {
  const words = useWords(), t = (key: string): string => words.t(`transparency.${key}`);
  const line = (key: string, country: string, type: string, cells: Readonly<Record<string, string | number>>): JSX.Element => <tr key={key}>
    <td data-label={t('country')}>{country}</td><td data-label={t('instrument')}>{type}</td>{report.figures.map((figure) => <td key={figure} className="hf-right" data-label={words.t(`figure.${figure}`)}>{cells[figure]}</td>)}</tr>;
  return <div className="hf-table-box"><table className="hf-table"><caption className="hf-hidden">{t('title')}</caption>
    <thead><tr><th scope="col">{t('country')}</th><th scope="col">{t('instrument')}</th>{report.figures.map((figure) => <th key={figure} scope="col" className="hf-right">{words.t(`figure.${figure}`)}</th>)}</tr></thead>
    <tbody>{report.rows.map((row) => line(`${row.country}/${row.instrument_type}`, `${row.country} ${words.country(row.country)}`, words.value(row.instrument_type), row.cells))}{line('all', t('all'), '', report.total)}</tbody>
  </table></div>;
}

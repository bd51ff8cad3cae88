// A simulation: today's policies beside the draft, as numbers, as a chart by day, and as a table for those who cannot see the chart.
import React from 'react';
import type { Simulation } from '../../../domain/retention/index.js';
import type { JsonAnswer } from '../../http/api/json-answer.js';
import { useWords } from './kit.tsx';
import { bytesText, Time } from './value.tsx';

type Answer = JsonAnswer<Simulation>;
const WIDTH = 720, HEIGHT = 170, BASE = 148, TOP = 10, LEFT = 48, MOST = 90;

/** Days as they are, or joined so that a column stays wide enough to see. */
function columnsOf(days: Answer['days']): { from: string; to: string; today: number; draft: number; held: number }[] {
  const each = Math.max(1, Math.ceil(days.length / MOST)), columns = [];
  for (let at = 0; at < days.length; at += each) {
    const part = days.slice(at, at + each), sum = (field: 'today' | 'draft' | 'held'): number => part.reduce((total, day) => total + day[field], 0);
    columns.push({ from: part[0]!.day, to: part.at(-1)!.day, today: sum('today'), draft: sum('draft'), held: sum('held') });
  }
  return columns;
}

export function SimulationView({ simulation, keep }: { simulation: Answer; keep: string }): JSX.Element {
  const words = useWords(), t = (key: string, params?: Record<string, string | number>): string => words.t(`simulation.${key}`, params), { today, draft } = simulation;
  const rows = [
    [t('rows'), words.number(today.rows), words.number(draft.rows)], [t('bytes'), bytesText(words, today.bytes), bytesText(words, draft.bytes)], [t('accounts'), words.number(today.accounts), words.number(draft.accounts)],
    [t('held'), words.number(today.held_rows), words.number(draft.held_rows)],
  ] as const;
  return <section aria-label={t('title')}>
    <h3>{t('title')}</h3>
    <div className="hf-table-box"><table className="hf-table hf-narrow"><thead><tr><th scope="col"><span className="hf-hidden">{t('what')}</span></th><th scope="col" className="hf-right">{t('today')}</th><th scope="col" className="hf-right">{t('draft', { keep: words.period(keep.toUpperCase()) })}</th></tr></thead>
      <tbody>{rows.map(([name, a, b]) => <tr key={name}><th scope="row">{name}</th><td className="hf-right" data-label={t('today')}>{a}</td><td className="hf-right" data-label={t('draftShort')}><strong>{b}</strong></td></tr>)}
        <tr><th scope="row">{t('oldest')}</th><td className="hf-right" data-label={t('today')}>{today.oldest ? <Time at={today.oldest} /> : '—'}</td><td className="hf-right" data-label={t('draftShort')}>{draft.oldest ? <Time at={draft.oldest} /> : '—'}</td></tr></tbody></table></div>
    {simulation.days.length === 0 ? <p className="hf-empty">{t('nothing')}</p> : <Chart days={simulation.days} />}
    <p className="hf-quiet">{t('took', { n: words.number(simulation.took_ms) })}</p>
  </section>;
}

function Chart({ days }: { days: Answer['days'] }): JSX.Element {
  const words = useWords(), t = (key: string, params?: Record<string, string | number>): string => words.t(`simulation.${key}`, params), columns = columnsOf(days);
  const most = Math.max(1, ...columns.map((column) => Math.max(column.today, column.draft + column.held))), scale = (BASE - TOP) / most, step = (WIDTH - LEFT) / columns.length;
  const sentence = (column: (typeof columns)[number]): string => t('perDay', { day: column.from === column.to ? column.from : `${column.from} – ${column.to}`, today: words.number(column.today), draft: words.number(column.draft), held: words.number(column.held) });
  const width = Math.min(28, Math.max(1, step * 0.7)), short = new Intl.NumberFormat(words.language, { notation: 'compact', maximumFractionDigits: 1 });
  return <figure className="hf-chart">
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t('chart')}>
      {[0.5, 1].map((part) => <g key={part}><line x1={LEFT} x2={WIDTH} y1={BASE - (BASE - TOP) * part} y2={BASE - (BASE - TOP) * part} className="hf-grid" /><text x={LEFT - 6} y={BASE - (BASE - TOP) * part + 4} textAnchor="end">{short.format(most * part)}</text></g>)}
      {columns.map((column, index) => {
        const x = LEFT + index * step + (step - width) / 2, height = (n: number): number => (n > 0 ? Math.max(1, n * scale) : 0), held = height(column.held), draft = height(column.draft);
        return <g key={column.from}><title>{sentence(column)}</title><rect x={LEFT + index * step} y={TOP} width={step} height={BASE - TOP} fill="transparent" />
          <rect className="hf-bar-draft" x={x} width={width} y={BASE - draft} height={draft} /><rect className="hf-bar-held" x={x} width={width} y={BASE - draft - held} height={held} />
          {column.today > 0 && <rect className="hf-bar-today" x={x} width={width / 2} y={BASE - height(column.today)} height={height(column.today)} />}
          {(index === 0 || index === columns.length - 1) && <text x={index === 0 ? LEFT : WIDTH} y={HEIGHT - 6} textAnchor={index === 0 ? 'start' : 'end'}>{index === 0 ? column.from : column.to}</text>}</g>;
      })}
      <line x1={LEFT} x2={WIDTH} y1={BASE} y2={BASE} className="hf-grid" />
    </svg>
    <figcaption>{(['draft', 'held', 'today'] as const).map((part) => <span key={part}><i className={`hf-key-${part}`} aria-hidden="true" /> {words.t(`simulation.key_${part}`)}</span>)}</figcaption>
    <details><summary>{t('asTable')}</summary><div className="hf-table-box"><table className="hf-table hf-narrow"><thead><tr><th scope="col">{t('day')}</th><th scope="col" className="hf-right">{t('today')}</th><th scope="col" className="hf-right">{t('draftShort')}</th><th scope="col" className="hf-right">{t('held')}</th></tr></thead>
      <tbody>{columns.map((column) => <tr key={column.from}><th scope="row">{column.from === column.to ? column.from : `${column.from} – ${column.to}`}</th><td className="hf-right" data-label={t('today')}>{words.number(column.today)}</td><td className="hf-right" data-label={t('draftShort')}>{words.number(column.draft)}</td><td className="hf-right" data-label={t('held')}>{words.number(column.held)}</td></tr>)}</tbody></table></div></details>
  </figure>;
}

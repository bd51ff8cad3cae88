// Calls of the last 24 hours as stacked columns; the same figures stand in a table for those who cannot see them.
import React from 'react';
import { useWords } from './kit.tsx';

export interface Hour { readonly at: string; readonly completed: number; readonly refused: number; readonly other: number }
const PARTS = ['completed', 'refused', 'other'] as const;
const WIDTH = 720, HEIGHT = 170, BASE = 148, TOP = 10, LEFT = 34;

/** A round number at or above the highest column. */
function ceiling(highest: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, highest)));
  return [1, 2, 4, 5, 10].map((step) => step * power).find((step) => step >= highest) ?? highest;
}

export function HoursChart({ hours }: { hours: readonly Hour[] }): JSX.Element {
  const words = useWords(), top = ceiling(Math.max(...hours.map((hour) => hour.completed + hour.refused + hour.other)));
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const step = (WIDTH - LEFT) / hours.length, scale = (BASE - TOP) / top;
  const sentence = (hour: Hour): string => words.t('home.perHour', { hour: clock.format(new Date(hour.at)), completed: hour.completed, refused: hour.refused, other: hour.other });
  return <figure className="hf-chart">
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" preserveAspectRatio="xMidYMid meet">
      {[0, 0.5, 1].map((part) => <g key={part}><line x1={LEFT} x2={WIDTH} y1={BASE - part * (BASE - TOP)} y2={BASE - part * (BASE - TOP)} className="hf-grid" />
        {(part !== 0.5 || top > 1) && <text x={LEFT - 6} y={BASE - part * (BASE - TOP) + 4} textAnchor="end">{words.number(Math.round(top * part))}</text>}</g>)}
      {hours.map((hour, index) => {
        let y = BASE;
        return <g key={hour.at}><title>{sentence(hour)}</title><rect x={LEFT + index * step} y={TOP} width={step} height={BASE - TOP} fill="transparent" />
          {PARTS.map((part) => { const height = hour[part] * scale; y -= height; return height > 0 ? <rect key={part} className={`hf-bar-${part}`} x={LEFT + index * step + 3} width={Math.max(2, step - 6)} y={y} height={Math.max(1, height)} rx={1.5} /> : null; })}
          {index % 4 === 1 && <text x={LEFT + index * step + step / 2} y={HEIGHT - 6} textAnchor="middle">{clock.format(new Date(hour.at))}</text>}
        </g>;
      })}
    </svg>
    <figcaption>{([['completed', 'home.completed'], ['refused', 'home.refused'], ['other', 'home.notCompleted']] as const).map(([part, key]) => <span key={part}><i className={`hf-key-${part}`} aria-hidden="true" /> {words.t(`${key}`)}</span>)}</figcaption>
    <ul className="hf-hidden">{hours.filter((hour) => hour.completed + hour.refused + hour.other > 0).map((hour) => <li key={hour.at}>{sentence(hour)}</li>)}</ul>
  </figure>;
}

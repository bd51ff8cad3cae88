// Charges or tokens by group as columns (days) or bars (everything else); the same figures stand in the table below.
import React from 'react';
import { useWords } from './kit.tsx';

export interface ChartBar { readonly group: string; /** Whole number as text. */ readonly value: string; /** As it is said. */ readonly shown: string }
const WIDTH = 720, HEIGHT = 190, BASE = 162, TOP = 12, LEFT = 8, ROW = 26, NAME = 190, MOST = 15;

export function UsageChart({ bars, days }: { bars: readonly ChartBar[]; days: boolean }): JSX.Element {
  return days ? <Columns bars={bars} /> : <Rows bars={bars.slice(0, MOST)} />;
}

/** Part of the highest, as a number from 0 to 1; exact enough to draw. */
function parts(bars: readonly ChartBar[]): number[] {
  const values = bars.map((bar) => BigInt(bar.value)), top = values.reduce((most, value) => (value > most ? value : most), 1n);
  return values.map((value) => Number((value * 10_000n) / top) / 10_000);
}

function Columns({ bars }: { bars: readonly ChartBar[] }): JSX.Element {
  const words = useWords(), step = (WIDTH - LEFT) / Math.max(1, bars.length), heights = parts(bars), every = Math.ceil(bars.length / 10);
  return <figure className="hf-chart"><svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" preserveAspectRatio="xMidYMid meet">
    {[0, 0.5, 1].map((part) => <line key={part} x1={LEFT} x2={WIDTH} y1={BASE - part * (BASE - TOP)} y2={BASE - part * (BASE - TOP)} className="hf-grid" />)}
    {bars.map((bar, index) => {
      const width = Math.min(48, Math.max(1, step * 0.8)), height = Math.max(bar.value === '0' ? 0 : 1, heights[index]! * (BASE - TOP));
      return <g key={bar.group}><title>{words.t('usage.bar', { group: bar.group, value: bar.shown })}</title><rect x={LEFT + index * step} y={TOP} width={step} height={BASE - TOP} fill="transparent" />
        <rect className="hf-bar-completed" x={LEFT + index * step + (step - width) / 2} width={width} y={BASE - height} height={height} rx={1.5} />
        {index % every === 0 && <text x={LEFT + index * step + step / 2} y={HEIGHT - 8} textAnchor="middle">{bar.group.slice(5)}</text>}</g>;
    })}
  </svg></figure>;
}

function Rows({ bars }: { bars: readonly ChartBar[] }): JSX.Element {
  const words = useWords(), widths = parts(bars), space = WIDTH - NAME - 120;
  return <figure className="hf-chart"><svg viewBox={`0 0 ${WIDTH} ${Math.max(1, bars.length) * ROW}`} aria-hidden="true" preserveAspectRatio="xMidYMid meet">
    {bars.map((bar, index) => <g key={bar.group}><title>{words.t('usage.bar', { group: bar.group, value: bar.shown })}</title>
      <text x={NAME - 8} y={index * ROW + 17} textAnchor="end">{bar.group.length > 26 ? `${bar.group.slice(0, 25)}…` : bar.group}</text>
      <rect className="hf-bar-completed" x={NAME} y={index * ROW + 5} width={Math.max(bar.value === '0' ? 0 : 2, widths[index]! * space)} height={ROW - 10} rx={2} />
      <text x={NAME + widths[index]! * space + 8} y={index * ROW + 17}>{bar.shown}</text></g>)}
  </svg></figure>;
}

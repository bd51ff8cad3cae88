// The transparency report: counts per period, country and kind of instrument, with small cells suppressed. Pure.
import type { CaseMove } from './case.js';
import type { Facts } from './machine.js';

/** Counts from 1 to this are not told: behind them stand people who could be recognised. */
export const SMALLEST_TOLD = 5;
/** National-security requests of the United States are told in bands alone (50 U.S.C. 1874(a)(1), r: confirm with counsel). */
export const US_BAND = 1_000;

export const FIGURES = ['requests', 'accounts', 'disclosed', 'rejected', 'challenged', 'narrowed', 'emergency', 'preservation', 'user_notified'] as const;
export type Figure = (typeof FIGURES)[number];
export interface ReportedCase { readonly country: string; readonly instrumentType: string; readonly accountId: string | null; readonly state: string; readonly facts: Facts; readonly moves: readonly Pick<CaseMove, 'move'>[]; readonly disclosures: number }
/** A number, or text that says no more than may be told: "<5", "≥6", "0-999". */
export type Cell = number | string;
export interface TransparencyRow { readonly country: string; readonly instrumentType: string; readonly cells: Readonly<Record<Figure, Cell>> }
export interface TransparencyReport { readonly rows: readonly TransparencyRow[]; /** A sum is told only where none of its parts is suppressed; otherwise the least it can be. */ readonly total: Readonly<Record<Figure, Cell>> }

/** The report over cases that reached us in the period. */
export function reportOn(cases: readonly ReportedCase[]): TransparencyReport {
  const groups = new Map<string, ReportedCase[]>();
  for (const one of cases) groups.set(`${one.country}\u0000${one.instrumentType}`, [...groups.get(`${one.country}\u0000${one.instrumentType}`) ?? [], one]);
  const rows = [...groups.values()].map((group) => ({ country: group[0]!.country, instrumentType: group[0]!.instrumentType, counts: countsOf(group) }))
    .sort((a, b) => (a.country + a.instrumentType < b.country + b.instrumentType ? -1 : 1));
  const told = rows.map(({ country, instrumentType, counts }) => ({ country, instrumentType, cells: cellsOf(country, instrumentType, counts) }));
  const total = Object.fromEntries(FIGURES.map((figure) => {
    const hidden = told.some((row) => typeof row.cells[figure] === 'string');
    return [figure, hidden ? `≥${told.reduce((sum, row) => sum + leastOf(row.cells[figure]), 0)}` : told.reduce((sum, row) => sum + Number(row.cells[figure]), 0)];
  })) as Record<Figure, Cell>;
  return { rows: told, total };
}

function countsOf(group: readonly ReportedCase[]): Record<Figure, number> {
  const having = (test: (one: ReportedCase) => boolean): number => group.filter(test).length, made = (move: string) => (one: ReportedCase): boolean => one.moves.some((step) => step.move === move);
  return {
    requests: group.length, accounts: new Set(group.map((one) => one.accountId).filter((id) => id !== null)).size, disclosed: having((one) => one.disclosures > 0), rejected: having((one) => one.state === 'rejected'),
    challenged: having(made('challenge')), narrowed: having(made('narrow')), emergency: having((one) => one.facts['emergency'] === true), preservation: having(made('preserve')), user_notified: having(made('give_notice')),
  };
}

/**
 * A count out of a whole that is told beside it. What is left of the whole must not come out small either, so then the least is told
 * (complementary suppression). One less than SMALLEST_TOLD away from it there is but one such case, which all of the whole hides.
 */
function cellOf(whole: number, count: number): Cell {
  if (count === 0) return 0;
  if (isSmall(count)) return `<${SMALLEST_TOLD}`;
  return isSmall(whole - count) || (whole === SMALLEST_TOLD + 1 && count === whole) ? `≥${Math.max(SMALLEST_TOLD, whole - SMALLEST_TOLD + 1)}` : count;
}

/** Cells of one row. Every figure but requests and accounts counts some of the requests; disclosed and rejected together leave some over too. */
function cellsOf(country: string, instrumentType: string, counts: Readonly<Record<Figure, number>>): Record<Figure, Cell> {
  if (country === 'US' && instrumentType === 'national_security') return Object.fromEntries(FIGURES.map((figure) => [figure, bandOf(counts[figure])])) as Record<Figure, Cell>;
  const cells = Object.fromEntries(FIGURES.map((figure) => [figure, figure === 'requests' || figure === 'accounts' ? (isSmall(counts[figure]) ? `<${SMALLEST_TOLD}` : counts[figure]) : cellOf(counts.requests, counts[figure])])) as Record<Figure, Cell>;
  // So few that one of the two gives the other away.
  if (counts.requests <= SMALLEST_TOLD + 1 && counts.disclosed > 0 && counts.rejected > 0) return { ...cells, disclosed: '≥1', rejected: '≥1' };
  if (typeof cells.disclosed === 'number' && typeof cells.rejected === 'number') cells.rejected = cellOf(counts.requests - counts.disclosed, counts.rejected);
  return cells;
}

function isSmall(count: number): boolean { return count > 0 && count < SMALLEST_TOLD; }
function bandOf(count: number): string { const from = Math.floor(count / US_BAND) * US_BAND; return `${from}-${from + US_BAND - 1}`; }
function leastOf(cell: Cell): number { return typeof cell === 'number' ? cell : cell.startsWith('<') ? 1 : Number.parseInt(cell.replace('≥', ''), 10); }

/** RFC 4180 with a byte order mark for spreadsheets. A cell that a spreadsheet would take for a formula is given an apostrophe. */
export function csvOf(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string => {
    const text = typeof value === 'number' ? String(value) : /^[\s]*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `\uFEFF${[header, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

export function transparencyCsv(report: TransparencyReport): string {
  const line = (country: string, type: string, cells: Readonly<Record<Figure, Cell>>): (string | number)[] => [country, type, ...FIGURES.map((figure) => cells[figure])];
  return csvOf(['country', 'instrument_type', ...FIGURES], [...report.rows.map((row) => line(row.country, row.instrumentType, row.cells)), line('all', 'all', report.total)]);
}

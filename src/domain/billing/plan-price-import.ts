// What taking prices from the library would do to the price book: nothing is written here.
import { sha256Hex } from '../../kernel/digest.js';
import type { Clock } from '../../kernel/clock.js';
import { checkDay } from '../../kernel/field-rules.js';
import { dayOf } from '../../kernel/period.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Price } from './charge-rules.js';
import { chargesTheSame, rowFromPrice } from './price-columns.js';
import { LIBRARY, readLibraryProvider, type LibraryAmounts, type LibraryModel, type LibraryPeriod, type LibraryProvider } from './price-library.js';
import type { PriceInput } from './set-price.js';

/** added: no price was in force · changed: an imported one is followed by another · kept: one set by hand is in force and stays · left_out: see note. */
export const IMPORT_STATES = ['added', 'changed', 'unchanged', 'kept', 'left_out'] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

export interface ImportRow {
  readonly state: ImportState; readonly model: string; readonly providerId: string;
  /** The library's name of the model; null where it has none. */
  readonly libraryModel: string | null;
  readonly effectiveFrom: string;
  /** What is in force on that day so far; null when nothing is. */
  readonly before: Price | null;
  /** What would be in force; null when left out. */
  readonly after: PriceInput | null;
  readonly note: string | null;
}
export interface ImportPlan { readonly source: string; readonly rows: readonly ImportRow[]; /** Names this plan: what is confirmed is what was shown. */ readonly digest: string }

/** A model provider of the registry, and what may be called there. */
export interface ImportTarget {
  readonly providerId: string; readonly baseUrl: string | null;
  readonly routes: readonly { readonly modelId: string; readonly upstreamModel: string | null }[];
}
export interface ImportOptions {
  readonly targets: readonly ImportTarget[];
  /** Only this model: its id here or in the library. */
  readonly model?: string | undefined;
  /** Added to every amount; 12.5 is an eighth. */
  readonly markupPercent?: number | undefined;
  /** First day of the prices; unset: today in the operator's zone. */
  readonly from?: string | undefined;
  /** Also models no route leads to. */
  readonly all?: boolean | undefined;
}
export type PlanPriceImport = (options: ImportOptions) => Promise<ImportPlan | Refusal>;

export function createPlanPriceImport(deps: { clock: Clock; timeZone: string; prices: () => Promise<Price[]> }): PlanPriceImport {
  return async (options) => {
    const today = dayOf(deps.clock.now(), deps.timeZone), from = options.from ?? today, points = Math.round((options.markupPercent ?? 0) * 100);
    const wrong = checkDay(from, 'from');
    if (wrong) return wrong;
    if (from < today) return refuse('invalid_request', 'must be today or later: charges on record rest on the prices of the past', 'from');
    if (!(points > -10_000 && points <= 1_000_000) || Math.abs(points - (options.markupPercent ?? 0) * 100) > 1e-6) return refuse('invalid_request', 'must be above -100 and at most 10000, with at most two decimals', 'markup');
    const book = await deps.prices(), rows: ImportRow[] = [];
    for (const target of options.targets) {
      const library = await readLibraryProvider({ id: target.providerId, baseUrl: target.baseUrl });
      if (library) rows.push(...rowsOf(target, library, { book, from, today, points, options }));
      else rows.push(leftOut(target.providerId, '*', null, from, 'the library does not know this provider'));
    }
    rows.sort((a, b) => a.providerId.localeCompare(b.providerId) || a.model.localeCompare(b.model) || a.effectiveFrom.localeCompare(b.effectiveFrom));
    return { source: LIBRARY, rows, digest: digestOf(rows) };
  };
}

interface Context { readonly book: readonly Price[]; readonly from: string; readonly today: string; readonly points: number; readonly options: ImportOptions }

function rowsOf(target: ImportTarget, library: LibraryProvider, context: Context): ImportRow[] {
  const { model: only } = context.options;
  const wanted = context.options.all ? library.models.flatMap((one) => one.patterns.map((name): Wanted => [name, one])) : routed(target, library);
  const unique = new Map(wanted.map(([name, one]) => [name, one]));
  return [...unique].filter(([name, one]) => only === undefined || name === only || one?.id === only)
    .flatMap(([name, one]) => (one ? rowsOfModel(target.providerId, library.id, name, one, context) : [leftOut(target.providerId, name, null, context.from, 'the library has no price of this model')]));
}

type Wanted = readonly [model: string, LibraryModel | undefined];

function routed({ routes }: ImportTarget, library: LibraryProvider): Wanted[] {
  return routes.flatMap(({ modelId, upstreamModel }): Wanted[] => {
    if (upstreamModel !== null || !modelId.endsWith('*')) return [[modelId, library.find(upstreamModel ?? modelId)]];
    const prefix = modelId.slice(0, -1);
    const narrower = library.models.flatMap((one) => one.patterns.filter((pattern) => pattern.startsWith(prefix)).map((pattern): Wanted => [pattern, one]));
    const broader = library.models.find((one) => one.patterns.some((pattern) => pattern.endsWith('*') && prefix.startsWith(pattern.slice(0, -1))));
    const found = broader ? [...narrower, [modelId, broader] as const] : narrower;
    return found.length > 0 ? found : [[modelId, undefined]];
  });
}

function rowsOfModel(providerId: string, libraryId: string, model: string, found: LibraryModel, context: Context): ImportRow[] {
  if (typeof found.periods === 'string') return [leftOut(providerId, model, found.id, context.from, found.periods)];
  const begun = found.periods.filter((period) => period.from === null || period.from <= context.from), later = found.periods.filter((period) => period.from !== null && period.from > context.from);
  const now = begun.at(-1);
  const note = found.notes.length > 0 ? found.notes.join('; ') : null, source = `${LIBRARY} ${libraryId}/${found.id}${context.points === 0 ? '' : ` ${context.points > 0 ? '+' : ''}${context.points / 100} %`}`;
  return [...(now ? [{ ...now, from: context.from }] : []), ...later].map((period: LibraryPeriod): ImportRow => {
    const effectiveFrom = period.from!, after: PriceInput = { model, providerId, currency: 'USD', effectiveFrom, source, ...marked(period.amounts, context.points) };
    const before = context.book.filter((price) => price.model === model && price.providerId === providerId && price.effectiveFrom <= effectiveFrom)
      .sort((a, b) => a.effectiveFrom.localeCompare(b.effectiveFrom) || (a.version ?? 1) - (b.version ?? 1)).at(-1) ?? null;
    const row = { model, providerId, libraryModel: found.id, effectiveFrom, before, after, note };
    if (!before) return { ...row, state: 'added' };
    if (chargesTheSame(rowFromPrice(before), rowFromPrice({ ...after, cacheWrite1hMicros: after.cacheWrite1hMicros ?? null, priceId: '' }))) return { ...row, state: 'unchanged' };
    if (before.source === null || before.source === undefined) return { ...row, state: 'kept', note: 'set by hand' };
    if (before.effectiveFrom === effectiveFrom && effectiveFrom <= context.today) return { ...row, state: 'left_out', after: null, note: 'another price began today; import from a later day' };
    return { ...row, state: 'changed' };
  });
}

function leftOut(providerId: string, model: string, libraryModel: string | null, effectiveFrom: string, note: string): ImportRow {
  return { state: 'left_out', model, providerId, libraryModel, effectiveFrom, before: null, after: null, note };
}

/** Amounts with `points` hundredths of a percent added, each rounded half up. */
function marked(amounts: LibraryAmounts, points: number): LibraryAmounts {
  if (points === 0) return amounts;
  const up = (micros: bigint): bigint => (micros * BigInt(10_000 + points) + 5_000n) / 10_000n;
  const rates = (own: Omit<LibraryAmounts, 'unitMicros' | 'longContext'>) => ({ inputMicros: up(own.inputMicros), cacheReadMicros: up(own.cacheReadMicros), cacheWriteMicros: up(own.cacheWriteMicros),
    cacheWrite1hMicros: own.cacheWrite1hMicros === null ? null : up(own.cacheWrite1hMicros), outputMicros: up(own.outputMicros) });
  return { ...rates(amounts), unitMicros: amounts.unitMicros && Object.fromEntries(Object.entries(amounts.unitMicros).map(([unit, micros]) => [unit, up(micros)])),
    longContext: amounts.longContext && { ...rates(amounts.longContext), above: amounts.longContext.above } };
}

function digestOf(rows: readonly ImportRow[]): string {
  return sha256Hex(JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)));
}

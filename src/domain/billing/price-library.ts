// The price library, read as our price book can keep it: the only file that may import it. Its bundled data alone is used, never its
// update over the network. What our form cannot express exactly is named and left out, never approximated.
import type { ModelInfo, ModelPrice, Provider } from '@pydantic/genai-prices';
import { checkModelPattern } from '../../kernel/field-rules.js';
import { toMicros, type Micros } from '../../kernel/money.js';
import type { LongContext, Rates } from './charge-rules.js';
import type { Unit, Units } from './units.js';

/** Name and version as they stand on every price taken from it; a test ties the version to the installed package. */
export const LIBRARY = 'genai-prices 0.1.8';

export interface LibraryAmounts extends Rates { readonly unitMicros: Units | null; readonly longContext: LongContext | null }
/** `from`: first day, YYYY-MM-DD; null for what held since ever. */
export interface LibraryPeriod { readonly from: string | null; readonly amounts: LibraryAmounts }
export interface LibraryModel {
  readonly id: string;
  /** Names and patterns of our form that stand for this model and for no other. */
  readonly patterns: readonly string[];
  /** In the order of their days; or why the price cannot be kept. */
  readonly periods: readonly LibraryPeriod[] | string;
  /** What is not charged for although the provider does. */
  readonly notes: readonly string[];
}
export interface LibraryProvider { readonly id: string; readonly models: readonly LibraryModel[]; /** The model a name of the provider means. */ find(name: string): LibraryModel | undefined }

/** The provider by its id in the library, else by the address its API has; undefined when the library does not know it. */
export async function readLibraryProvider({ id, baseUrl }: { readonly id: string; readonly baseUrl: string | null }): Promise<LibraryProvider | undefined> {
  const { calcPrice, findProvider } = await import('@pydantic/genai-prices');
  const provider: Provider | undefined = findProvider({ providerId: id }) ?? (baseUrl === null ? undefined : findProvider({ providerApiUrl: baseUrl }));
  if (!provider) return undefined;
  const idOf = (name: string): string | undefined => calcPrice({ input_tokens: 0, output_tokens: 0 }, name, { provider })?.model.id;
  const models = provider.models.map((model): LibraryModel => ({ id: model.id, patterns: patternsOf(model).filter((pattern) => idOf(pattern.replace(/\*$/, '')) === model.id), ...periodsOf(model) }));
  return { id: provider.id, models, find: (name) => { const found = idOf(name); return models.find((model) => model.id === found); } };
}

function patternsOf(model: ModelInfo): string[] {
  const of = (match: ModelInfo['match']): string[] => ('or' in match ? match.or.flatMap(of) : 'equals' in match ? [match.equals] : 'starts_with' in match ? [`${match.starts_with}*`] : []);
  return [...new Set([model.id, ...of(model.match)])].filter((pattern) => checkModelPattern(pattern, '') === undefined);
}

class Inexpressible extends Error {}

function periodsOf({ prices }: ModelInfo): { periods: LibraryPeriod[] | string; notes: string[] } {
  const notes = new Set<string>();
  try {
    const periods = (Array.isArray(prices) ? prices : [{ prices }]).map(({ constraint, prices: own }: { constraint?: { type: string; start_date?: string } | undefined; prices: ModelPrice }): LibraryPeriod => {
      if (constraint && constraint.type !== 'start_date') throw new Inexpressible('its price depends on the time of day');
      return { from: constraint?.start_date?.slice(0, 10) ?? null, amounts: amountsOf(own, notes) };
    });
    return { periods, notes: [...notes] };
  } catch (error) {
    if (error instanceof Inexpressible) return { periods: error.message, notes: [] };
    throw error;
  }
}

const UNIT_KEYS: Readonly<Record<string, Unit>> = { input_audio_mtok: 'input_audio_tokens', output_audio_mtok: 'output_audio_tokens', input_image_mtok: 'input_image_tokens', output_image_mtok: 'output_image_tokens' };
const TOKEN_KEYS = ['input_mtok', 'cache_read_mtok', 'cache_write_mtok', 'cache_write_1h_mtok', 'output_mtok'];
/** Prices of parts we do not count apart: no harm while they cost what their whole does. */
const PARTS: Readonly<Record<string, string>> = { cache_audio_read_mtok: 'cache_read_mtok', cache_image_read_mtok: 'cache_read_mtok', output_reasoning_mtok: 'output_mtok' };

function amountsOf(prices: ModelPrice, notes: Set<string>): LibraryAmounts {
  const plain = (name: string): Micros | undefined => { const value = prices[name]; return value === undefined ? undefined : micros(name, typeof value === 'number' ? value : value.base); };
  const units: Partial<Record<Unit, bigint>> = {};
  for (const [name, value] of Object.entries(prices)) {
    if (value === undefined || TOKEN_KEYS.includes(name)) continue;
    const unit = UNIT_KEYS[name], whole = PARTS[name];
    if (name.endsWith('_searches_kcount')) notes.add(`${name.slice(0, -'_kcount'.length).replaceAll('_', ' ')} are not metered and not charged`);
    else if (unit && typeof value === 'number') units[unit] = micros(name, value);
    else if (whole) { if (JSON.stringify(value) !== JSON.stringify(prices[whole])) throw new Inexpressible(`${name} has a price of its own`); }
    else if (/^(?:input_)?audio_hours$/.test(name) && typeof value === 'number') units.audio_ms = perMillionMs(name, value);
    else throw new Inexpressible(`its price has ${name}`);
  }
  return { ...ratesOf(plain), unitMicros: Object.keys(units).length > 0 ? units : null, longContext: longContextOf(prices, plain) };
}

function ratesOf(amount: (name: string) => Micros | undefined): Rates {
  const input = amount('input_mtok') ?? 0n;
  return { inputMicros: input, cacheReadMicros: amount('cache_read_mtok') ?? input, cacheWriteMicros: amount('cache_write_mtok') ?? input, cacheWrite1hMicros: amount('cache_write_1h_mtok') ?? null,
    outputMicros: amount('output_mtok') ?? 0n };
}

/** One threshold for all amounts of tokens is what our form has. */
function longContextOf(prices: ModelPrice, plain: (name: string) => Micros | undefined): LongContext | null {
  const tiered = TOKEN_KEYS.map((name) => prices[name]).filter((value) => typeof value === 'object');
  const above = new Set(tiered.flatMap((value) => value.tiers.map((tier) => tier.start)));
  if (tiered.length === 0) return null;
  if (above.size !== 1 || tiered.some((value) => value.tiers.length !== 1)) throw new Inexpressible('its price has more than one step');
  const ordinary = ratesOf(plain), rates = ratesOf((name) => { const value = prices[name]; return typeof value === 'object' ? micros(name, value.tiers[0]!.price) : plain(name); });
  const lower = rates.inputMicros < ordinary.inputMicros || rates.cacheReadMicros < ordinary.cacheReadMicros || rates.cacheWriteMicros < ordinary.cacheWriteMicros || rates.outputMicros < ordinary.outputMicros
    || (rates.cacheWrite1hMicros ?? rates.cacheWriteMicros) < (ordinary.cacheWrite1hMicros ?? ordinary.cacheWriteMicros);
  if (lower) throw new Inexpressible('more input makes it cheaper');
  return { ...rates, above: BigInt([...above][0]!) };
}

function micros(name: string, amount: number): Micros {
  try { return toMicros(amount); } catch { throw new Inexpressible(`${name} is ${amount}, finer than a millionth`); }
}

/** An amount per hour as micro-units per million milliseconds. */
function perMillionMs(name: string, amount: number): Micros {
  const scaled = micros(name, amount) * 1_000_000n;
  if (scaled % 3_600_000n !== 0n) throw new Inexpressible(`${name} is ${amount}, which has no exact price per millisecond`);
  return scaled / 3_600_000n;
}

// The library is the second opinion: for every model whose price our form can keep, our charge is the library's, to the rounding.
import { readFileSync } from 'node:fs';
import { calcPrice, findProvider } from '@pydantic/genai-prices';
import { chargeFor, createPriceBook, NO_USAGE, type ImportPlan, type Price, type Usage } from '../../../src/domain/billing/index.js';
import { createPlanPriceImport, type ImportOptions } from '../../../src/domain/billing/plan-price-import.js';
import { LIBRARY, readLibraryProvider } from '../../../src/domain/billing/price-library.js';
import { fixedClock } from '../../../src/kernel/clock.js';
import { isRefusal } from '../../../src/kernel/result.js';

const PROVIDERS = ['openai', 'anthropic', 'google', 'azure', 'aws', 'mistral', 'deepseek', 'x-ai', 'groq', 'cohere', 'together', 'fireworks', 'perplexity', 'moonshotai', 'cerebras'];
const DAY = '2026-11-24', clock = fixedClock(`${DAY}T12:00:00Z`);
async function plan(options: Partial<ImportOptions>, prices: Price[] = []): Promise<ImportPlan> {
  const answer = await createPlanPriceImport({ clock, timeZone: 'UTC', prices: () => Promise.resolve(prices) })({ targets: [], ...options });
  if (isRefusal(answer)) throw new Error(answer.message);
  return answer;
}
const target = (providerId: string, ...routes: (string | [string, string])[]) => ({ providerId, baseUrl: null, routes: routes.map((route) => (typeof route === 'string' ? { modelId: route, upstreamModel: null } : { modelId: route[0], upstreamModel: route[1] })) });
const priceOf = (row: ImportPlan['rows'][number], priceId = 'p'): Price => ({ ...row.after!, priceId, cacheWrite1hMicros: row.after!.cacheWrite1hMicros ?? null });

const SAMPLES: Usage[] = [
  { ...NO_USAGE, input: 1n, output: 1n }, { ...NO_USAGE, input: 123_457n, output: 8_191n, reasoning: 4_000n }, { ...NO_USAGE, input: 5_000n, cacheRead: 60_013n, output: 777n },
  { ...NO_USAGE, input: 999n, cacheRead: 10_007n, cacheWrite: 30_011n, cacheWrite1h: 20_003n, output: 2n }, { ...NO_USAGE, input: 271_999n, output: 10n }, { ...NO_USAGE, input: 150_000n, cacheRead: 150_001n, output: 12_345n },
  { ...NO_USAGE, input: 900_000n, cacheWrite: 100_000n, output: 65_536n }, { ...NO_USAGE, input: 4_000n, output: 3_000n, units: { input_audio_tokens: 1_500n, output_audio_tokens: 700n } },
];
/** The library's input is all of it, its cache writes include those of an hour, parts stand inside their wholes. */
const theirs = ({ input, cacheRead, cacheWrite, cacheWrite1h, output, units }: Usage): Record<string, number> => ({
  input_tokens: Number(input + cacheRead + cacheWrite), cache_read_tokens: Number(cacheRead), cache_write_tokens: Number(cacheWrite), cache_write_1h_tokens: Number(cacheWrite1h), output_tokens: Number(output),
  ...(units?.input_audio_tokens ? { input_audio_tokens: Number(units.input_audio_tokens) } : {}), ...(units?.output_audio_tokens ? { output_audio_tokens: Number(units.output_audio_tokens) } : {}) });

test.each(PROVIDERS)('charges of %s are those of the library for every model both can express, whatever else the price book has', async (id) => {
  const { rows } = await plan({ targets: [target(id)], all: true });
  const book = createPriceBook(rows.flatMap((row, index) => (row.after ? [priceOf(row, String(index))] : [])));
  const provider = findProvider({ providerId: id })!, timestamp = clock.now();
  let compared = 0;
  for (const row of rows) {
    if (!row.after || row.effectiveFrom > DAY) continue;
    const name = row.model.replace(/\*$/, ''), price = book.inForce(name, id, DAY)!;
    for (const usage of SAMPLES) {
      const library = calcPrice(theirs(usage), name, { provider, timestamp }), charge = chargeFor(price, usage);
      expect(library!.model.id).toBe(row.libraryModel);
      // Half a micro for each line, and what doubles lose.
      expect(Math.abs(Number(charge.costMicros) - library!.total_price * 1e6)).toBeLessThanOrEqual(charge.lines.length * 0.5 + 1e-3);
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThanOrEqual(SAMPLES.length);
});

test('the version that stands on prices is that of the installed library', () => {
  expect(LIBRARY).toBe(`genai-prices ${(JSON.parse(readFileSync('node_modules/@pydantic/genai-prices/package.json', 'utf8')) as { version: string }).version}`);
});

test('flagship models are there, with their rates for long context; what cannot be kept exactly is named with its reason', async () => {
  const openai = (await readLibraryProvider({ id: 'openai', baseUrl: null }))!;
  expect(openai.find('gpt-5.5')!.periods).toEqual([{ from: null, amounts: expect.objectContaining({ inputMicros: 5_000_000n, longContext: expect.objectContaining({ above: 271_999n, inputMicros: 10_000_000n, outputMicros: 45_000_000n }) }) }]);
  const left = (await plan({ targets: PROVIDERS.map((id) => target(id)), all: true })).rows.filter((row) => row.state === 'left_out');
  expect(left.length).toBeGreaterThan(0);
  for (const row of left) expect(row).toMatchObject({ after: null, note: expect.stringMatching(/\S/) });
  expect(left.find((row) => row.providerId === 'deepseek')?.note).toBe('its price depends on the time of day');
});

test('a provider is known by its id or by the address of its API, or said not to be', async () => {
  expect((await readLibraryProvider({ id: 'our-openai', baseUrl: 'https://api.openai.com/v1' }))?.id).toBe('openai');
  expect(await readLibraryProvider({ id: 'stand-in', baseUrl: 'http://127.0.0.1:4100/v1' })).toBeUndefined();
  expect((await plan({ targets: [target('stand-in', 'demo-chat')] })).rows).toMatchObject([{ state: 'left_out', note: 'the library does not know this provider' }]);
});

test('without --all only models with routes are imported: by their name, the name the provider has for them, or all that a pattern covers', async () => {
  const { rows } = await plan({ targets: [target('openai', 'gpt-5.5', ['fast', 'gpt-5.4'], 'o3*', 'home-made')] });
  expect(rows.find((row) => row.model === 'gpt-5.5')).toMatchObject({ state: 'added', libraryModel: 'gpt-5.5', effectiveFrom: DAY, after: { source: `${LIBRARY} openai/gpt-5.5` } });
  expect(rows.find((row) => row.model === 'fast')).toMatchObject({ state: 'added', libraryModel: 'gpt-5.4' });
  expect(rows.filter((row) => row.model.startsWith('o3')).length).toBeGreaterThan(1);
  expect(rows.find((row) => row.model === 'home-made')).toMatchObject({ state: 'left_out', note: 'the library has no price of this model' });
  expect(rows.some((row) => row.model.startsWith('gpt-4'))).toBe(false);
});

test('what is in force decides: unchanged when it charges the same, changed when it was imported, kept when it was set by hand', async () => {
  const options = { targets: [target('openai', 'gpt-5.5')] }, [row] = (await plan(options)).rows, before = { ...priceOf(row!), effectiveFrom: '2026-01-01' };
  expect((await plan(options, [before])).rows[0]!.state).toBe('unchanged');
  expect((await plan(options, [{ ...before, outputMicros: 1n }])).rows[0]).toMatchObject({ state: 'changed', before: { outputMicros: 1n } });
  expect((await plan(options, [{ ...before, outputMicros: 1n, source: null }])).rows[0]).toMatchObject({ state: 'kept', note: 'set by hand' });
  expect((await plan(options, [{ ...before, outputMicros: 1n, effectiveFrom: DAY }])).rows[0]).toMatchObject({ state: 'left_out', note: 'another price began today; import from a later day' });
  expect((await plan({ ...options, from: '2026-11-25' }, [{ ...before, outputMicros: 1n, effectiveFrom: DAY }])).rows[0]).toMatchObject({ state: 'changed', effectiveFrom: '2026-11-25' });
});

test('a markup is added to every amount, rounded half up, and stands in the source; nonsense is refused', async () => {
  const options = { targets: [target('openai', 'gpt-5.5')] };
  expect((await plan({ ...options, markupPercent: 12.5 })).rows[0]!.after).toMatchObject({ inputMicros: 5_625_000n, outputMicros: 33_750_000n, longContext: { inputMicros: 11_250_000n, above: 271_999n }, source: `${LIBRARY} openai/gpt-5.5 +12.5 %` });
  const ask = createPlanPriceImport({ clock, timeZone: 'UTC', prices: () => Promise.resolve([]) });
  for (const wrong of [{ markupPercent: -100 }, { markupPercent: Number.NaN }, { markupPercent: 1.234 }, { from: '2026-11-23' }, { from: 'tomorrow' }]) expect(await ask({ ...options, ...wrong })).toMatchObject({ code: 'invalid_request' });
});

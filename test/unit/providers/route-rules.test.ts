import fc from 'fast-check';
import { compileModels, routesSpeaking, type ModelRoutes } from '../../../src/domain/providers/route-rules.js';

const model = (modelId: string, ...providers: string[]): ModelRoutes => ({ modelId, routes: providers.map((providerId) => ({ providerId, upstreamModel: null })) });

test.each([
  ['gpt-mini', 'gpt-mini'], ['gpt-mini-2', 'gpt-mini*'], ['gpt-big', 'gpt-*'], ['claude', '*'], ['', '*'],
])('%p is served by the entry %p: an exact name first, then the longest pattern', (asked, expected) => {
  expect(compileModels([model('*'), model('gpt-*'), model('gpt-mini*'), model('gpt-mini')])(asked)?.modelId).toBe(expected);
});

test('a star only counts at the end, and no entry means no route', () => {
  const find = compileModels([model('a*b'), model('gpt-*')]);
  expect(find('axb')).toBeUndefined();
  expect(find('a*b')?.modelId).toBe('a*b');
  expect(find('gpt')).toBeUndefined();
});

test('the entry found does not depend on the order of the list', () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[ab]{0,3}\*?$/), { maxLength: 6 });
  fc.assert(fc.property(names, fc.stringMatching(/^[ab]{0,4}$/), (ids, asked) => {
    const entries = ids.map((id) => model(id));
    expect(compileModels([...entries].reverse())(asked)?.modelId).toBe(compileModels(entries)(asked)?.modelId);
  }));
});

test('only routes that speak the protocol of the path stay, in their order', () => {
  const speaks: Record<string, 'openai' | 'anthropic' | null> = { a: 'openai', b: 'anthropic', c: 'openai', d: null };
  expect(routesSpeaking(model('m', 'a', 'b', 'c', 'd', 'gone'), 'openai', (id) => speaks[id]).map((route) => route.providerId)).toEqual(['a', 'c']);
});

import { createCircuits, type Circuits } from '../../../src/domain/gateway/circuits.js';
import { mayFailOver, routeServes } from '../../../src/domain/gateway/failover-rules.js';
import type { AllowedRoute } from '../../../src/domain/gateway/admit-call.js';
import { createMetrics } from '../../../src/platform/log/metrics.js';

const route = (id: string, upstreamModel = 'm'): AllowedRoute => ({ provider: { providerId: id }, upstreamModel }) as AllowedRoute;
const [a, b] = [route('a'), route('b')];
let lines: string[], circuits: Circuits, metrics: ReturnType<typeof createMetrics>;
const note = (message: string, fields?: Record<string, unknown>): void => { lines.push(`${String(fields?.['provider'])} ${String(fields?.['circuit'])}`); void message; };
beforeEach(() => {
  lines = [];
  metrics = createMetrics();
  circuits = createCircuits({ failures: 3, openMs: 1_000, metrics, log: { debug: note, info: note, warn: note, error: note } });
});
const fail = (times: number, now = 0, one = a): void => { for (let i = 0; i < times; i++) circuits.note(one, false, now); };
const order = (now: number, routes = [a, b]): string[] => circuits.order(routes, now).map((one) => one.provider.providerId);

test('failures in a row put a route behind the others, said once; one less does not', () => {
  fail(2);
  expect(order(0)).toEqual(['a', 'b']);
  fail(4);
  expect([order(999), circuits.state(a), circuits.open]).toEqual([['b', 'a'], 'open', 1]);
  expect(lines).toEqual(['a open']);
});
test('a success in between starts the count again', () => {
  fail(2);
  circuits.note(a, true, 0);
  fail(2);
  expect(order(0)).toEqual(['a', 'b']);
});
test('after the pause exactly one call tries it first; its success closes the circuit', () => {
  fail(3);
  expect([order(1_000), order(1_001), circuits.state(a)]).toEqual([['a', 'b'], ['b', 'a'], 'half_open']);
  circuits.note(a, true, 1_100);
  expect([order(1_101), order(1_102), circuits.open]).toEqual([['a', 'b'], ['a', 'b'], 0]);
  expect(lines).toEqual(['a open', 'a half_open', 'a closed']);
});
test('a trial that fails opens it for another pause; a trial that shows nothing lets the next call try', () => {
  fail(3);
  order(1_000);
  fail(1, 1_100);
  expect([order(2_099), order(2_100)]).toEqual([['b', 'a'], ['a', 'b']]);
  circuits.note(a, undefined, 2_200);
  expect(order(2_201)).toEqual(['a', 'b']);
});
test('a trial that never tells is not waited for', () => {
  fail(3);
  order(1_000);
  expect([order(60_999), order(61_000)]).toEqual([['b', 'a'], ['a', 'b']]);
});
test('nothing is refused: with every circuit open, and with one route alone, all routes are still there', () => {
  fail(3);
  fail(3, 0, b);
  expect([order(10), order(10, [a])]).toEqual([['a', 'b'], ['a']]);
});
test('routes are told apart by the model the provider knows; a route behind one that serves is not claimed for a trial', () => {
  fail(3, 0, b);
  expect([order(5_000), circuits.state(b), circuits.state(route('b', 'other'))]).toEqual([['a', 'b'], 'open', 'closed']);
});
test('what clients can fill with names is bounded, and the metric counts changes by provider', () => {
  for (let i = 0; i < 3_000; i++) fail(3, 0, route('a', `name-${i}`));
  expect(circuits.open).toBe(1_000);
  expect(metrics.render()).toContain('holdfast_circuit_changes_total{provider="a",state="open"} 3000');
});
test.each([[429, true], [500, true], [502, true], [503, true], [504, true], [529, true], [400, false], [401, false], [404, false], [408, false], [501, false], [505, false]])('%i may be made good by another route: %s', (status, may) => {
  expect(mayFailOver(status, {})).toBe(may);
  expect(mayFailOver(status, { 'x-should-retry': 'false' })).toBe(false);
  expect(routeServes('rejected', status)).toBe(!may);
});

import { decideAvailability, type AvailabilityConditions, type AvailabilityRule } from '../../../src/domain/providers/availability-rules.js';
import { termsInForce, termsPermit } from '../../../src/domain/providers/terms-rules.js';

const rule = (conditions: AvailabilityConditions, outcome: 'allow' | 'suspend' = 'suspend', ruleId = 'r'): AvailabilityRule => ({ ruleId, conditions, outcome, reason: 'local-law' });
const question = { model: 'mock-embed', callerRegion: 'KP', account: 'acme', provider: 'openai' };

test('no rule means allowed', () => { expect(decideAvailability([], question)).toEqual({ allowed: true, rule: undefined }); });

test.each<[AvailabilityConditions, boolean]>([
  [{}, false], [{ model: 'mock-embed' }, false], [{ model: 'mock-*' }, false], [{ model: 'other' }, true], [{ callerRegion: 'KP' }, false], [{ callerRegion: 'DE' }, true],
  [{ account: 'acme' }, false], [{ account: 'kuhn' }, true], [{ provider: 'openai' }, false], [{ provider: 'anthropic' }, true],
  [{ model: 'mock-embed', callerRegion: 'KP' }, false], [{ model: 'mock-embed', callerRegion: 'DE' }, true], [{ model: 'mock-embed', account: 'kuhn' }, true],
])('a suspension when %j leaves it allowed: %s; every condition must hold', (conditions, allowed) => {
  expect(decideAvailability([rule(conditions)], question).allowed).toBe(allowed);
});

test('the first rule that matches decides, and is named', () => {
  const rules = [rule({ callerRegion: 'DE' }), rule({ account: 'acme' }, 'allow', 'first'), rule({})];
  expect(decideAvailability(rules, question)).toEqual({ allowed: true, rule: rules[1] });
  expect(decideAvailability([...rules].reverse(), question)).toMatchObject({ allowed: false });
});

describe('terms', () => {
  const terms = [{ version: '2', effectiveFrom: '2026-03-01', trainsOnInputs: true }, { version: '1', effectiveFrom: '2026-01-01', trainsOnInputs: false }];
  test('the newest version already effective is in force', () => {
    expect(termsInForce(terms, '2026-02-28')?.version).toBe('1');
    expect(termsInForce(terms, '2026-03-01')?.version).toBe('2');
    expect(termsInForce(terms, '2025-12-31')).toBeUndefined();
  });
  test('unknown terms count as terms that allow training', () => {
    expect(termsPermit(undefined)).toBe(false);
    expect(termsPermit(terms[0])).toBe(false);
    expect(termsPermit(terms[1])).toBe(true);
  });
});

import { DEFAULT_POLICIES } from '../../src/domain/retention/default-policies.js';
import { LEGAL_LIMITS, type LegalLimit } from '../../src/domain/retention/legal-limits.js';
import { checkLimits, limitsFor } from '../../src/domain/retention/limit-rules.js';
import { OWN_CLOCK } from '../../src/domain/retention/policy-rules.js';
import { DATA_TYPES } from '../../src/kernel/data-types.js';
import { isJurisdiction } from '../../src/kernel/jurisdiction.js';
import { isPeriod } from '../../src/kernel/period.js';

const refused = { refused: true, code: 'conflict', field: 'keep' };

test('a floor that applies refuses a shorter period and names rule and source', () => {
  expect(checkLimits({ dataType: 'security_logs', keep: 'P5M' }, 'SG', [])).toMatchObject({ ...refused, message: expect.stringMatching(/P5M is below.*P6M.*security-logs.*Cybersecurity Law/) });
  expect(checkLimits({ dataType: 'third_party_call_records', keep: 'P2Y' }, null, [])).toMatchObject({ ...refused, message: expect.stringMatching(/P3Y.*PIPL art\. 56/) });
});

test('six months are calendar months: 180 days are below, 184 are not', () => {
  expect(checkLimits({ dataType: 'security_logs', keep: 'P180D' }, 'SG', [])).toMatchObject(refused);
  expect(checkLimits({ dataType: 'security_logs', keep: 'P184D' }, 'SG', [])).toEqual({ advice: [] });
});

test('a floor of one jurisdiction binds its accounts, and a policy for all says how to split', () => {
  expect(checkLimits({ dataType: 'api_call_metadata', keep: 'P1M' }, 'SG', ['DE'])).toEqual({ advice: [] });
  expect(checkLimits({ dataType: 'api_call_metadata', keep: 'P1M' }, 'SG', ['DE', 'CN'])).toMatchObject({ ...refused, message: expect.stringContaining('publish a policy of at least P6M for jurisdiction CN first') });
  expect(checkLimits({ dataType: 'api_call_metadata', keep: 'P1M', jurisdiction: 'CN' }, 'SG', ['CN'])).toMatchObject(refused);
  // A policy for CN would not help an operator in China: the rule is its own.
  expect(checkLimits({ dataType: 'api_call_metadata', keep: 'P1M' }, 'CN', ['DE'])).toMatchObject({ ...refused, message: expect.not.stringContaining('first') });
});

test("payments follow the operator's country", () => {
  expect(checkLimits({ dataType: 'payment_records', keep: 'P10Y' }, 'SG', ['CN'])).toEqual({ advice: [] });
  expect(checkLimits({ dataType: 'payment_records', keep: 'P10Y' }, 'CN', [])).toMatchObject(refused);
  expect(checkLimits({ dataType: 'payment_records', keep: 'P7Y' }, 'DE', [])).toMatchObject(refused);
});

test('content stays at most thirty days', () => {
  expect(checkLimits({ dataType: 'input_content', keep: 'P30D' }, 'SG', ['DE'])).toEqual({ advice: [] });
  expect(checkLimits({ dataType: 'output_content', keep: 'P1M' }, 'SG', [])).toMatchObject({ ...refused, message: expect.stringMatching(/above the maximum of P30D/) });
});

test('a floor above a ceiling cannot be satisfied: both rules are named, and how to split', () => {
  const limit = (over: Partial<LegalLimit>): LegalLimit => ({ id: 'f', kind: 'floor', dataType: 'security_logs', jurisdiction: 'CN', party: 'either', period: 'P12M', startsAt: 'created', source: 'law A', ...over });
  const limits = [limit({}), limit({ id: 'c', kind: 'ceiling', jurisdiction: 'DE', period: 'P6M', source: 'law B' })];
  expect(checkLimits({ dataType: 'security_logs', keep: 'P9M' }, 'SG', ['CN', 'DE'], limits)).toMatchObject({ ...refused, message: expect.stringMatching(/rule f: law A.*rule c: law B.*Split/s) });
  expect(checkLimits({ dataType: 'security_logs', keep: 'P12M' }, 'SG', ['CN'], limits)).toEqual({ advice: [] });
});

test('advice is shown and binds nobody', () => {
  expect(checkLimits({ dataType: 'api_call_metadata', keep: 'P18M' }, 'SG', ['DE'])).toEqual({ advice: [expect.stringContaining('GDPR art. 5(1)(e)')] });
});

test('every preset is well-formed, has its own name and a source, and counts by the clock of its data type', () => {
  expect(new Set(LEGAL_LIMITS.map((limit) => limit.id)).size).toBe(LEGAL_LIMITS.length);
  for (const limit of LEGAL_LIMITS) {
    expect(isPeriod(limit.period)).toBe(true);
    expect(limit.jurisdiction === '*' || isJurisdiction(limit.jurisdiction)).toBe(true);
    expect(limit.source.length).toBeGreaterThan(10);
    expect(limit.startsAt).toBe(OWN_CLOCK[limit.dataType]);
  }
});

test("the product's defaults are within every limit that applies everywhere", () => {
  for (const dataType of DATA_TYPES) expect(checkLimits({ dataType, keep: DEFAULT_POLICIES[dataType].keep }, null, [])).toEqual({ advice: [] });
  expect(limitsFor('security_logs', null, null).map((limit) => limit.id)).toEqual(['security-logs']);
});

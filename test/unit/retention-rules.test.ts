import fc from 'fast-check';
import { cutOffFor, cutOffsAt, keepMore, type AccountFacts, type CutOffs } from '../../src/domain/retention/cut-off-rules.js';
import { cutThroughDay, methodFor, takesAll, wholeDays } from '../../src/domain/retention/due-rules.js';
import { heldScope, NOTHING_HELD } from '../../src/domain/retention/hold-scope.js';
import type { LegalLimit } from '../../src/domain/retention/legal-limits.js';
import { resolveRetention, type RetentionItem, type Rule, type RuleFacts } from '../../src/domain/retention/policy-rules.js';
import type { PurgeRun } from '../../src/domain/retention/purge.js';
import { progressOf } from '../../src/domain/retention/run-rules.js';
import { addPeriod } from '../../src/kernel/period.js';

const at = (text: string): Date => new Date(text);
const rule = (over: Partial<Rule>): Rule => ({ dataType: 'api_call_metadata', accountId: null, jurisdiction: null, keep: 'P12M', startsAt: 'created', purpose: 'p', source: null, policyId: null, version: 1, ...over });
const facts = (rules: Rule[], over: Partial<RuleFacts> = {}): RuleFacts => ({ rules, operator: 'SG', timeZone: 'UTC', ...over });
const item = (over: Partial<RetentionItem> = {}): RetentionItem => ({ dataType: 'api_call_metadata', createdAt: at('2026-01-31T10:00:00Z'), accountId: 'acme', jurisdiction: 'DE', accountClosedAt: null, fiscalYearEnd: null, ...over });

describe('which policy decides', () => {
  const all = rule({}), china = rule({ jurisdiction: 'CN', keep: 'P24M' }), acme = rule({ accountId: 'acme', keep: 'P9M' });

  test('the account before the jurisdiction before all', () => {
    expect(resolveRetention(item({ jurisdiction: 'CN' }), facts([all, china, acme])).rule).toBe(acme);
    expect(resolveRetention(item({ jurisdiction: 'CN', accountId: 'other' }), facts([all, china, acme])).rule).toBe(china);
    expect(resolveRetention(item({ accountId: 'other' }), facts([all, china, acme])).rule).toBe(all);
    expect(resolveRetention(item({ accountId: null, jurisdiction: null }), facts([all, china, acme])).rule).toBe(all);
  });

  test('a single item before its account', () => {
    const one = rule({ itemIds: ['01900000-0000-7000-8000-000000000001'], keep: 'P1M' });
    expect(resolveRetention(item({ itemId: '01900000-0000-7000-8000-000000000001' }), facts([all, acme, one])).rule).toBe(one);
    expect(resolveRetention(item({ itemId: '01900000-0000-7000-8000-000000000002' }), facts([all, acme, one])).rule).toBe(acme);
  });

  test('at the same level the shortest', () => {
    expect(resolveRetention(item(), facts([all, rule({ keep: 'P10M' })])).deleteAt).toEqual(at('2026-11-30T10:00:00Z'));
  });

  test('without a policy nothing is ever due', () => {
    expect(resolveRetention(item(), facts([]))).toMatchObject({ rule: null, deleteAt: null, retainUntil: null });
  });
});

describe('minimums', () => {
  const short = rule({ keep: 'P1M' });

  test('an account in China keeps call metadata six calendar months whatever the policy says', () => {
    const answer = resolveRetention(item({ jurisdiction: 'CN' }), facts([short]));
    expect(answer.retainUntil).toEqual(at('2026-07-31T10:00:00Z'));
    expect(answer.deleteAt).toEqual(at('2026-07-31T10:00:00Z'));
    expect(answer.minimums.map((limit) => limit.id)).toEqual(['metadata-cn']);
  });

  test('an operator in China keeps them for every account', () => {
    expect(resolveRetention(item(), facts([short], { operator: 'CN' })).deleteAt).toEqual(at('2026-07-31T10:00:00Z'));
    expect(resolveRetention(item(), facts([short])).deleteAt).toEqual(at('2026-02-28T10:00:00Z'));
  });

  test("accounting law is that of the operator, not of the account", () => {
    const payment = item({ dataType: 'payment_records', jurisdiction: 'CN', fiscalYearEnd: at('2027-01-01T00:00:00Z') });
    const ten = rule({ dataType: 'payment_records', keep: 'P10Y', startsAt: 'fiscal-year-end' });
    expect(resolveRetention(payment, facts([ten])).deleteAt).toEqual(at('2037-01-01T00:00:00Z'));
    expect(resolveRetention(payment, facts([ten], { operator: 'CN' })).deleteAt).toEqual(at('2057-01-01T00:00:00Z'));
  });
});

describe('clocks that wait for their event', () => {
  const closed = rule({ dataType: 'account_information', keep: 'P6M', startsAt: 'account-closed' });

  test('an open account waits to be closed', () => {
    expect(resolveRetention(item({ dataType: 'account_information' }), facts([closed]))).toMatchObject({ deleteAt: null, waitingFor: 'account-closed' });
    expect(resolveRetention(item({ dataType: 'account_information', accountClosedAt: at('2026-08-31T00:00:00Z') }), facts([closed])).deleteAt).toEqual(at('2027-02-28T00:00:00Z'));
  });

  test('what counts from a dispute waits while one is open, and while there was none', () => {
    const dispute = rule({ accountId: 'acme', keep: 'P6M', startsAt: 'dispute-closed' });
    expect(resolveRetention(item(), facts([dispute]))).toMatchObject({ deleteAt: null, waitingFor: 'dispute-closed' });
    expect(resolveRetention(item({ disputeClosedAt: at('2026-03-31T00:00:00Z') }), facts([dispute])).deleteAt).toEqual(at('2026-09-30T00:00:00Z'));
    const account = (disputeClosedAt: Date | null): AccountFacts => ({ accountId: 'acme', jurisdiction: 'DE', closedAt: null, disputeClosedAt });
    const cut = (closed: Date | null): Date | null => cutOffFor(cutOffsAt('api_call_metadata', facts([dispute]), [account(closed)], at('2026-10-01T00:00:00Z')), 'acme');
    expect([cut(null), cut(at('2026-04-02T00:00:00Z')), cut(at('2026-03-31T00:00:00Z'))]).toEqual([null, null, at('2026-10-01T00:00:00Z')]);
  });

  test('a payment waits for the end of its fiscal year', () => {
    const ten = rule({ dataType: 'payment_records', keep: 'P10Y', startsAt: 'fiscal-year-end' });
    expect(resolveRetention(item({ dataType: 'payment_records' }), facts([ten]))).toMatchObject({ deleteAt: null, waitingFor: 'fiscal-year-end' });
  });
});

const period = fc.record({ y: fc.nat(3), m: fc.nat(20), d: fc.nat(40) }).map(({ y, m, d }) => `P${y}Y${m}M${d}D`);
const instant = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2030, 0, 1) }).map((ms) => new Date(ms));
const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Shanghai');
const floor = fc.record({ p: period, jurisdiction: fc.constantFrom('*', 'DE', 'CN') }).map(({ p, jurisdiction }): LegalLimit => ({
  id: `f-${jurisdiction}-${p}`, kind: 'floor', dataType: 'api_call_metadata', jurisdiction, party: 'either', period: p, startsAt: 'created', source: 's' }));
const someRules = fc.array(fc.record({ keep: period, scope: fc.constantFrom('all', 'DE', 'CN', 'acme') }), { maxLength: 5 }).map((list) => list.map(({ keep, scope }) =>
  rule({ keep, accountId: scope === 'acme' ? scope : null, jurisdiction: scope.length === 2 ? scope : null })));

describe('whatever the rules', () => {
  test('nothing goes before the longest minimum and before a policy lets it', () => {
    fc.assert(fc.property(someRules, fc.array(floor, { maxLength: 4 }), instant, zone, (rules, limits, createdAt, timeZone) => {
      const { deleteAt, rule: winner } = resolveRetention(item({ createdAt }), facts(rules, { limits, timeZone }));
      if (!deleteAt) return;
      for (const limit of limits) if (limit.jurisdiction !== 'CN') expect(deleteAt.getTime()).toBeGreaterThanOrEqual(addPeriod(createdAt, limit.period, timeZone).getTime());
      expect(deleteAt.getTime()).toBeGreaterThanOrEqual(addPeriod(createdAt, winner!.keep, timeZone).getTime());
    }));
  });

  test('another minimum never makes it sooner, and a less explicit policy changes nothing', () => {
    fc.assert(fc.property(someRules, floor, instant, (rules, limit, createdAt) => {
      const before = resolveRetention(item({ createdAt }), facts(rules, { limits: [] }));
      const more = resolveRetention(item({ createdAt }), facts(rules, { limits: [limit] }));
      if (before.deleteAt) expect(more.deleteAt!.getTime()).toBeGreaterThanOrEqual(before.deleteAt.getTime());
      if (before.rule?.accountId) expect(resolveRetention(item({ createdAt }), facts([...rules, rule({ keep: 'P0D' })], { limits: [] })).deleteAt).toEqual(before.deleteAt);
    }));
  });

  test('a policy of a single item decides for it alone: other items are due as before', () => {
    const one = '01900000-0000-7000-8000-000000000001';
    fc.assert(fc.property(someRules, period, instant, zone, (rules, keep, now, timeZone) => {
      const accounts: AccountFacts[] = [{ accountId: 'acme', jurisdiction: 'DE', closedAt: null }], items = [{ itemId: one, accountId: 'acme' }], known = facts(rules, { limits: [], timeZone });
      const before = cutOffsAt('api_call_metadata', known, accounts, now), after = cutOffsAt('api_call_metadata', { ...known, rules: [...rules, rule({ itemIds: [one], keep })] }, accounts, now, items);
      expect([after.standard, cutOffFor(after, 'acme')]).toEqual([before.standard, cutOffFor(before, 'acme')]);
      expect(cutOffFor(after, 'acme', one)).toEqual(cutOffsAt('api_call_metadata', { ...known, rules: [rule({ keep })] }, [], now).standard);
    }), { numRuns: 200 });
  });

  test('what is before a cut-off is due by the rules, for every account and zone', () => {
    const accounts: AccountFacts[] = [{ accountId: 'acme', jurisdiction: 'DE', closedAt: null }, { accountId: 'other', jurisdiction: 'CN', closedAt: null }];
    fc.assert(fc.property(someRules, fc.array(floor, { maxLength: 3 }), instant, fc.integer({ min: -5 * 86_400_000, max: 5 * 86_400_000 }), zone, (rules, limits, now, ms, timeZone) => {
      const known = facts(rules, { limits, timeZone }), cutOffs = cutOffsAt('api_call_metadata', known, accounts, now);
      for (const { accountId, jurisdiction } of [...accounts, { accountId: null, jurisdiction: null }]) {
        const cutOff = cutOffFor(cutOffs, accountId);
        if (!cutOff) continue;
        const createdAt = new Date(cutOff.getTime() + ms), { deleteAt } = resolveRetention(item({ createdAt, accountId, jurisdiction }), known);
        if (createdAt < cutOff) expect(deleteAt!.getTime()).toBeLessThanOrEqual(now.getTime());
      }
    }), { numRuns: 300 });
  });
});

describe('cut-offs', () => {
  const now = at('2026-11-24T12:00:00Z');
  const accounts: AccountFacts[] = [{ accountId: 'open', jurisdiction: 'DE', closedAt: null }, { accountId: 'closed', jurisdiction: 'DE', closedAt: at('2026-01-01T00:00:00Z') }];

  test('a policy that counts from the closing of the account lets everything or nothing of it go', () => {
    const cutOffs = cutOffsAt('api_call_metadata', facts([rule({ keep: 'P6M', startsAt: 'account-closed' })]), accounts, now);
    expect([null, 'open', 'closed'].map((account) => cutOffFor(cutOffs, account))).toEqual([null, null, now]);
  });

  test('of two answers the one that keeps more wins, account by account', () => {
    const a = { standard: at('2025-01-02'), accounts: new Map([['x', at('2025-03-01')], ['y', null]]), items: new Map([['one', { at: at('2025-06-01'), accountId: 'x' }]]) };
    const b = { standard: at('2025-01-01'), accounts: new Map([['x', at('2025-02-01')]]), items: new Map([['two', { at: null, accountId: 'x' }]]) };
    const more = keepMore(a, b);
    expect([null, 'x', 'y', 'z'].map((account) => cutOffFor(more, account))).toEqual([at('2025-01-01'), at('2025-02-01'), null, at('2025-01-01')]);
    // An item that only one side names stands on the other side where its account does.
    expect(['one', 'two'].map((item) => cutOffFor(more, 'x', item))).toEqual([at('2025-02-01'), null]);
  });

  const cutOffs = (over: Partial<CutOffs>): CutOffs => ({ standard: null, accounts: new Map(), items: new Map(), ...over });

  test('a day is due when it has ended before the cut-off', () => {
    const whole = wholeDays(cutOffs({ standard: at('2025-11-24T12:00:00Z') }));
    expect(takesAll(cutThroughDay(whole, NOTHING_HELD, at('2025-11-23')))).toBe(true);
    expect(cutThroughDay(whole, NOTHING_HELD, at('2025-11-24'))).toMatchObject({ mode: 'only', accounts: [] });
  });

  test('accounts with a longer policy stay in a day that is due, with a shorter one they go from a day that is not, and items go their own way', () => {
    const mixed = cutOffs({ standard: at('2025-01-10'), accounts: new Map([['longer', at('2024-01-01')], ['shorter', at('2025-02-01')], ['never', null]]),
      items: new Map([['old', { at: at('2025-03-01'), accountId: 'longer' }], ['kept', { at: null, accountId: 'shorter' }]]) });
    expect(cutThroughDay(mixed, NOTHING_HELD, at('2025-01-05'))).toMatchObject({ mode: 'except', accounts: ['longer', 'never'], itemsOver: ['old'], itemsKept: ['kept'] });
    expect(cutThroughDay(mixed, NOTHING_HELD, at('2025-01-20'))).toMatchObject({ mode: 'only', accounts: ['shorter'], itemsOver: ['old'], itemsKept: ['kept'] });
  });

  test('a day that a hold can reach is never taken whole, and a window elsewhere is no obstacle', () => {
    const over = cutOffs({ standard: at('2025-12-01') }), window = { accountId: null, keyIds: null, requestIds: null, fromAt: at('2025-11-10'), untilAt: at('2025-11-12') };
    expect(takesAll(cutThroughDay(over, heldScope([{ ...window, accountId: 'acme', fromAt: null, untilAt: null }]), at('2025-11-01')))).toBe(false);
    expect(['2025-11-09', '2025-11-10', '2025-11-11', '2025-11-12'].map((day) => takesAll(cutThroughDay(over, heldScope([window]), at(day))))).toEqual([true, false, false, true]);
  });

  test.each([[10n, 10n, 'drop_partition'], [10n, 5n, 'replace_partition'], [10n, 4n, 'delete_rows'], [10n, 0n, null], [0n, 0n, null]] as const)(
    '%s rows of which %s are due: %s', (total, due, method) => { expect(methodFor(total, due)).toBe(method); });
});

describe('how far a run is', () => {
  const items = (...doneAt: string[]) => doneAt.map((time, index) => ({ position: index + 1, state: 'done', rowsDue: 100n, rowsDeleted: 100n, doneAt: at(time) }));
  const run = (over: object) => ({ state: 'running', startedAt: at('2026-11-24T10:00:00Z'), finishedAt: null, items: [], ...over }) as unknown as PurgeRun;
  const open = { position: 9, state: 'planned', rowsDue: 1_000n, rowsDeleted: 0n, doneAt: null };

  test('its rate is that of the last items, and the night for which it was paused is no part of it', () => {
    const steady = items('2026-11-24T10:00:10Z', '2026-11-24T10:00:20Z', '2026-11-24T10:00:30Z', '2026-11-24T10:00:40Z');
    expect(progressOf(run({ items: [...steady, open] }), at('2026-11-24T10:00:40Z'))).toMatchObject({ rowsDone: 400n, rowsDue: 1_400n, rowsPerSecond: 10, remainingMs: 100_000 });
    const paused = [...steady, ...items('2026-11-25T09:00:00Z', '2026-11-25T09:00:10Z')];
    // Five usual intervals of ten seconds for the night: 500 rows in 90 s.
    expect(progressOf(run({ items: [...paused, open] }), at('2026-11-25T09:00:10Z'))).toMatchObject({ rowsPerSecond: 6, remainingMs: 180_000 });
  });

  test('with few items done it is that of the whole run, and before the first nothing is said', () => {
    expect(progressOf(run({ items: [...items('2026-11-24T10:00:10Z'), open] }), at('2026-11-24T10:00:20Z'))).toMatchObject({ rowsPerSecond: 5, remainingMs: 200_000 });
    expect(progressOf(run({ items: [open] }), at('2026-11-24T10:00:20Z'))).toMatchObject({ rowsPerSecond: null, remainingMs: null });
    expect(progressOf(run({ state: 'paused', items: [...items('2026-11-24T10:00:10Z'), open] }), at('2026-11-24T10:00:20Z'))).toMatchObject({ remainingMs: null });
  });
});

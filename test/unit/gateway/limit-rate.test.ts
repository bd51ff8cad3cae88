import fc from 'fast-check';
import { rateHeaders } from '../../../src/domain/gateway/client-headers.js';
import { createRateLimiter } from '../../../src/domain/gateway/limit-rate.js';

const at = (seconds: number): Date => new Date(1_800_000_000_000 + seconds * 1_000);
const requests = (limit: number | null) => ({ requestsPerMinute: limit, tokensPerMinute: null });

test('no more than the limit pass in any minute, whenever they come', () => {
  fc.assert(fc.property(fc.array(fc.nat(90), { maxLength: 60 }), fc.integer({ min: 1, max: 6 }), (gaps, limit) => {
    const limiter = createRateLimiter(), passed: number[] = [];
    let second = 0;
    for (const gap of gaps) { second += gap % 7; if (limiter.take('a', requests(limit), at(second))!.allowed) passed.push(second); }
    for (const start of passed) expect(passed.filter((one) => one >= start && one < start + 60).length).toBeLessThanOrEqual(limit);
  }));
});

test('who waits as long as told gets through', () => {
  fc.assert(fc.property(fc.array(fc.nat(20), { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 4 }), (gaps, limit) => {
    const limiter = createRateLimiter();
    let second = 0;
    for (const gap of gaps) {
      second += gap;
      const verdict = limiter.take('a', requests(limit), at(second))!;
      if (verdict.allowed) continue;
      expect(verdict.retryAfter).toBeGreaterThanOrEqual(1);
      second += verdict.retryAfter;
      expect(limiter.take('a', requests(limit), at(second))!.allowed).toBe(true);
    }
  }));
});

test('accounts do not share a limit, and one without limits is not counted', () => {
  const limiter = createRateLimiter();
  expect(limiter.take('a', requests(1), at(0))).toMatchObject({ allowed: true, remaining: 0 });
  expect(limiter.take('a', requests(1), at(0))).toMatchObject({ allowed: false, remaining: 0, limit: 1, of: 'requests', retryAfter: 60 });
  expect(limiter.take('b', requests(1), at(0))).toMatchObject({ allowed: true });
  expect(limiter.take('c', requests(null), at(0))).toBeUndefined();
});

test('tokens used count against the next calls until the minute is over', () => {
  const limiter = createRateLimiter(), limits = { requestsPerMinute: null, tokensPerMinute: 100 };
  expect(limiter.take('a', limits, at(0))).toEqual({ allowed: true, of: 'tokens', limit: 100, remaining: 100, retryAfter: 0 });
  limiter.use('a', 100, at(0));
  expect(limiter.take('a', limits, at(30))).toMatchObject({ allowed: false, of: 'tokens', retryAfter: 30 });
  expect(limiter.take('a', limits, at(60))).toMatchObject({ allowed: true, remaining: 100 });
});

test('the headers of both protocols tell what is left of requests and of tokens', () => {
  const limiter = createRateLimiter(), limits = { requestsPerMinute: 5, tokensPerMinute: 100n };
  limiter.use('a', 40, at(0));
  const verdict = limiter.take('a', limits, at(0));
  expect(rateHeaders('openai', verdict, at(0))).toEqual({ 'x-ratelimit-limit-requests': '5', 'x-ratelimit-remaining-requests': '4', 'x-ratelimit-reset-requests': '60s',
    'x-ratelimit-limit-tokens': '100', 'x-ratelimit-remaining-tokens': '60', 'x-ratelimit-reset-tokens': '60s' });
  const reset = at(60).toISOString();
  expect(rateHeaders('anthropic', verdict, at(0))).toEqual({ 'anthropic-ratelimit-requests-limit': '5', 'anthropic-ratelimit-requests-remaining': '4', 'anthropic-ratelimit-requests-reset': reset,
    'anthropic-ratelimit-tokens-limit': '100', 'anthropic-ratelimit-tokens-remaining': '60', 'anthropic-ratelimit-tokens-reset': reset });
});

test('a clock that steps back neither throws nor lets more through', () => {
  const limiter = createRateLimiter();
  expect(limiter.take('a', requests(1), at(100))!.allowed).toBe(true);
  expect(limiter.take('a', requests(1), at(50))!.allowed).toBe(false);
});

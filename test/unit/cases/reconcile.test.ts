// Ours against theirs: reading a provider's file, and telling matched, different, ours only and theirs only apart.
import fc from 'fast-check';
import { CLASSES, reconcile, type OurUsage } from '../../../src/domain/cases/reconcile-rules.js';
import { parseUsage, type UsageRow } from '../../../src/domain/cases/usage-file-rules.js';
import { isRefusal } from '../../../src/kernel/result.js';

const STRICT = { tokens: 0n, basisPoints: 0n };
const theirs = (id: string | null, input: number, output = 10, more: Partial<UsageRow> = {}): UsageRow => ({ upstreamRequestId: id, day: '2026-11-20', model: 'gpt-5', inputTokens: BigInt(input), outputTokens: BigInt(output), amountMicros: null, currency: null, ...more });
const ours = (id: string | null, input: number, output = 10, more: Partial<OurUsage> = {}): OurUsage => ({ requestId: `r-${id}-${input}`, upstreamRequestId: id, day: '2026-11-20', model: 'gpt-5', inputTokens: BigInt(input), outputTokens: BigInt(output), ...more });

test('each request is matched, different, ours only or theirs only, and counted by day and model', () => {
  const found = reconcile([theirs('a', 100), theirs('b', 100), theirs('c', 100)], [ours('a', 100), ours('b', 101), ours('d', 5), ours(null, 7)], STRICT);
  expect(found.total).toEqual({ matched: 1, amount_differs: 1, ours_only: 2, theirs_only: 1 });
  expect(found.groups).toEqual([{ day: '2026-11-20', model: 'gpt-5', counts: found.total, ours: { input: 213n, output: 40n }, theirs: { input: 300n, output: 30n } }]);
  expect(found.differences.map((line) => `${line.class} ${line.upstreamRequestId ?? '-'}`).sort()).toEqual(['amount_differs b', 'ours_only -', 'ours_only d', 'theirs_only c']);
});

test('what is within the tolerance is matched: so many tokens, or such a share of theirs, whichever is more', () => {
  const one = (tokens: bigint, basisPoints: bigint, input: number): string => CLASSES.find((kind) => reconcile([theirs('a', 1_000)], [ours('a', input)], { tokens, basisPoints }).total[kind] === 1)!;
  expect([one(5n, 0n, 1_005), one(5n, 0n, 1_006), one(0n, 100n, 990), one(0n, 100n, 989), one(20n, 100n, 1_020)]).toEqual(['matched', 'amount_differs', 'matched', 'amount_differs', 'matched']);
});

test('parts of one request are added, on both sides', () => {
  const found = reconcile([theirs('a', 60, 4, { amountMicros: 5n, currency: 'USD' }), theirs('a', 40, 6, { amountMicros: 7n, currency: 'USD' })], [ours('a', 100)], STRICT);
  expect(found.total).toMatchObject({ matched: 1, amount_differs: 0 });
});

test('a file of sums is held against sums of day and model', () => {
  const found = reconcile([theirs(null, 110, 20), theirs(null, 50, 5, { model: 'gpt-5-mini' })], [ours('x', 60), ours('y', 50), ours('z', 9, 1, { day: '2026-11-21' })], STRICT);
  expect(found.byRequest).toBe(false);
  expect(found.groups.map((group) => [group.day, group.model, CLASSES.filter((kind) => group.counts[kind] > 0)])).toEqual([['2026-11-20', 'gpt-5', ['matched']], ['2026-11-20', 'gpt-5-mini', ['theirs_only']], ['2026-11-21', 'gpt-5', ['ours_only']]]);
});

test('whatever the rows, nothing is lost: every request of either side stands in exactly one class, and sums agree', () => {
  const row = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), input: fc.nat(50), output: fc.nat(50), day: fc.constantFrom('2026-11-20', '2026-11-21') });
  fc.assert(fc.property(fc.array(row, { minLength: 1 }), fc.array(row), (left, right) => {
    const found = reconcile(left.map((one) => theirs(one.id, one.input, one.output, { day: one.day })), right.map((one) => ours(one.id, one.input, one.output, { day: one.day })), STRICT);
    expect(CLASSES.reduce((sum, kind) => sum + found.total[kind], 0)).toBe(new Set([...left, ...right].map((one) => one.id)).size);
    const sum = (list: readonly { input: number }[]): bigint => list.reduce((total, one) => total + BigInt(one.input), 0n);
    expect(found.groups.reduce((total, group) => total + group.theirs.input, 0n)).toBe(sum(left));
    expect(found.groups.reduce((total, group) => total + group.ours.input, 0n)).toBe(sum(right));
  }));
});

test('a file is read under the column names of common exports, with quotes, byte order mark and any line ends', () => {
  expect(parseUsage('\uFEFFRequest_ID,Timestamp,Model,Prompt_Tokens,Completion_Tokens,Cost,Currency\r\n"re""q,1",2026-11-20T23:59:00Z,gpt-5,12,3,0.0000125,usd\r\n')).toEqual([
    { upstreamRequestId: 're"q,1', day: '2026-11-20', model: 'gpt-5', inputTokens: 12n, outputTokens: 3n, amountMicros: 13n, currency: 'USD' }]);
  expect(parseUsage('day,model,input_tokens,output_tokens\n2026-11-20,gpt-5,1,2\n\n2026-11-21,gpt-5,3,4')).toHaveLength(2);
});

test.each([
  ['', 'line 1: there is no column day'], ['day,model,input_tokens,output_tokens\n', 'line 1: there are no rows'], ['day,model,input_tokens,output_tokens\n2026-02-30,m,1,2', 'line 2: "2026-02-30" is not a day'],
  ['day,model,input_tokens,output_tokens\n2026-02-01,m,1.5,2', 'line 2: tokens are whole numbers'], ['day,model,input_tokens,output_tokens\n2026-02-01,,1,2', 'line 2: the model is missing'],
  ['day,model,input_tokens,output_tokens,amount\n2026-02-01,m,1,2,3.5', 'line 2: an amount needs its currency'], ['day,model,input_tokens,output_tokens,amount,currency\n2026-02-01,m,1,2,-3,USD', 'line 2: "-3" is not an amount'],
  ['id,day,model,input_tokens,output_tokens\na,2026-02-01,m,1,2\n,2026-02-01,m,1,2', 'line 3: some rows name a request'], ['day,model,input_tokens,output_tokens\n"2026', 'line 2: a quoted cell does not end'],
])('the file %j is refused: %s', (csv, message) => {
  const found = parseUsage(csv);
  expect(isRefusal(found) && found.message).toContain(message);
});

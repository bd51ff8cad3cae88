// Usage summaries and limits, through the doors people use: they say what the calls on record say, to the last micro-unit.
import { runCli } from '../../../src/entrypoints/cli/cli.js';
import { csvCell, usageCsv } from '../../../src/entrypoints/views/usage-csv.js';
import { fixedClock } from '../../../src/kernel/clock.js';
import { dayOf } from '../../../src/kernel/period.js';
import { aCall } from '../../fixtures/calls.js';
import { codeOf, startTestApi, type ApiClient, type TestApi } from '../../support/api.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { ok, registryOf } from '../../support/registry.js';

const ZONE = 'Asia/Shanghai', now = new Date(), clock = fixedClock(now);
const KEYS = ['0193c1a2-0000-7000-8000-00000000000a', '0193c1a2-0000-7000-8000-00000000000b'];
let test_: TestApp, api: TestApi, support: ApiClient, officer: ApiClient, keyId: string;
/** Calls of the last day, over a midnight of the operator's zone, in two currencies, some of them free, one larger than a JSON number. */
const calls = Array.from({ length: 300 }, (_, i) => aCall(new Date(now.getTime() - (i % 24) * 3_000_000 - i), {
  account_id: i % 3 === 0 ? 'acme' : 'other', key_id: KEYS[i % 2]!, model: ['gpt-5', 'claude', '=HYPERLINK("http://evil")'][i % 3]!, provider_id: i % 10 === 0 ? null : ['openai', 'anthropic'][i % 2]!, account_seq: BigInt(i + 1),
  usage_input: BigInt(i * 7), usage_cache_read: BigInt(i), usage_cache_write: BigInt(i % 5), usage_output: BigInt(i * 3), usage_reasoning: BigInt(i % 4), usage_source: i % 7 === 0 ? 'estimated' : 'reported',
  cost_micros: i === 299 ? 2n ** 60n + 1n : BigInt(i * 13), currency: i % 11 === 0 ? null : i % 2 === 0 ? 'USD' : 'CNY' }));
beforeAll(async () => {
  test_ = await createTestApp({ env: { HOLDFAST_TIME_ZONE: ZONE }, clock });
  api = await startTestApi(test_.app);
  [support, officer] = await Promise.all([api.as('support_agent'), api.as('compliance_officer')]);
  ok(await run((tx) => test_.app.billing.openAccount(tx, { accountId: 'acme', name: 'Acme', jurisdiction: 'DE', contact: 'c' })));
  ({ keyId } = ok(await run((tx) => test_.app.security.issueKey(tx, { accountId: 'acme', name: 'production' }))));
  await test_.app.ledger.createRecorder('gateway').write(calls);
});
afterAll(async () => { await api.close(); await test_.close(); });
const { run, audit } = registryOf(() => test_);

interface Row { group: string | null; currency: string | null; calls: number; estimated_calls: number; usage: Record<string, number>; cost_micros: number | string }
const usage = async (query: string): Promise<Row[]> => ((await support.get(`/usage?${query}`)).body as { data: Row[] }).data;

test.each(['day', 'model', 'key', 'provider', 'account'] as const)('by %s the sums are those of the records, exactly', async (groupBy) => {
  const rows = await usage(`group_by=${groupBy}`);
  const groupOf = ({ row }: (typeof calls)[number]): string | null => ({ day: dayOf(row.at, ZONE), model: row.model, key: row.key_id, provider: row.provider_id, account: row.account_id })[groupBy];
  const expected = new Map<string, { calls: number; cost: bigint; input: bigint; output: bigint; estimated: number }>();
  for (const call of calls) {
    const name = `${groupOf(call)} ${call.row.currency}`, one = expected.get(name) ?? { calls: 0, cost: 0n, input: 0n, output: 0n, estimated: 0 };
    expected.set(name, { calls: one.calls + 1, cost: one.cost + BigInt(call.row.cost_micros!), input: one.input + BigInt(call.row.usage_input!), output: one.output + BigInt(call.row.usage_output!), estimated: one.estimated + (call.row.usage_source === 'estimated' ? 1 : 0) });
  }
  expect(new Map(rows.map((row) => [`${row.group} ${row.currency}`, { calls: row.calls, cost: BigInt(row.cost_micros), input: BigInt(row.usage['input']!), output: BigInt(row.usage['output']!), estimated: row.estimated_calls }]))).toEqual(expected);
});

test('an amount that a JSON number would round comes as decimal text', async () => {
  const [row] = (await usage(`key=${KEYS[1]}&group_by=model&account=other`)).filter((one) => typeof one.cost_micros === 'string');
  expect(BigInt(row!.cost_micros)).toBeGreaterThan(2n ** 60n);
  expect((await support.get('/calls?limit=1000')).status).toBe(200);
  expect((await support.get(`/calls/${calls[299]!.row.request_id}`)).body).toMatchObject({ cost_micros: (2n ** 60n + 1n).toString() });
});

test('a payment of any size is listed as it was recorded', async () => {
  const amount = (10n ** 18n).toString();
  expect(await officer.post('/payments', { account_id: 'acme', amount_micros: amount, currency: 'USD', paid_at: now.toISOString(), reference: 'LARGE' })).toMatchObject({ status: 201 });
  expect((await officer.get('/payments')).body).toMatchObject({ data: [{ amount_micros: amount }] });
});

test('windows are of the calendar of the operator, and nonsense is refused', async () => {
  expect((await usage('group_by=account&account=acme')).reduce((sum, row) => sum + row.calls, 0)).toBe(100);
  const midnight = new Date(`${dayOf(now, ZONE)}T00:00:00+08:00`);
  const today = await usage(`group_by=day&from=${encodeURIComponent(midnight.toISOString())}`);
  expect(today.every((row) => row.group === dayOf(now, ZONE))).toBe(true);
  expect(today.reduce((sum, row) => sum + row.calls, 0)).toBe(calls.filter((call) => call.row.at >= midnight).length);
  for (const query of ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'from=2020-01-01T00:00:00Z', 'group_by=weather']) expect(codeOf(await support.get(`/usage?${query}`))).toBe('invalid_request');
});

test('a CSV file has no cell that a spreadsheet would run', async () => {
  const rows = await test_.app.gateway.usage({ from: new Date(now.getTime() - 86_400_000 * 2), to: new Date(now.getTime() + 1), groupBy: 'model' });
  const text = usageCsv('model', rows);
  expect(text).toContain(`"'=HYPERLINK(""http://evil"")",`);
  expect(text.split('\r\n').filter((line) => /(^|,)"?[=+@]/.test(line))).toEqual([]);
  for (const [given, safe] of [['+1', "'+1"], ['-1', "'-1"], ['@x', "'@x"], ['\t=1', "'\t=1"], [' =1', "' =1"], ['a,b', '"a,b"'], ['plain', 'plain'], ['a=b', 'a=b'], ['\r=1', `"'\r=1"`]]) expect(csvCell(given!)).toBe(safe);
});

test('the command line adds up the same, and the reading is on record with its purpose', async () => {
  const cli = async (...argv: string[]): Promise<{ code: number; out: string }> => {
    let out = '';
    const code = await runCli(argv, { HOLDFAST_HOME: test_.home, DATABASE_URL: test_.databaseUrl, HOLDFAST_TIME_ZONE: ZONE }, { out: (text) => { out += text; }, err: (text) => { out += text; } });
    return { code, out };
  };
  const total = calls.filter((call) => call.row.account_id === 'acme' && call.row.currency === 'USD').reduce((sum, call) => sum + BigInt(call.row.cost_micros!), 0n);
  expect((await cli('usage', '--account', 'acme', '--by', 'model')).out).toContain(`total ${Number(total) / 1e6} USD`);
  expect((await cli('usage', '--by', 'day', '--csv')).out).toMatch(/^day,currency,calls,/);
  expect((await cli('usage', '--by', 'weather')).code).toBe(2);
  expect((await cli('usage', '--from', 'yesterday')).code).toBe(2);
  const { rows } = await test_.app.database.reader.query(`SELECT purpose, "after"->>'group_by' AS by FROM audit_records WHERE action = 'usage.read' AND actor_kind = 'cli' ORDER BY record_id`);
  expect(rows).toEqual([{ purpose: 'billing', by: 'model' }, { purpose: 'billing', by: 'day' }]);
});

describe('limits', () => {
  const month = { amount_micros: 50_000_000, period: 'month', currency: 'USD' };

  test('are set as a whole, read back with what is used, and every change is on record', async () => {
    expect(await officer.post('/accounts/acme/limits', { budget: month, concurrent_calls: 4 })).toMatchObject({ status: 200, body: { changed: true } });
    expect(await officer.post('/accounts/acme/limits', { budget: month, concurrent_calls: 4 })).toMatchObject({ body: { changed: false } });
    const used = calls.filter(({ row }) => row.account_id === 'acme' && row.currency === 'USD' && dayOf(row.at, ZONE).slice(0, 7) === dayOf(now, ZONE).slice(0, 7)).reduce((sum, { row }) => sum + BigInt(row.cost_micros!), 0n);
    const read = (await support.get('/accounts/acme/limits')).body as { budget: { used_micros: number; from: string; to: string } };
    expect(read).toMatchObject({ budget: { ...month, used_micros: Number(used) }, quota: null, concurrent_calls: 4, requests_per_minute: null });
    expect(dayOf(new Date(read.budget.to), ZONE)).toMatch(/-01$/);
    expect(await officer.post(`/accounts/acme/keys/${keyId}/limits`, { quota: { tokens: 1_000, period: 'day' }, requests_per_minute: 5 })).toMatchObject({ body: { changed: true } });
    expect((await support.get(`/accounts/acme/keys/${keyId}/limits`)).body).toMatchObject({ budget: null, quota: { tokens: 1_000, used_tokens: 0, period: 'day' }, requests_per_minute: 5 });
    expect(await officer.post('/accounts/acme/limits', {})).toMatchObject({ body: { changed: true } });
    expect((await audit('acme')).filter((one) => one.action === 'limits.set')).toMatchObject([
      { before: { budget: null }, after: { budget: { micros: '50000000', period: 'month', currency: 'USD' }, concurrent_calls: 4 } }, { before: { concurrent_calls: 4 }, after: { budget: null, concurrent_calls: null } }]);
  });

  test('are refused when they make no sense, are somebody else\'s, or are not one\'s to set', async () => {
    for (const [path, body] of [['/accounts/acme/limits', { budget: { ...month, amount_micros: 0 } }], ['/accounts/acme/limits', { budget: { ...month, period: 'week' } }], ['/accounts/acme/limits', { budget: { ...month, amount_micros: '99999999999999999' } }],
      ['/accounts/acme/limits', { requests_per_minute: 4 }], ['/accounts/acme/limits', { concurrent_calls: 0.5 }]] as const) expect(codeOf(await officer.post(path, body))).toBe('invalid_request');
    expect(codeOf(await officer.post('/accounts/nobody/limits', {}))).toBe('not_found');
    expect(codeOf(await officer.post(`/accounts/other/keys/${keyId}/limits`, {}))).toBe('not_found');
    expect(codeOf(await support.post('/accounts/acme/limits', {}))).toBe('forbidden');
  });
});

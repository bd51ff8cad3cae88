import { systemActor } from '../../src/kernel/actor.js';
import { readFigures, RECENT_MS } from '../../src/entrypoints/views/operations.view.js';
import { aCall } from '../fixtures/calls.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { createTestApp, type TestApp } from '../support/database.js';

let test_: TestApp;
let api: TestApi;
beforeAll(async () => { test_ = await createTestApp(); api = await startTestApi(test_.app); });
afterAll(async () => { await api.close(); await test_.close(); });
const scrape = async (): Promise<string> => (await fetch(`${api.url}/metrics`)).text();
const ago = (ms: number): Date => new Date(Date.now() - ms);

test('calls and refusals of the last five minutes are counted, and older ones are not', async () => {
  await test_.app.ledger.createRecorder('gateway').write([
    aCall(ago(1_000)), aCall(ago(2_000)), aCall(ago(3_000), { status: 'refused', refusal_code: 'rate_limited', http_status: 429 }), aCall(ago(RECENT_MS + 60_000), { status: 'cut' }),
  ]);
  const text = await scrape();
  expect(text).toContain('holdfast_calls_recent{status="completed"} 2\n');
  expect(text).toContain('holdfast_calls_recent{status="refused"} 1\n');
  expect(text).toContain('holdfast_refusals_recent{code="rate_limited"} 1\n');
  expect(text).not.toContain('status="cut"');
});

test('the state of the log is told: size, lag, batches that wait', async () => {
  expect(await scrape()).toMatch(/holdfast_ledger_unsealed_batches [1-9]/);
  await test_.app.ledger.sealOnce();
  const text = await scrape();
  expect(text).toContain('holdfast_ledger_unsealed_batches 0\n');
  expect(text).toContain('holdfast_ledger_sealing_lag_seconds 0\n');
  expect(text).toMatch(/holdfast_ledger_tree_size [1-9]/);
  expect(text).toMatch(/holdfast_ledger_checkpoint_timestamp_seconds \d{10}\n/);
});

test('rows that are overdue are counted by data type', async () => {
  await test_.app.act(systemActor('test'), (tx) => test_.app.retention.ensureDefaultPolicies(tx));
  await test_.app.act(systemActor('test'), async (tx) => {
    await test_.app.billing.openAccount(tx, { accountId: 'acme', name: 'A', jurisdiction: 'SG', contact: 'c' });
    await test_.app.billing.recordPayment(tx, { accountId: 'acme', amountMicros: 1n, currency: 'EUR', paidAt: new Date('1990-01-01'), reference: 'old', fiscalYearEnd: '1990-12-31' });
  });
  const fresh = await startTestApi(test_.app);
  try {
    expect(await (await fetch(`${fresh.url}/metrics`)).text()).toContain('holdfast_retention_overdue_rows{data_type="payment_records"} 1\n');
  } finally { await fresh.close(); }
});

test('partitions made ahead are told, and a table that has none pulls the figure below zero', async () => {
  expect(await scrape()).toContain('holdfast_partitions_ahead_days 7\n');
  const { rows } = await test_.app.database.pool.query<{ name: string }>(`SELECT c.relname AS name FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_class c ON c.oid = i.inhrelid WHERE p.relname = 'security_events'`);
  for (const { name } of rows) await test_.app.database.pool.query(`DROP TABLE ${name}`);
  expect((await readFigures(test_.app.database.reader, new Date())).partitionsAheadDays).toBe(-1);
});

test('the text is what Prometheus reads: each name once with help and type, samples beneath it, no identity in labels', async () => {
  const answer = await fetch(`${api.url}/metrics`);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const lines = (await answer.text()).trimEnd().split('\n');
  const seen = new Set<string>();
  let current = '';
  for (const line of lines) {
    const [, help] = /^# HELP (\S+) \S/.exec(line) ?? [];
    if (help !== undefined) { expect(seen.has(help)).toBe(false); seen.add(current = help); } else if (line.startsWith('# TYPE ')) expect(line).toMatch(new RegExp(`^# TYPE ${current} (gauge|counter|histogram)$`));
    else expect(line).toMatch(new RegExp(`^${current}(_bucket|_sum|_count)?(\\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\\})? [0-9.eE+-]+$`));
  }
  expect(lines.join('')).not.toContain('acme');
});

import { fixedClock } from '../../../src/kernel/clock.js';
import { mintId } from '../../../src/kernel/ids.js';
import type { CallPage } from '../../../src/domain/gateway/index.js';
import type { RecordRow } from '../../../src/domain/ledger/index.js';
import { ensurePartitions } from '../../../src/platform/db/index.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { change } from '../../support/gateway-registry.js';

const DAY_MS = 86_400_000;
const clock = fixedClock('2026-06-15T12:00:00Z');
let test_: TestApp;
const ids: string[] = [];
beforeAll(async () => {
  test_ = await createTestApp({ clock });
  await ensurePartitions(test_.app.database.pool, new Date('2026-05-01'), new Date('2026-06-20'));
  const recorder = test_.app.ledger.createRecorder('test');
  for (let day = 0; day < 40; day++) {
    const at = new Date(Date.parse('2026-05-01T08:00:00Z') + day * DAY_MS), requestId = mintId(at);
    ids.push(requestId);
    await recorder.write([
      { table: 'transfers', row: { transfer_id: mintId(at), request_id: requestId, at, account_id: 'acme', key_id: KEYS[day % 2]!, epoch_id: requestId, account_seq: day, attempt: 1, provider_id: 'p', provider_name: 'P', legal_entity: 'P',
        category: 'model', origin_jurisdiction: 'DE', destination_jurisdictions: ['US', 'IE'], cross_border: true, terms_version: '1', confirmation_ids: [requestId], basis: 'consent', data_categories: ['input_content'], model: 'm',
        upstream_model: 'm', upstream_host: 'h', path: '/v1/messages', request_bytes: 5, registry_version: 3 } },
      { table: 'calls', row: aCall(requestId, at, day) },
    ]);
  }
  await change(test_.app, `INSERT INTO accounts (account_id, name, jurisdiction, contact, created_at) VALUES ('acme', 'A', 'DE', 'c', now())`);
  await change(test_.app, `INSERT INTO api_keys (key_id, account_id, name, secret_hash, hint, created_at) VALUES ($1, 'acme', 'ci', '\\x01', '', now())`, [KEYS[1]]);
});
afterAll(async () => { await test_.close(); });

const KEYS = ['0197a3c2-0000-7000-8000-000000000001', '0197a3c2-0000-7000-8000-000000000002'];
function aCall(requestId: string, at: Date, day: number): RecordRow<'calls'> {
  return { request_id: requestId, at, ended_at: at, account_id: day === 39 ? 'other' : 'acme', key_id: KEYS[day % 2]!, epoch_id: requestId, account_seq: 9_007_199_254_740_993n, method: 'POST', path: '/v1/messages', protocol: 'anthropic',
    model: day % 4 === 0 ? 'm4' : 'm', served_model: null, stream: false, status: day % 5 === 0 ? 'failed' : 'completed', http_status: 200, refusal_code: null, client_request_id: day < 3 ? 'same-client-id' : null,
    upstream_request_id: `req_up_${day}`, answer_id: null, session_id: null, caller_region: null, provider_id: 'p', attempts: 1, usage_input: 1, usage_cache_read: 2, usage_cache_write: 3, usage_cache_write_1h: 1, usage_output: 4, usage_reasoning: 0, usage_units: null,
    usage_source: 'reported', cost_micros: 5, currency: 'USD', price_id: null, registry_version: 1, request_bytes: 0, response_bytes: 0, first_byte_ms: null };
}
const find = (id: string) => test_.app.gateway.findCall(id);
const list = async (filter: Parameters<TestApp['app']['gateway']['listCalls']>[0]): Promise<CallPage> => { const page = await test_.app.gateway.listCalls(filter); if ('refused' in page) throw new Error(page.message); return page; };

describe('finding one call', () => {
  test('by our id in any case, a transfer\'s id, the provider\'s or the client\'s', async () => {
    const story = (await find(ids[7]!))!;
    expect(story.call).toMatchObject({ request_id: ids[7], account_seq: 9_007_199_254_740_993n, cost_micros: 5n, at: expect.any(Date) });
    expect(story.transfers).toEqual([expect.objectContaining({ request_id: ids[7], destination_jurisdictions: ['US', 'IE'], confirmation_ids: [ids[7]], registry_version: 3n, outcome: undefined })]);
    for (const id of [ids[7]!.toUpperCase(), ` ${ids[7]!} `, story.transfers[0]!.transfer_id, 'req_up_7']) expect((await find(id))?.call.request_id).toBe(ids[7]);
  });
  test('an id of others that several calls carry finds the newest', async () => { expect((await find('same-client-id'))?.call.request_id).toBe(ids[2]); });
  test.each(['', 'nothing', '0197a3c2-0000-7000-8000-0000000000ff', 'nul\u0000', 'x'.repeat(300), '\ud800', "'; DROP TABLE calls; --"])('%j finds nothing and breaks nothing', async (id) => { expect(await find(id)).toBeUndefined(); });
});

describe('listing calls', () => {
  test('oldest first, page by page, each once', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ limit: 7, ...(cursor === undefined ? {} : { cursor }) });
      expect(page.rows.length).toBeLessThanOrEqual(7);
      seen.push(...page.rows.map((row) => row.request_id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(ids);
  });
  test('the window takes its first instant and leaves its last', async () => {
    const rows = (await list({ from: new Date('2026-05-03T08:00:00Z'), to: new Date('2026-05-05T08:00:00Z') })).rows;
    expect(rows.map((row) => row.request_id)).toEqual([ids[2], ids[3]]);
  });
  test('by account, key by id or name, model, status, and all of them together', async () => {
    expect((await list({ account: 'other' })).rows.map((row) => row.request_id)).toEqual([ids[39]]);
    expect((await list({ key: KEYS[1] })).rows).toHaveLength(20);
    expect((await list({ key: 'ci' })).rows).toHaveLength(20);
    expect((await list({ model: 'm4' })).rows).toHaveLength(10);
    expect((await list({ account: 'acme', key: KEYS[0], model: 'm4', status: 'failed' })).rows.map((row) => row.request_id)).toEqual([ids[0], ids[20]]);
  });
  test.each([[{ limit: 0 }, 'limit'], [{ limit: 1_001 }, 'limit'], [{ limit: 1.5 }, 'limit'], [{ cursor: 'x' }, 'cursor']])('%j is refused by name', async (filter, field) => {
    expect(await test_.app.gateway.listCalls(filter)).toMatchObject({ refused: true, code: 'invalid_request', field });
  });
});

test('one call, its transfers and a day\'s list touch only the partitions they lie in', async () => {
  const explain = async (sql: string, values: unknown[]): Promise<Set<string>> => {
    const { rows } = await test_.app.database.reader.query(`EXPLAIN ${sql}`, values);
    return new Set(rows.map((row) => /_p(\d{8})/.exec(row['QUERY PLAN'] as string)?.[1]).filter((day) => day !== undefined));
  };
  const statements: [string, unknown[]][] = [];
  const spying = { query: (text: string, values: unknown[]) => { statements.push([text, values]); return test_.app.database.reader.query(text, values); } };
  const { findCall, listCalls } = await import('../../../src/domain/gateway/call.view.js');
  await findCall(spying as never, ids[7]!, test_.app.clock.now());
  await listCalls(spying as never, { from: new Date('2026-05-03T00:00:00Z'), to: new Date('2026-05-04T00:00:00Z') });
  // The story's statements travel together, in one message.
  const asked = statements.flatMap(([sql, values]) => sql.split(';').map((one): [string, unknown[]] => [one, values]));
  expect([statements.length, asked.length]).toEqual([2, 4]);
  const days = await Promise.all(asked.map(([sql, values]) => explain(sql, values)));
  expect(days[0]).toEqual(new Set(['20260508']));
  for (const touched of days.slice(1, 3)) expect([...touched].every((day) => ['20260508', '20260509'].includes(day!))).toBe(true);
  expect(days[3]).toEqual(new Set(['20260503']));
});

test('an id of others is looked for in the last days first; what is older is found all the same', async () => {
  const asked: { text: string; values: unknown[] }[] = [];
  const spying = { query: (text: string, values: unknown[]) => { asked.push({ text, values }); return test_.app.database.reader.query(text, values); }, connect: () => test_.app.database.reader.connect() };
  const { findCall } = await import('../../../src/domain/gateway/call.view.js');
  const { rows: [call] } = await test_.app.database.reader.query<{ request_id: string; at: Date }>(`SELECT request_id, at FROM calls WHERE upstream_request_id IS NOT NULL ORDER BY request_id LIMIT 1`);
  const { rows: [row] } = await test_.app.database.reader.query<{ id: string }>('SELECT upstream_request_id AS id FROM calls WHERE request_id = $1', [call!.request_id]);
  const dayLater = new Date(call!.at.getTime() + 86_400_000), yearLater = new Date(call!.at.getTime() + 365 * 86_400_000);
  expect((await findCall(spying as never, row!.id, dayLater))?.call.request_id).toBe(call!.request_id);
  const { rows: plan } = await test_.app.database.reader.query<Record<string, string>>(`EXPLAIN ${asked[0]!.text}`, asked[0]!.values);
  const days = new Set(plan.map((line) => /_p(\d{8})/.exec(line['QUERY PLAN']!)?.[1]).filter((day) => day !== undefined));
  expect([...days].every((day) => day >= new Date(dayLater.getTime() - 8 * 86_400_000).toISOString().slice(0, 10).replaceAll('-', ''))).toBe(true);
  expect((await findCall(spying as never, row!.id, yearLater))?.call.request_id).toBe(call!.request_id);
  expect(await findCall(spying as never, 'nobody-has-this', yearLater)).toBeUndefined();
});

// Every commit point of a call under every fault of the way to PostgreSQL: the statement never gets there; it is done and reported failed;
// nothing is ever heard of it; the gateway is killed before and after. A TCP proxy in front of a real server makes the faults.
import { startChildGateway, type ChildGateway } from '../support/child-gateway.js';
import { createTestApp, type TestApp } from '../support/database.js';
import { startFaultyProxy, type FaultKind, type FaultyProxy } from '../support/faulty-proxy.js';
import { addModel, addProvider, seedRegistry } from '../support/gateway-registry.js';
import { brokenPromises, modelsOf, type Answered } from '../support/load.js';
import { chatAnswer, chatEvents, json, messageEvents, startUpstream, type ScriptedUpstream } from '../support/upstream.js';
import { systemClock } from '../../src/kernel/clock.js';
import { EPOCH_STALE_MS } from '../../src/domain/gateway/settle-orphans.js';

const later = { now: () => new Date(systemClock.now().getTime() + EPOCH_STALE_MS + 10_000) };
let test_: TestApp, upstream: ScriptedUpstream, busy: ScriptedUpstream, proxy: FaultyProxy, child: ChildGateway, key: string, kuhn: string;
const whole: Answered[] = [];
let calls = 0;

beforeAll(async () => {
  test_ = await createTestApp({ clock: later });
  const server = new URL(test_.databaseUrl);
  proxy = await startFaultyProxy({ host: server.hostname, port: Number(server.port) });
  upstream = await startUpstream(({ body, url }, response) => {
    if (!(JSON.parse(body.toString()) as { stream?: boolean }).stream) { response.writeHead(200, { 'content-type': 'application/json' }); response.end(chatAnswer()); return; }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end((url.includes('messages') ? messageEvents(['a'], { input_tokens: 5, output_tokens: 1 }, { output_tokens: 4 }) : chatEvents(['a'], { prompt_tokens: 5, completion_tokens: 3 })).join(''));
  });
  busy = await startUpstream(json('{}', {}, 503));
  ({ acme: key, kuhn } = await seedRegistry(test_.app, upstream.url));
  await addProvider(test_.app, { id: 'busy', protocol: 'openai', baseUrl: `${busy.url}/v1` });
  await addModel(test_.app, 'mock-failover-*', ['busy', 'oai']);
  child = await start();
});
afterAll(async () => { await child.kill('SIGKILL'); await Promise.all([upstream.close(), busy.close(), proxy.close()]); await test_.close(); });

function start(): Promise<ChildGateway> {
  const url = new URL(test_.databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  return startChildGateway({ DATABASE_URL: url.toString(), HOLDFAST_HOME: test_.home, HOLDFAST_LOG_LEVEL: 'error' });
}

type Got = { readonly status: number; readonly whole: boolean; readonly retryAfter: string | null; readonly code: string | undefined };
/** One call under a name of its own; 'broken' when it got no whole answer. */
async function call(options: { name?: string; stream?: 'chat' | 'messages'; key?: string } = {}): Promise<Got & { readonly model: string }> {
  const model = `mock-${options.name ?? 'c'}-${++calls}`, { stream } = options;
  try {
    const response = await fetch(`${child.url}${stream === 'messages' ? '/v1/messages' : '/v1/chat/completions'}`, { method: 'POST', headers: { authorization: `Bearer ${options.key ?? key}` },
      body: JSON.stringify({ model, messages: [], stream: stream !== undefined, max_tokens: 5 }) });
    const text = await response.text();
    const ended = stream === undefined ? text === chatAnswer() : stream === 'chat' ? text.endsWith('data: [DONE]\n\n') : text.includes('event: message_stop');
    if (response.status === 200 && ended) whole.push({ model, usage: stream === undefined ? { input: 10n, output: 2n } : stream === 'chat' ? { input: 5n, output: 3n } : { input: 5n, output: 4n } });
    const code = response.status === 200 ? undefined : (JSON.parse(text) as { error?: { code?: string } }).error?.code;
    return { model, status: response.status, whole: response.status === 200 && ended, retryAfter: response.headers.get('retry-after'), code };
  } catch { return { model, status: 0, whole: false, retryAfter: null, code: undefined }; }
}
/** What only the statement of one commit point carries. */
const POINTS = { transfer: '"data_categories"', settle: '"duration_ms"', refusal: '"cross_border_confirmation_required"' } as const;
const sawModel = (model: string): boolean => modelsOf(upstream.seen).includes(model);
const statusOf = async (model: string): Promise<unknown> => (await test_.app.database.reader.query('SELECT status FROM calls WHERE model = $1', [model])).rows.map((row: { status: string }) => row.status);
async function ready(): Promise<void> { for (let i = 0; i < 1_000 && !(await fetch(`${child.url}/readyz`)).ok; i++) await new Promise((done) => { setTimeout(done, 20); }); }

describe.each(['before', 'after'] as const)('a connection that breaks %s the statement is done', (how) => {
  test.each([['transfer', undefined], ['settle', undefined], ['settle', 'chat'], ['settle', 'messages']] as const)('once, at %s (%s): the call goes through, on record once', async (point, stream) => {
    proxy.fault = { when: POINTS[point], how, times: 1 };
    const got = await call(stream ? { stream } : {});
    expect([got.status, got.whole, await statusOf(got.model), proxy.fault.times]).toEqual([200, true, ['completed'], 0]);
  });
  test('once, at the record of a failed attempt and the next transfer: the call goes through by the second route', async () => {
    proxy.fault = { when: '"busy"', how, times: 1 };
    const got = await call({ name: 'failover' });
    expect([got.status, await statusOf(got.model)]).toEqual([200, ['completed']]);
  });
  test('once, at a refusal: it is answered, and on record once', async () => {
    proxy.fault = { when: POINTS.refusal, how, times: 1 };
    const got = await call({ key: kuhn });
    expect([got.status, got.code, await statusOf(got.model)]).toEqual([403, 'cross_border_confirmation_required', ['refused']]);
  });
});

test('the way breaks at a transfer and again at the second try: refused with a time to come back, nothing left, on record afterwards', async () => {
  proxy.fault = { when: POINTS.transfer, how: 'before', times: 2 };
  const got = await call();
  expect([got.status, got.code, got.retryAfter, sawModel(got.model)]).toEqual([503, 'records_unavailable', '2', false]);
  await ready();
  for (let i = 0; i < 500 && (await statusOf(got.model) as string[]).length === 0; i++) await new Promise((done) => { setTimeout(done, 20); });
  expect(await statusOf(got.model)).toEqual(['refused']);
});

test('the way breaks at the end of a call and again at the second try: never a whole answer without its record', async () => {
  proxy.fault = { when: POINTS.settle, how: 'before', times: 2 };
  const got = await call();
  expect(got.whole).toBe(false);
  await ready();
  for (let i = 0; i < 500 && (await statusOf(got.model) as string[]).length === 0; i++) await new Promise((done) => { setTimeout(done, 20); });
  expect(await statusOf(got.model)).toEqual(['cut']);
});

test.each([['silent', 'transfer'], ['swallowed', 'settle']] as const)('a server of which nothing is heard again (%s, at %s): the call goes through on another connection within the time limit', async (how, point) => {
  proxy.fault = { when: POINTS[point], how, times: 1 };
  const got = await call();
  expect([got.status, got.whole, await statusOf(got.model)]).toEqual([200, true, ['completed']]);
});

describe.each([['before', 'transfer'], ['after', 'transfer'], ['before', 'settle'], ['after', 'settle']] as [FaultKind, keyof typeof POINTS][])('the gateway is killed %s the statement is done, at %s', (how, point) => {
  test('no whole answer without a record, and the next gateway goes on', async () => {
    const killed = child.process;
    proxy.fault = { when: POINTS[point], how, times: 1, atIt: () => { killed.kill('SIGKILL'); } };
    const got = await call();
    expect(got.whole).toBe(false);
    if (point === 'transfer') expect(sawModel(got.model)).toBe(false);
    await child.kill('SIGKILL');
    proxy.fault = undefined;
    child = await start();
    expect((await call()).whole).toBe(true);
  });
});

describe.each([['epoch.open', 'before'], ['epoch.open', 'after'], ['epoch.close', 'before'], ['epoch.close', 'after']] as const)('the connection breaks at the commit of %s, %s it is done', (action, how) => {
  test('an epoch has one end on record, and the next gateway goes on', async () => {
    proxy.fault = { once: action, when: 'COMMIT', how, times: 1 };
    if (action === 'epoch.open') {
      await child.kill('SIGTERM');
      // It cannot say whether its epoch is on record, so it does not start.
      await expect(start()).rejects.toThrow('ended before it listened');
    } else {
      expect((await call()).whole).toBe(true);
      await child.kill('SIGTERM');
    }
    expect(proxy.fault.times).toBe(0);
    proxy.fault = undefined;
    child = await start();
    expect((await call()).whole).toBe(true);
  });
});

test('afterwards everything is as promised', async () => {
  await child.kill('SIGTERM');
  await test_.app.gateway.settleOrphans();
  expect(await brokenPromises(test_.app, [...modelsOf(upstream.seen), ...modelsOf(busy.seen)], whole)).toEqual([]);
  const { rows } = await test_.app.database.reader.query(`SELECT e.epoch_id FROM gateway_epochs e WHERE (SELECT count(*) FROM audit_records a WHERE a.subject_id = e.epoch_id::text AND a.action = 'epoch.open') <> 1
    OR (SELECT count(*) FROM audit_records a WHERE a.subject_id = e.epoch_id::text AND a.action IN ('epoch.close', 'epoch.lost')) <> 1`);
  expect(rows).toEqual([]);
});

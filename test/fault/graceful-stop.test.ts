// SIGTERM and the second signal, with streams open, on real processes.
import { request as httpRequest, Agent } from 'node:http';
import { startChildGateway, type ChildGateway } from '../support/child-gateway.js';
import { createTestApp, type TestApp } from '../support/database.js';
import { startFaultyProxy } from '../support/faulty-proxy.js';
import { seedRegistry } from '../support/gateway-registry.js';
import { chatEvents, messageEvents, startUpstream, type ScriptedUpstream } from '../support/upstream.js';

let test_: TestApp, upstream: ScriptedUpstream, key: string, child: ChildGateway | undefined;
/** Streams wait for this after their first event. */
let goOn: () => void, going: Promise<void>;
beforeAll(async () => {
  test_ = await createTestApp();
  upstream = await startUpstream(async ({ url, body }, response) => {
    const { stream } = JSON.parse(body.toString()) as { stream?: boolean };
    if (!stream) { await going; response.writeHead(200, { 'content-type': 'application/json' }); response.end('{"id":"x","object":"chat.completion","model":"m","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}'); return; }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const events = url.includes('messages') ? messageEvents(['a', 'b'], { input_tokens: 5, output_tokens: 1 }, { output_tokens: 4 }) : chatEvents(['a', 'b'], { prompt_tokens: 5, completion_tokens: 3 });
    response.write(events[0]);
    await going;
    response.end(events.slice(1).join(''));
  });
  ({ acme: key } = await seedRegistry(test_.app, upstream.url));
}, 180_000);
beforeEach(() => { going = new Promise((resolve) => { goOn = resolve; }); });
afterAll(async () => { goOn(); await child?.kill('SIGKILL'); await upstream.close(); await test_.close(); });

const start = async (env: Record<string, string> = {}): Promise<ChildGateway> => child = await startChildGateway({ DATABASE_URL: test_.databaseUrl, HOLDFAST_HOME: test_.home, ...env });
interface Open { readonly id: string; readonly connection: string | undefined; /** The body, or 'broken'. */ readonly end: Promise<string> }
/** Starts a call; resolves with the head of its answer. */
function open(path: string, stream: boolean, agent?: Agent): Promise<Open> {
  return new Promise((resolve, reject) => {
    const text = JSON.stringify({ model: 'mock-x', messages: [], max_tokens: 5, stream });
    const sent = httpRequest(child!.url + path, { method: 'POST', ...(agent ? { agent } : {}), headers: { authorization: `Bearer ${key}`, 'content-length': Buffer.byteLength(text) } }, (answer) => {
      let body = '';
      answer.on('data', (chunk: Buffer) => { body += chunk.toString(); });
      const end = new Promise<string>((done) => { answer.on('end', () => { done(answer.complete ? body : 'broken'); }); answer.on('error', () => { done('broken'); }); });
      resolve({ id: String(answer.headers['x-request-id']), connection: answer.headers.connection, end });
    });
    sent.on('error', reject);
    sent.end(text);
  });
}
const call = async (id: string): Promise<unknown> => (await test_.app.gateway.findCall(id))?.call;
const end = async (): Promise<unknown> => (await test_.app.database.reader.query(`SELECT a.action FROM audit_records a JOIN gateway_epochs e ON e.epoch_id::text = a.subject_id WHERE a.action LIKE 'epoch.%' ORDER BY e.epoch_number DESC, a.record_id DESC LIMIT 1`)).rows[0]?.action;
async function refused(): Promise<void> { for (let i = 0; i < 1_000; i++) { if (!await fetch(`${child!.url}/healthz`).catch(() => undefined)) return; await new Promise((done) => { setTimeout(done, 10); }); } throw new Error('it still accepts connections'); }

test('SIGTERM: nothing new is accepted, open streams end whole, kept connections are told to close, the epoch is closed on record', async () => {
  await start();
  const agent = new Agent({ keepAlive: true });
  const streams = await Promise.all([open('/v1/chat/completions', true), open('/v1/messages', true)]);
  const body = open('/v1/chat/completions', false, agent);
  for (let i = 0; i < 500 && upstream.seen.length < 3; i++) await new Promise((done) => { setTimeout(done, 10); });
  const stopped = child!.kill('SIGTERM');
  await refused();
  goOn();
  const ends = await Promise.all(streams.map((one) => one.end)), late = await body;
  expect([ends[0]!.endsWith('data: [DONE]\n\n'), ends[1]!.includes('event: message_stop'), late.connection]).toEqual([true, true, 'close']);
  await late.end;
  await stopped;
  expect(await Promise.all([...streams, late].map((one) => call(one.id)))).toEqual(Array.from({ length: 3 }, () => expect.objectContaining({ status: 'completed', usage_source: 'reported' })));
  expect(await end()).toBe('epoch.close');
  agent.destroy();
}, 180_000);

test('at the end of the drain time what is open is broken off, never ended cleanly, and on record as cut with an estimate', async () => {
  await start({ HOLDFAST_DRAIN_SECONDS: '1' });
  const streams = await Promise.all([open('/v1/chat/completions', true), open('/v1/messages', true)]);
  await child!.kill('SIGTERM');
  expect(await Promise.all(streams.map((one) => one.end))).toEqual(['broken', 'broken']);
  expect(await Promise.all(streams.map((one) => call(one.id)))).toEqual(Array.from({ length: 2 }, () => expect.objectContaining({ status: 'cut', http_status: 200, usage_source: 'estimated' })));
  expect(await end()).toBe('epoch.close');
}, 180_000);

test('a second signal does not wait for the drain time, and still records what is open', async () => {
  await start({ HOLDFAST_DRAIN_SECONDS: '3600' });
  const stream = await open('/v1/messages', true), body = open('/v1/chat/completions', false).catch(() => undefined);
  for (let i = 0; i < 500 && (await test_.app.database.reader.query('SELECT 1 FROM transfers t WHERE NOT EXISTS (SELECT FROM calls c WHERE c.request_id = t.request_id)')).rowCount !== 2; i++) await new Promise((done) => { setTimeout(done, 10); });
  const stopped = child!.kill('SIGTERM');
  await refused();
  void child!.kill('SIGTERM');
  await stopped;
  expect([await stream.end, (await body)?.id !== undefined]).toEqual(['broken', true]);
  expect(await call(stream.id)).toMatchObject({ status: 'cut' });
  expect(await call((await body)!.id)).toMatchObject({ status: 'failed', http_status: 502 });
  expect(await end()).toBe('epoch.close');
}, 180_000);

test('a stop while PostgreSQL is away ends all the same; the epoch stays open for the sweep to end it as lost', async () => {
  const server = new URL(test_.databaseUrl), proxy = await startFaultyProxy({ host: server.hostname, port: Number(server.port) });
  server.hostname = '127.0.0.1';
  server.port = String(proxy.port);
  await start({ DATABASE_URL: server.toString(), HOLDFAST_DRAIN_SECONDS: '1' });
  const stream = await open('/v1/chat/completions', true);
  proxy.away = true;
  await child!.kill('SIGTERM');
  expect([await stream.end, await call(stream.id), await end()]).toEqual(['broken', undefined, 'epoch.open']);
  expect((await test_.app.gateway.findOpenCall(stream.id))?.state).toBe('in_progress');
  await proxy.close();
  child = undefined;
}, 180_000);

import pg from 'pg';
import { request as httpRequest } from 'node:http';
import { chat, messages, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { chatAnswer, chatEvents, json, messageEvents } from '../../support/upstream.js';

let gateway: TestGateway;
/** A connection of our own to the same server, so that what we see is committed. */
let witness: pg.Client;
beforeAll(async () => {
  gateway = await startTestGateway();
  witness = new pg.Client(gateway.databaseUrl);
  await witness.connect();
});
afterAll(async () => { await witness.end(); await gateway.close(); });

const rows = async <T = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<T[]> => (await witness.query(sql, values)).rows as T[];
const ENDS = [
  ['a JSON answer', '/v1/chat/completions', chat(), json(chatAnswer())],
  ['a chat stream', '/v1/chat/completions', chat({ stream: true }), (_: unknown, response: import('node:http').ServerResponse) => { response.writeHead(200, { 'content-type': 'text/event-stream' }); response.end(chatEvents(['a', 'b'], { prompt_tokens: 1, completion_tokens: 2 }).join('')); }],
  ['a messages stream', '/v1/messages', messages({ stream: true }), (_: unknown, response: import('node:http').ServerResponse) => { response.writeHead(200, { 'content-type': 'text/event-stream' }); response.end(messageEvents(['a'], { input_tokens: 1, output_tokens: 1 }, { output_tokens: 2 }).join('')); }],
  ['an error of the provider', '/v1/messages', messages(), json('{"type":"error"}', {}, 529)],
] as const;

test.each(ENDS)('%s: the transfer is committed before the provider has a byte, the call before the client has the last', async (_, path, body, script) => {
  let transfersSeen: unknown[] = [];
  gateway.upstream.script = async (seen, response, request) => {
    transfersSeen = await rows('SELECT request_id, provider_id, upstream_host FROM transfers WHERE request_id NOT IN (SELECT request_id FROM calls)');
    await script(seen, response, request);
  };
  const text = JSON.stringify(body);
  const { id, endsWith, callAtEnd } = await new Promise<{ id: string; endsWith: string; callAtEnd: unknown[] }>((resolve, reject) => {
    httpRequest(gateway.url + path, { method: 'POST', headers: { authorization: `Bearer ${gateway.acme}`, 'content-length': Buffer.byteLength(text) } }, (answer) => {
      const id = String(answer.headers['x-request-id']);
      let got = '';
      answer.on('data', (chunk: Buffer) => { got += chunk.toString(); });
      answer.on('end', () => { rows('SELECT c.status, o.outcome FROM calls c JOIN transfer_outcomes o USING (request_id) WHERE request_id = $1', [id]).then((callAtEnd) => { resolve({ id, endsWith: got.slice(-20), callAtEnd }); }, reject); });
    }).on('error', reject).end(text);
  });
  expect(transfersSeen).toEqual([{ request_id: id, provider_id: path.includes('chat') ? 'oai' : 'ant', upstream_host: new URL(gateway.upstream.url).host }]);
  expect(callAtEnd).toHaveLength(1);
  expect(endsWith).not.toBe('');
});

test('the last event of a stream is held until its record is there: while records wait, the client has all but that', async () => {
  const blocker = new pg.Client(gateway.databaseUrl);
  await blocker.connect();
  const events = chatEvents(['a', 'b'], { prompt_tokens: 1, completion_tokens: 2 });
  gateway.upstream.script = async (_, response) => {
    await blocker.query('BEGIN');
    await blocker.query('LOCK TABLE calls IN ACCESS EXCLUSIVE MODE');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(events.join(''));
  };
  const response = await gateway.post('/v1/chat/completions', chat({ stream: true, stream_options: { include_usage: true } }));
  const reader = response.body!.getReader();
  let text = '', ended = false;
  const reading = (async () => { for (;;) { const { value, done } = await reader.read(); if (done) { ended = true; return; } text += Buffer.from(value).toString(); } })();
  for (let i = 0; i < 100 && text.length < events.slice(0, -1).join('').length; i++) await new Promise((done) => { setTimeout(done, 10); });
  await new Promise((done) => { setTimeout(done, 300); });
  expect([text, ended]).toEqual([events.slice(0, -1).join(''), false]);
  await blocker.query('COMMIT');
  await reading;
  await blocker.end();
  expect(text).toBe(events.join(''));
});

describe('with the database away', () => {
  const name = (): string => new URL(gateway.databaseUrl).pathname.slice(1);
  const admin = async (run: (client: pg.Client) => Promise<unknown>): Promise<void> => {
    const url = new URL(gateway.databaseUrl);
    url.pathname = '/postgres';
    const client = new pg.Client(url.toString());
    await client.connect();
    try { await run(client); } finally { await client.end(); }
  };
  const away = (): Promise<void> => admin(async (client) => {
    await client.query(`ALTER DATABASE ${name()} ALLOW_CONNECTIONS false`);
    await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name()]);
  });
  const back = (): Promise<void> => admin((client) => client.query(`ALTER DATABASE ${name()} ALLOW_CONNECTIONS true`));
  beforeAll(() => { witness.on('error', () => undefined); });
  afterAll(async () => { await back(); witness = new pg.Client(gateway.databaseUrl); await witness.connect(); });

  test('calls are refused clearly in their dialect, nothing leaves, and an answer under way breaks instead of ending unrecorded', async () => {
    let goOn: () => void = () => undefined;
    gateway.upstream.script = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const events = messageEvents(['a'], { input_tokens: 7, output_tokens: 1 }, { output_tokens: 2 });
      response.write(events[0]);
      goOn = () => { response.end(events.slice(1).join('')); };
    };
    const underWay = await gateway.post('/v1/messages', messages({ stream: true }));
    await away();
    goOn();
    await expect(underWay.text()).rejects.toThrow();
    gateway.upstream.script = json(chatAnswer());
    const before = gateway.upstream.seen.length;
    const refused = await Promise.all([gateway.post('/v1/chat/completions', chat()), gateway.post('/v1/messages', messages()), gateway.post('/v1/messages', messages(), { key: gateway.kuhn })]);
    expect(refused.map((response) => response.status)).toEqual([503, 503, 503]);
    expect(await refused[0]!.json()).toMatchObject({ error: { code: 'records_unavailable', type: 'server_error' } });
    expect(await refused[1]!.json()).toMatchObject({ type: 'error', error: { code: 'records_unavailable' }, request_id: expect.any(String) });
    expect(refused[0]!.headers.get('retry-after')).toBe('2');
    expect(gateway.upstream.seen.length).toBe(before);
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);

    await back();
    let again: Response;
    do { await new Promise((done) => { setTimeout(done, 100); }); again = await gateway.post('/v1/chat/completions', chat()); } while (again.status === 503);
    expect(again.status).toBe(200);
    // What could not be written then is written now, and says that the client did not get it whole.
    expect(await gateway.call(underWay)).toMatchObject({ status: 'cut', usage_source: 'reported', usage_input: 7n, usage_output: 2n });
    const { rows: events } = await gateway.app.database.reader.query(`SELECT severity, detail FROM security_events WHERE kind = 'gateway.records_unavailable'`);
    expect(events).toEqual([{ severity: 'high', detail: expect.objectContaining({ since: expect.any(String), calls_turned_away: expect.any(Number) }) }]);
  });

  test.each([
    ['an admitted call', '/v1/chat/completions', () => gateway.acme, { refusal_code: 'records_unavailable', account_id: 'acme' }],
    ['a refused call', '/v1/messages', () => gateway.kuhn, { refusal_code: 'cross_border_confirmation_required', account_id: 'kuhn' }],
  ])('%s that had its number when it went away is on record afterwards, as refused', async (_, path, key, expected) => {
    gateway.upstream.script = json(chatAnswer());
    const before = gateway.upstream.seen.length;
    while ((await fetch(`${gateway.url}/readyz`)).status !== 200) await new Promise((done) => { setTimeout(done, 50); });
    await away();
    const response = await gateway.post(path, { model: 'mock-x' }, { key: key() });
    expect([response.status, gateway.upstream.seen.length]).toEqual([503, before]);
    await back();
    expect(await gateway.call(response)).toMatchObject({ status: 'refused', attempts: 0, ...expected });
  });

  test('afterwards the numbers of each account are still without gaps', async () => {
    const { rows: numbers } = await gateway.app.database.reader.query(`SELECT account_id, count(*)::int AS calls, max(account_seq)::int AS last, count(DISTINCT account_seq)::int AS distinct
      FROM calls WHERE account_id IS NOT NULL GROUP BY 1, epoch_id`);
    expect(numbers.length).toBeGreaterThan(0);
    for (const { calls, last, distinct } of numbers as { calls: number; last: number; distinct: number }[]) expect([last, distinct]).toEqual([calls, calls]);
  });
});

test('a partition that nobody made is made on the spot', async () => {
  gateway.upstream.script = json(chatAnswer());
  const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  for (const table of ['calls', 'transfers', 'transfer_outcomes', 'security_events']) await witness.query(`DROP TABLE ${table}_p${today}`);
  const response = await gateway.post('/v1/chat/completions', chat());
  expect(response.status).toBe(200);
  expect(await gateway.call(response)).toMatchObject({ status: 'completed' });
});

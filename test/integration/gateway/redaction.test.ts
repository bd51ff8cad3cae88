// Redaction on routes: what a provider gets, what the client is told, and what is on record, for each outcome of a rule.
import { systemActor } from '../../../src/kernel/actor.js';
import type { RedactionRuleInput } from '../../../src/domain/cross-border/index.js';
import { addModel, addProvider } from '../../support/gateway-registry.js';
import { chat, messages, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { chatAnswer, json } from '../../support/upstream.js';

const CARD = '4111 1111 1111 1111', MAIL = 'anna@example.org';
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(json(chatAnswer()));
  await addProvider(gateway.app, { id: 'home', protocol: 'openai', baseUrl: `${gateway.upstream.url}/v1`, jurisdictions: ['DE'] });
  await addProvider(gateway.app, { id: 'broken', protocol: 'openai', baseUrl: 'http://127.0.0.1:9/v1' });
  await addModel(gateway.app, 'at-home', ['home']);
  await addModel(gateway.app, 'abroad-then-home', ['oai', 'home']);
  await addModel(gateway.app, 'broken-then-abroad', ['broken', 'oai']);
});
afterAll(async () => { await gateway.close(); });

async function rules(list: RedactionRuleInput[]): Promise<void> {
  await gateway.app.act(systemActor('test'), (tx) => gateway.app.crossBorder.setRedactionRules(tx, list));
  await gateway.registryInForce();
}
const talk = (content: string, more: object = {}): object => chat({ messages: [{ role: 'user', content }], ...more });
const lastBody = (): string => gateway.upstream.seen.at(-1)!.body.toString();
async function events(response: Response): Promise<{ kind: string; detail: Record<string, unknown> }[]> {
  const { rows } = await gateway.app.database.reader.query<{ kind: string; detail: Record<string, unknown> }>(`SELECT kind, detail FROM security_events WHERE kind LIKE 'content.%' AND detail->>'request_id' = $1 ORDER BY event_id`, [response.headers.get('x-request-id')]);
  return rows;
}

test('without a rule, and under one that says off, a request leaves as it came and nothing is on record', async () => {
  for (const list of [[], [{ conditions: { provider: 'oai' }, outcome: 'off' as const }, { conditions: { crossBorder: true }, outcome: 'refuse' as const }]]) {
    await rules(list);
    const body = JSON.stringify(talk(`${CARD} ${MAIL}`)), response = await gateway.post('/v1/chat/completions', body);
    expect([response.status, lastBody(), await events(response)]).toEqual([200, body, []]);
  }
});

test('flag: the request leaves as it came; kinds and numbers are on record with the transfer, the values are not', async () => {
  await rules([{ conditions: { crossBorder: true }, outcome: 'flag' }]);
  const body = JSON.stringify(talk(`${CARD}, ${CARD}, ${MAIL}`)), response = await gateway.post('/v1/chat/completions', body), { transfers: [transfer] } = await gateway.story(response.headers.get('x-request-id')!);
  expect([response.status, lastBody()]).toEqual([200, body]);
  const found = await events(response);
  expect(found).toMatchObject([{ kind: 'content.flagged', detail: { transfer_id: transfer!.transfer_id, provider_id: 'oai', found: { card: 2, email: 1 } } }]);
  expect(JSON.stringify(found)).not.toMatch(/4111|anna/);
  const { rows } = await gateway.app.database.reader.query('SELECT count(DISTINCT batch_id)::int AS batches FROM (SELECT batch_id FROM transfers WHERE transfer_id = $1 UNION ALL SELECT batch_id FROM security_events WHERE detail->>\'transfer_id\' = $1::text) one', [transfer!.transfer_id]);
  expect(rows).toEqual([{ batches: 1 }]);
});

test('mask: the provider gets placeholders and every other byte; only the kinds of the rule are replaced', async () => {
  await rules([{ conditions: { destination: 'US' }, outcome: 'mask', kinds: ['card'] }]);
  const response = await gateway.post('/v1/chat/completions', `{ "model":"mock-chat", "stream": false,"messages" : [{"role":"user","content":"\\u0034111 1111 1111 1111 ${MAIL}"}]}`);
  expect([response.status, lastBody()]).toEqual([200, `{ "model":"mock-chat", "stream": false,"messages" : [{"role":"user","content":"[card-1] ${MAIL}"}]}`]);
  expect(await events(response)).toMatchObject([{ kind: 'content.masked', detail: { found: { card: 1 } } }]);
  const { transfers: [transfer], call } = await gateway.story(response.headers.get('x-request-id')!);
  expect([Number(transfer!.request_bytes), Number(call.request_bytes) > Number(transfer!.request_bytes)]).toEqual([Buffer.byteLength(lastBody()), true]);
});

test('mask in a stream: the wish for usage is still put in', async () => {
  await gateway.post('/v1/chat/completions', talk(CARD, { stream: true })).then((response) => response.text());
  expect(JSON.parse(lastBody())).toMatchObject({ stream_options: { include_usage: true }, messages: [{ content: '[card-1]' }] });
});

test.each([
  ['/v1/chat/completions', () => talk(`x ${CARD}`), { error: { code: 'content_not_allowed', type: 'invalid_request_error', param: 'messages[0].content' } }],
  ['/v1/messages', () => messages({ messages: [{ role: 'user', content: [{ type: 'text', text: `x ${CARD}` }] }] }), { type: 'error', error: { type: 'invalid_request_error' } }],
] as const)('refuse: nothing leaves on %s; the error in the dialect of the path names kind and place, not the value', async (path, body, error) => {
  await rules([{ conditions: { model: 'mock-*', account: 'acme' }, outcome: 'refuse' }]);
  const before = gateway.upstream.seen.length, response = await gateway.post(path, body()), text = await response.text();
  expect([response.status, gateway.upstream.seen.length]).toEqual([400, before]);
  expect(JSON.parse(text)).toMatchObject(error);
  expect(text).toMatch(/a payment card number at messages\[0\]\.content/);
  expect(text).not.toContain('4111');
  expect(await gateway.call(response)).toMatchObject({ status: 'refused', refusal_code: 'content_not_allowed', attempts: 0 });
  expect(await events(response)).toMatchObject([{ kind: 'content.refused', detail: { transfer_id: null, found: { card: 1 } } }]);
  expect((await gateway.post(path, path === '/v1/messages' ? messages() : chat())).status).toBe(200);
});

test('a route that refuses leaves the call to one where no rule does', async () => {
  await rules([{ conditions: { crossBorder: true }, outcome: 'refuse' }]);
  const response = await gateway.post('/v1/chat/completions', talk(CARD, { model: 'abroad-then-home' })), { transfers } = await gateway.story(response.headers.get('x-request-id')!);
  expect([response.status, transfers.map((one) => one.provider_id), JSON.parse(lastBody()).messages[0].content]).toEqual([200, ['home'], CARD]);
});

test('each attempt is under the rule of its own route', async () => {
  await rules([{ conditions: { provider: 'broken' }, outcome: 'flag' }, { conditions: { provider: 'oai' }, outcome: 'mask' }]);
  const response = await gateway.post('/v1/chat/completions', talk(CARD, { model: 'broken-then-abroad' }));
  expect([response.status, JSON.parse(lastBody()).messages[0].content]).toEqual([200, '[card-1]']);
  expect((await events(response)).map((one) => [one.kind, one.detail['provider_id']])).toEqual([['content.flagged', 'broken'], ['content.masked', 'oai']]);
});

test('a form goes as it came: only JSON is looked into', async () => {
  await rules([{ conditions: { model: '*' }, outcome: 'refuse' }]);
  const form = new FormData();
  form.set('model', 'mock-x'); form.set('prompt', CARD); form.set('file', new Blob(['x']), 'a.mp3');
  const response = await fetch(`${gateway.url}/v1/audio/transcriptions`, { method: 'POST', headers: { authorization: `Bearer ${gateway.acme}` }, body: form });
  expect([response.status, await events(response)]).toEqual([200, []]);
});

import { startGateway } from '../../../src/entrypoints/http/gateway-server.js';
import { chat, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { chatAnswer, drip, chatEvents, json } from '../../support/upstream.js';

let gateway: TestGateway;
beforeAll(async () => { gateway = await startTestGateway(json(chatAnswer())); });
afterAll(async () => { await gateway.close(); });
const rows = async (sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> => (await gateway.app.database.reader.query(sql, values)).rows;

test('opening an epoch is on record', async () => {
  expect(await rows(`SELECT e.closed_at, a.after->>'pid' = e.pid::text AS same FROM gateway_epochs e JOIN audit_records a ON a.action = 'epoch.open' AND a.subject_id = e.epoch_id::text`)).toEqual([{ closed_at: null, same: true }]);
});

test('admitted and refused calls of an account together have every number once, also when they come at once', async () => {
  const responses = await Promise.all(Array.from({ length: 120 }, (_, i) => (i % 3 === 0 ? gateway.post('/v1/chat/completions', '{') : i % 3 === 1 ? gateway.post('/v1/chat/completions', chat()) : gateway.post('/v1/chat/completions', chat(), { key: gateway.kuhn }))));
  await Promise.all(responses.map((response) => response.text()));
  const numbers = await rows(`SELECT account_id, array_agg(account_seq ORDER BY account_seq)::int[] AS seqs FROM calls GROUP BY account_id ORDER BY account_id`);
  expect(numbers).toEqual([{ account_id: 'acme', seqs: Array.from({ length: 80 }, (_, i) => i + 1) }, { account_id: 'kuhn', seqs: Array.from({ length: 40 }, (_, i) => i + 1) }]);
  expect(await rows('SELECT count(*)::int AS n FROM transfers t JOIN calls c USING (request_id) WHERE t.account_seq <> c.account_seq')).toEqual([{ n: 0 }]);
});

test('a graceful stop lets open streams end, takes nothing new, and closes the epoch with the last numbers', async () => {
  const second = await startGateway(gateway.app);
  gateway.upstream.script = async (_, response) => { response.writeHead(200, { 'content-type': 'text/event-stream' }); await drip(response, chatEvents(['a', 'b', 'c', 'd']), 100); };
  const response = await fetch(`${second.url}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${gateway.acme}` }, body: JSON.stringify(chat({ stream: true })) });
  const stopped = second.close();
  await expect(fetch(`${second.url}/healthz`)).rejects.toThrow();
  expect(await response.text()).toBe(chatEvents(['a', 'b', 'c', 'd']).join(''));
  await stopped;
  expect((await gateway.call(response)).status).toBe('completed');
  expect(await rows(`SELECT e.last_numbers AS last, a.after->>'accounts' AS accounts, length(a.after->>'last_numbers_root') AS root, e.closed_at IS NOT NULL AS closed FROM audit_records a JOIN gateway_epochs e ON e.epoch_id::text = a.subject_id WHERE action = 'epoch.close'`)).toEqual([{ last: { acme: 1 }, accounts: '1', root: 64, closed: true }]);
});

test('what is still open at the end of the drain time is cut, and on record when the stop is done', async () => {
  const impatient = await startTestGateway((_, response) => { response.writeHead(200, { 'content-type': 'text/event-stream' }); response.write(chatEvents(['a'])[0]); }, { env: { HOLDFAST_DRAIN_SECONDS: '1' } });
  const second = await startGateway(impatient.app);
  const response = await fetch(`${second.url}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${impatient.acme}` }, body: JSON.stringify(chat({ stream: true })) });
  const reading = response.text().catch(() => 'cut');
  await second.close();
  expect([await reading, (await impatient.app.gateway.findCall(response.headers.get('x-request-id')!))?.call.status]).toEqual(['cut', 'cut']);
  await impatient.close();
});

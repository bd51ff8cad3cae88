// kill -9 of the gateway while 32 clients call it. Afterwards: every call the provider saw has a transfer on record, every answer a
// client got whole has its call on record, what was open is closed as unknown, and the ledger is intact.
import { systemClock } from '../../src/kernel/clock.js';
import { EPOCH_STALE_MS } from '../../src/domain/gateway/settle-orphans.js';
import { startChildGateway, type ChildGateway } from '../support/child-gateway.js';
import { createTestApp, type TestApp } from '../support/database.js';
import { seedRegistry } from '../support/gateway-registry.js';
import { chatAnswer, chatEvents, messageEvents, startUpstream, type ScriptedUpstream } from '../support/upstream.js';

/** The sweep's clock stands where the dead gateway counts as dead. */
const later = { now: () => new Date(systemClock.now().getTime() + EPOCH_STALE_MS + 10_000) };
const CLIENTS = 32;
let test_: TestApp, upstream: ScriptedUpstream, key: string, child: ChildGateway | undefined;
const env = (): Record<string, string> => ({ DATABASE_URL: test_.databaseUrl, HOLDFAST_HOME: test_.home });
beforeAll(async () => {
  test_ = await createTestApp({ clock: later });
  upstream = await startUpstream(async ({ body, url }, response) => {
    const pause = (): Promise<void> => new Promise((done) => { setTimeout(done, Math.random() * 15); });
    await pause();
    const { stream } = JSON.parse(body.toString()) as { stream?: boolean };
    if (!stream) { response.writeHead(200, { 'content-type': 'application/json' }); response.end(chatAnswer()); return; }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of url.includes('messages') ? messageEvents(['a', 'b', 'c'], { input_tokens: 5, output_tokens: 1 }, { output_tokens: 3 }) : chatEvents(['a', 'b', 'c'], { prompt_tokens: 5, completion_tokens: 3 })) { response.write(event); await pause(); }
    response.end();
  });
  ({ acme: key } = await seedRegistry(test_.app, upstream.url));
});
afterAll(async () => { await child?.kill('SIGKILL'); await upstream.close(); await test_.close(); });

/** Calls until told to stop or the gateway is gone; each under a model name of its own. Returns the names of the answers it got whole. */
async function client(url: string, name: string, stop: { now: boolean }): Promise<string[]> {
  const whole: string[] = [];
  for (let i = 0; !stop.now; i++) {
    const model = `mock-${name}-${i}`, kind = i % 3;
    try {
      const response = await fetch(`${url}${kind === 2 ? '/v1/messages' : '/v1/chat/completions'}`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body: JSON.stringify({ model, messages: [], stream: kind > 0, max_tokens: 5 }) });
      const text = await response.text();
      const ended = kind === 0 ? text === chatAnswer() : kind === 1 ? text.endsWith('data: [DONE]\n\n') : text.includes('event: message_stop');
      if (response.status === 200 && ended) whole.push(model);
    } catch { if (!stop.now) return whole; }
  }
  return whole;
}
const models = async (sql: string): Promise<Set<string>> => new Set((await test_.app.database.reader.query<{ model: string }>(sql)).rows.map((row) => row.model));

test.each([1, 2])('round %i: nothing that left is unrecorded, and nothing that was answered whole', async (round) => {
  child = await startChildGateway(env());
  const stop = { now: false }, running = Array.from({ length: CLIENTS }, (_, n) => client(child!.url, `r${round}c${n}`, stop));
  await new Promise((done) => { setTimeout(done, 1_500 + Math.random() * 500); });
  await child.kill('SIGKILL');
  stop.now = true;
  const whole = (await Promise.all(running)).flat();

  child = await startChildGateway(env());
  const after = { now: false }, again = Array.from({ length: 4 }, (_, n) => client(child!.url, `r${round}after${n}`, after));
  await new Promise((done) => { setTimeout(done, 300); });
  after.now = true;
  whole.push(...(await Promise.all(again)).flat());
  await child.kill('SIGTERM');
  child = undefined;

  expect(whole.length).toBeGreaterThan(CLIENTS);
  const seen = new Set(upstream.seen.map((one) => (JSON.parse(one.body.toString()) as { model: string }).model));
  const transfers = await models('SELECT model FROM transfers'), completed = await models(`SELECT model FROM calls WHERE status = 'completed'`);
  expect([...seen].filter((model) => !transfers.has(model))).toEqual([]);
  expect(whole.filter((model) => !completed.has(model))).toEqual([]);

  const open = (await test_.app.database.reader.query('SELECT count(*)::int AS n FROM transfers WHERE transfer_id NOT IN (SELECT transfer_id FROM transfer_outcomes)')).rows[0].n as number;
  expect(open).toBeGreaterThan(0);
  expect(await test_.app.gateway.settleOrphans()).toBe(open);
  const { rows: [left] } = await test_.app.database.reader.query(`SELECT
    (SELECT count(*)::int FROM transfers t WHERE NOT EXISTS (SELECT FROM transfer_outcomes o WHERE o.transfer_id = t.transfer_id)) AS without_outcome,
    (SELECT count(*)::int FROM transfers t WHERE NOT EXISTS (SELECT FROM calls c WHERE c.request_id = t.request_id)) AS without_call,
    (SELECT count(*)::int FROM (SELECT 1 FROM calls WHERE account_id IS NOT NULL GROUP BY account_id, epoch_id, account_seq HAVING count(*) > 1) twice) AS numbers_twice`);
  expect(left).toEqual({ without_outcome: 0, without_call: 0, numbers_twice: 0 });

  await test_.app.ledger.sealOnce();
  const report = await test_.app.ledger.verify({ certifiedPurges: () => Promise.resolve([]) });
  expect(report.problems).toEqual([]);
  expect(report.intact).toBe(true);
});

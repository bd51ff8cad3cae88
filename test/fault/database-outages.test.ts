// PostgreSQL killed and restarted under load, PostgreSQL that hangs, Redis and the sealer gone: calls are refused clearly or go on, and
// afterwards everything is as promised.
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/kernel/clock.js';
import { EPOCH_STALE_MS } from '../../src/domain/gateway/settle-orphans.js';
import { startChildGateway, type ChildGateway } from '../support/child-gateway.js';
import { seedRegistry } from '../support/gateway-registry.js';
import { answering, brokenPromises, modelsOf, startLoad, type Answered } from '../support/load.js';
import { startOwnPostgres, type OwnPostgres } from '../support/own-postgres.js';
import { startUpstream, type ScriptedUpstream } from '../support/upstream.js';

const later = { now: () => new Date(systemClock.now().getTime() + EPOCH_STALE_MS + 10_000) };
const CLIENTS = 32;
let postgres: OwnPostgres, upstream: ScriptedUpstream, child: ChildGateway, key: string;
const whole: Answered[] = [];
beforeAll(async () => {
  postgres = await startOwnPostgres(later);
  upstream = await startUpstream(answering(10));
  ({ acme: key } = await seedRegistry(postgres.app, upstream.url));
  // No Redis answers at this address: nothing of a call may need one.
  child = await startChildGateway({ DATABASE_URL: postgres.url, REDIS_URL: 'redis://127.0.0.1:1', HOLDFAST_HOME: postgres.home });
}, 180_000);
afterAll(async () => { postgres.thaw(); await child.kill('SIGKILL'); await upstream.close(); await postgres.close(); });

const load = (name: string) => startLoad({ url: () => child.url, key }, name, CLIENTS);
async function refusedOnce(result: { readonly refused: Map<number, number> }, before = 0): Promise<void> {
  for (let i = 0; i < 3_000 && (result.refused.get(503) ?? 0) <= before; i++) await sleep(10);
  expect(result.refused.get(503) ?? 0).toBeGreaterThan(before);
}
/** What a call gets while nothing can be written. */
async function refusal(): Promise<{ status: number; retryAfter: string | null; code: string }> {
  const response = await fetch(`${child.url}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body: JSON.stringify({ model: 'mock-refused', messages: [] }) });
  return { status: response.status, retryAfter: response.headers.get('retry-after'), code: (await response.json() as { error: { code: string } }).error.code };
}
const REFUSED = { status: 503, retryAfter: '2', code: 'records_unavailable' };

test('killed and started again under load: calls are refused while it is away, and go on by themselves', async () => {
  const running = load('killed');
  await running.whole(2 * CLIENTS);
  await postgres.kill();
  await refusedOnce(running.result);
  expect(await refusal()).toEqual(REFUSED);
  expect(await (await fetch(`${child.url}/readyz`)).json()).toMatchObject({ ready: false, problems: expect.arrayContaining(['records cannot be written']) });
  await postgres.start();
  const before = running.result.whole.length;
  await running.whole(before + 2 * CLIENTS);
  const result = await running.stop();
  whole.push(...result.whole);
  expect([...result.refused.keys()]).toEqual([503]);
}, 180_000);

test('hanging under load: calls are refused within the time limit instead of hanging with it, and go on when it goes on', async () => {
  const running = load('hung');
  await running.whole(2 * CLIENTS);
  postgres.freeze();
  await refusedOnce(running.result);
  expect(await refusal()).toEqual(REFUSED);
  postgres.thaw();
  const before = running.result.whole.length;
  await running.whole(before + 2 * CLIENTS);
  whole.push(...(await running.stop()).whole);
}, 180_000);

test('providers that break off anywhere: before the head, after it, inside the answer, or by ending early; all of it is on record', async () => {
  let count = 0;
  const serve = answering(5);
  upstream.script = async (seen, response, request) => {
    const how = count++ % 5;
    if (how === 0) { response.destroy(); return; }
    if (how === 4) { await serve(seen, response, request); return; }
    response.writeHead(200, { 'content-type': how === 1 ? 'application/json' : 'text/event-stream' });
    response.write(how === 1 ? '{"id":' : 'data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}\n\n');
    if (how === 3) response.end(); else { await sleep(5); response.destroy(); }
  };
  const running = load('upstream');
  await running.whole(2 * CLIENTS);
  whole.push(...(await running.stop()).whole);
  const { rows } = await postgres.app.database.reader.query(`SELECT DISTINCT outcome FROM transfer_outcomes WHERE transfer_id IN (SELECT transfer_id FROM transfers WHERE model LIKE 'mock-upstream-%') ORDER BY outcome`);
  expect(rows.map((row: { outcome: string }) => row.outcome)).toEqual(['answered', 'cut']);
}, 180_000);

test('afterwards everything is as promised, and the outages are on record', async () => {
  await child.kill('SIGTERM');
  await postgres.app.gateway.settleOrphans();
  expect(await brokenPromises(postgres.app, modelsOf(upstream.seen), whole)).toEqual([]);
  const { rows } = await postgres.app.database.reader.query(`SELECT detail FROM security_events WHERE kind = 'gateway.records_unavailable'`);
  expect(rows.length).toBeGreaterThanOrEqual(2);
  expect(rows.some((row: { detail: { calls_turned_away: number } }) => row.detail.calls_turned_away > 0)).toBe(true);
}, 180_000);

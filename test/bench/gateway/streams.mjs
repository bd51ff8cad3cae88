// Streams: how soon the first byte comes, and what a thousand open ones weigh.
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { start } from '../support/processes.mjs';
import { median, round } from './figures.mjs';

function firstByteOf({ url }, path, body, key) {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const asked = request(url + path, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, 'content-length': Buffer.byteLength(body) } }, (answer) => {
      let first;
      answer.on('data', () => { first ??= performance.now() - begun; }).on('end', () => { resolve(first); }).on('error', reject);
    });
    asked.on('error', reject).end(body);
  });
}

/** One stream after the other, in turns, so that nothing but the way through is measured. */
export async function firstByte({ bare, gateway, fast, path, stream, key }) {
  const times = { direct: [], bare: [], gateway: [] };
  for (let i = 0; i < 400; i++) {
    for (const [name, target] of [['direct', fast], ['bare', bare], ['gateway', gateway]]) times[name].push(await firstByteOf(target, path, stream, key));
  }
  const late = (name) => median(times[name].slice(100));
  console.log(`first byte of a stream, one at a time, p50: direct ${round(late('direct'))} ms, bare ${round(late('bare'))} ms, gateway ${round(late('gateway'))} ms (+${round(late('gateway') - late('bare'))} ms over bare)`);
}

const OPEN = 1_000;
const rssMb = (pid) => { try { return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1_024; } catch { return undefined; } };

/** A thousand streams that say a word every 200 ms, all open at once in one gateway process of its own. */
export async function openStreams({ app, startGateway, path, key }) {
  const upstream = await start('test/bench/support/slow-stream.mjs', ['200', '60']);
  await app.database.pool.query(`INSERT INTO providers (provider_id, name, category, legal_entity, jurisdictions, protocol, base_url, created_at) VALUES ('words', 'words', 'model', 'Bench Ltd', '{US}', 'openai', $1, now())`, [`${upstream.url}/v1`]);
  await app.database.pool.query(`INSERT INTO provider_terms (provider_id, version, effective_from, url, trains_on_inputs, retention_days) VALUES ('words', '1', '2026-01-01', 'https://example.test', false, 30)`);
  await app.database.pool.query(`INSERT INTO models VALUES ('words-*')`);
  await app.database.pool.query(`INSERT INTO model_routes (model_id, position, provider_id) VALUES ('words-*', 0, 'words')`);
  await app.database.pool.query(`INSERT INTO prices (price_id, model, provider_id, currency, effective_from, input_micros, cache_read_micros, cache_write_micros, output_micros) VALUES (gen_random_uuid(), 'words-*', 'words', 'USD', '2026-01-01', 1, 1, 1, 1)`);
  const gateway = await startGateway(), before = rssMb(gateway.pid), body = JSON.stringify({ model: 'words-bench', stream: true, messages: [{ role: 'user', content: 'go on' }] });
  let most = 0, open = 0, mostOpen = 0, words = 0;
  const watch = setInterval(() => { most = Math.max(most, rssMb(gateway.pid) ?? 0); mostOpen = Math.max(mostOpen, open); }, 200);
  const one = () => new Promise((resolve, reject) => {
    const asked = request(gateway.url + path, { method: 'POST', agent: false, headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, 'content-length': Buffer.byteLength(body) } }, (answer) => {
      open += 1;
      answer.on('data', () => { words += 1; }).on('end', () => { open -= 1; resolve(answer.statusCode); }).on('error', reject);
    });
    asked.on('error', reject).end(body);
  });
  const statuses = await Promise.all(Array.from({ length: OPEN }, one));
  clearInterval(watch);
  if (statuses.some((status) => status !== 200)) throw new Error('a stream was refused');
  console.log(`${OPEN} streams in one gateway process: ${mostOpen} open at once, ${round(before, 0)} MB before, ${round(most, 0)} MB at most; ${words} chunks passed`);
  await gateway.kill('SIGTERM');
}

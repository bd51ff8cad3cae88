// One call out of ten million by its id, over the API: `npm run bench -- lookup [calls] [partitions]`. Needs about 12 GB of disk for the time it runs.
import { readFileSync } from 'node:fs';
import { Agent, createServer, get } from 'node:http';
import { setPriority } from 'node:os';
import { Router } from 'express';
import { createConsoleApp } from '../../dist/src/entrypoints/http/console-app.js';
import { listen } from '../../dist/src/entrypoints/http/console-server.js';
import { systemActor } from '../../dist/src/kernel/actor.js';
import { entriesOf, writeTree } from './support/big-tree.mjs';
import { fillCalls } from './support/many-calls.mjs';

const LOOKUPS = 2_000, WARM = 200;

/** p50 and p99 of looking up calls one after another, each with transfers, retention, proof, and the record of its reading. */
export default async function lookupBench({ app, options = [], postgres }) {
  // The long filling stands back behind others on the machine; the lookups, half a minute, go before them where we may say so.
  const stepBack = (by) => { for (const pid of [process.pid, ...processesOf(postgres.pid)]) try { setPriority(pid, by); } catch { /* not root: as it is */ } };
  stepBack(10);
  const total = Number(options[0] ?? 10_000_000), days = Number(options[1] ?? 400), started = performance.now();
  const { calls, leaves } = await fillCalls(app, { total, days, tell: (text) => console.error(`  ${text}, ${((performance.now() - started) / 1000).toFixed(0)} s`) });
  const { rows: ids } = await app.database.pool.query(`SELECT request_id FROM transfers TABLESAMPLE BERNOULLI (${Math.min(100, (LOOKUPS + WARM) * 3000 / calls).toFixed(4)}) ORDER BY random() LIMIT $1`, [LOOKUPS + WARM]);
  await writeTree(app, leaves, await entriesOf(app, ids.map((one) => one.request_id)));
  await app.database.pool.query('ANALYZE ledger_tiles');
  stepBack(-10);
  const running = await listen(createServer(createConsoleApp(app, Router())), app.config);
  const { secret } = await app.act(systemActor('bench'), (tx) => app.security.issueToken(tx, { name: 'bench', roles: ['support_agent'] }));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 }), took = [], story = (id) => ask(`${running.url}/api/v1/calls/${id}`, secret, agent);
  for (let n = 0; n < ids.length; n++) {
    const from = performance.now(), answer = await story(ids[n].request_id);
    if (n >= WARM) took.push(performance.now() - from);
    if (answer.request_id !== ids[n].request_id || answer.transfers.length !== 1 || answer.proof.records.length !== 3 || answer.proof.records.some((one) => one.state !== 'sealed')) throw new Error('the bench did not get the whole story');
  }
  took.sort((a, b) => a - b);
  const { rows: [size] } = await app.database.pool.query('SELECT pg_database_size(current_database()) AS bytes');
  await running.close();
  const at = (share) => Number(took[Math.floor(took.length * share)].toPrecision(3));
  return [{ name: `calls in ${days} partitions`, value: calls, unit: '' }, { name: 'database', value: Number((Number(size.bytes) / 1e9).toPrecision(3)), unit: 'GB' }, { name: 'lookup by request_id over the API, p50', value: at(0.5), unit: 'ms' },
    { name: 'the same, p99', value: at(0.99), unit: 'ms' }, { name: 'the same, slowest', value: at(0.99999), unit: 'ms' }];
}

function processesOf(pid) {
  return [pid, ...readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)];
}

function ask(url, token, agent) {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { authorization: `Bearer ${token}` } }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part)).on('end', () => { if (response.statusCode === 200) resolve(JSON.parse(Buffer.concat(parts).toString())); else reject(new Error(`${response.statusCode} ${Buffer.concat(parts).toString()}`)); });
    }).on('error', reject);
  });
}

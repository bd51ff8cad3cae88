// The gateway with everything on (authenticated, admitted, recorded twice, metered, sealed; PostgreSQL with fsync) against a bare
// forwarder, side by side in the same run and on the same cores. Options: --rounds N, --seconds N, --only registry|json|stream|latency, --connections N (64), --profile FOLDER.
import { cpuMs, cpuMsBelow, hasWrk, load, start, startQuiet } from './support/processes.mjs';
import { seed } from './support/seed.mjs';

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const round = (value, digits = 2) => Number(value.toFixed(digits));
const ask = { model: 'mock-bench', messages: [{ role: 'system', content: 'You are a helpful assistant. '.repeat(10) }, { role: 'user', content: 'Say something about benchmarks. '.repeat(10) }] };

export default async function gatewayBench({ app, env, options, postgres }) {
  const option = (name, fallback) => { const at = options.indexOf(`--${name}`); return at < 0 ? fallback : options[at + 1]; };
  const rounds = Number(option('rounds', 3)), seconds = Number(option('seconds', 8)), only = option('only', '');
  const fast = await start('test/bench/support/upstream.mjs', ['0', '20']), slow = await start('test/bench/support/upstream.mjs', ['200', '20']);
  const key = await seed(app, { fast: fast.url, slow: slow.url });
  const sealer = startQuiet('test/support/sealer-process.mjs', env);
  const profile = option('profile', undefined);
  const gateway = await start('test/support/gateway-process.mjs', [], env, profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : []);
  const bare = await start('test/bench/support/forwarder.mjs', [fast.url]), bareSlow = await start('test/bench/support/forwarder.mjs', [slow.url]);
  const path = '/v1/chat/completions';
  console.log(`load by ${hasWrk ? 'wrk' : 'a Node worker'}, ${rounds} rounds of ${seconds} s, medians`);

  async function throughput(name, body) {
    const run = async (target) => {
      const before = cpuMs(target.pid), postgresBefore = cpuMsBelow(postgres.pid), sealerBefore = cpuMs(sealer.pid), result = await load(target.url + path, { connections: Number(option('connections', 64)), seconds, body, key });
      if (result.errors > 0) throw new Error(`${result.errors} calls failed`);
      const calls = result.perSecond * seconds;
      return { ...result, sealerPerCall: sealerBefore === undefined ? undefined : (cpuMs(sealer.pid) - sealerBefore) / calls, postgresPerCall: postgresBefore === undefined ? undefined : (cpuMsBelow(postgres.pid) - postgresBefore) / calls, cpuPerCall: before === undefined ? undefined : (cpuMs(target.pid) - before) / calls };
    };
    await load(gateway.url + path, { connections: 64, seconds: 8, body, key });
    await load(bare.url + path, { connections: 64, seconds: 8, body, key });
    const pairs = [];
    for (let i = 0; i < rounds; i++) pairs.push({ bare: await run(bare), gateway: await run(gateway) });
    const of = (side, figure) => median(pairs.map((pair) => pair[side][figure]));
    console.log(`${name}, 64 connections: bare ${round(of('bare', 'perSecond'), 0)}/s (p50 ${round(of('bare', 'p50'))} ms, ${round(of('bare', 'cpuPerCall') * 1_000, 0)} µs CPU a call), `
      + `gateway ${round(of('gateway', 'perSecond'), 0)}/s (p50 ${round(of('gateway', 'p50'))} ms, p99 ${round(of('gateway', 'p99'))} ms, ${round(of('gateway', 'cpuPerCall') * 1_000, 0)} µs CPU a call, PostgreSQL ${round(of('gateway', 'postgresPerCall') * 1_000, 0)} µs, sealer ${round(of('gateway', 'sealerPerCall') * 1_000, 0)} µs), `
      + `ratio ${round(median(pairs.map((pair) => pair.gateway.perSecond / pair.bare.perSecond)))}`);
  }

  async function latency() {
    const body = JSON.stringify({ ...ask, model: 'slow-bench' }), runs = { direct: [], bare: [], gateway: [] };
    for (let i = 0; i < rounds; i++) {
      for (const [name, target] of [['direct', slow], ['bare', bareSlow], ['gateway', gateway]]) runs[name].push(await load(target.url + path, { connections: 8, seconds, body, key }));
    }
    const of = (name, figure) => median(runs[name].map((run) => run[figure]));
    for (const name of ['bare', 'gateway']) console.log(`latency over direct, 8 connections, upstream of 200 ms, ${name}: p50 +${round(of(name, 'p50') - of('direct', 'p50'))} ms, p99 +${round(of(name, 'p99') - of('direct', 'p99'))} ms`);
  }

  /** From the commit of a change to its being in force in the last of four gateway processes. */
  async function registry() {
    const gateways = [gateway, ...await Promise.all([1, 2, 3].map(() => start('test/support/gateway-process.mjs', [], env)))], times = [];
    const inForce = async ({ url }, version) => { for (;;) { const text = await (await fetch(`${url}/metrics`)).text(); if (Number(/holdfast_registry_version (\d+)/.exec(text)[1]) >= version) return; } };
    for (let i = 0; i < 30; i++) {
      await app.database.pool.query(`UPDATE accounts SET contact = $1`, [`c${i}`]);
      const committed = performance.now(), { rows: [{ version }] } = await app.database.reader.query('SELECT version FROM registry_versions');
      await Promise.all(gateways.map((one) => inForce(one, Number(version))));
      times.push(performance.now() - committed);
    }
    console.log(`a change in force in the last of 4 gateway processes: median ${round(median(times))} ms, slowest of 30 ${round(Math.max(...times))} ms`);
    await Promise.all(gateways.slice(1).map((one) => one.kill('SIGTERM')));
  }

  if (only === '' || only === 'registry') await registry();
  if (only === '' || only === 'json') await throughput('JSON answers', JSON.stringify(ask));
  if (only === '' || only === 'stream') await throughput('streams of 20 words', JSON.stringify({ ...ask, stream: true, stream_options: { include_usage: true } }));
  if (only === '' || only === 'latency') await latency();

  const { rows: [count] } = await app.database.reader.query(`SELECT (SELECT count(*) FROM calls)::int AS calls, (SELECT count(*) FROM transfers)::int AS transfers, (SELECT count(*) FROM transfer_outcomes)::int AS outcomes,
    (SELECT count(*) FROM ledger_batches)::int AS batches`);
  console.log(`on record: ${count.calls} calls, ${count.transfers} transfers, ${count.outcomes} outcomes in ${count.batches} batches`);
  await gateway.kill('SIGTERM');
}

// The gateway with everything on (authenticated, admitted, recorded twice, metered, sealed; PostgreSQL with fsync) against a bare
// forwarder, side by side in the same run and on the same cores. Options: --rounds N (3), --seconds N (8), --connections N (64),
// --only NAME[,NAME…] of the parts below, --profile FOLDER (a CPU profile of the gateway), --soak MINUTES (the part `soak` alone runs by it).
import { start, startQuiet, hasNginx, hasWrk } from './support/processes.mjs';
import { seed } from './support/seed.mjs';
import { latency } from './gateway/latency.mjs';
import { firstByte, openStreams } from './gateway/streams.mjs';
import { others, twoGateways } from './gateway/others.mjs';
import { registry } from './gateway/registry.mjs';
import { sealing } from './gateway/sealing.mjs';
import { soak } from './gateway/soak.mjs';
import { throughput } from './gateway/throughput.mjs';

const PARTS = {
  registry, json: (bench) => throughput(bench, 'JSON answers', bench.json), stream: (bench) => throughput(ofStreams(bench), 'streams of 20 words', bench.stream),
  two: twoGateways, others, latency, first: (bench) => firstByte(ofStreams(bench)), open: openStreams, soak, sealing,
};

/** Streams come from the upstream that writes word by word. */
function ofStreams(bench) { return { ...bench, bare: bench.bareWords, fast: bench.words }; }

export default async function gatewayBench({ app, env, folder, options, postgres }) {
  const option = (name, fallback) => { const at = options.indexOf(`--${name}`); return at < 0 ? fallback : options[at + 1]; };
  const minutes = Number(option('soak', 0)), only = option('only', minutes > 0 ? 'soak' : Object.keys(PARTS).filter((name) => name !== 'soak').join()).split(',');
  const unknown = only.filter((name) => !(name in PARTS));
  if (unknown.length > 0) throw new Error(`there is no part ${unknown.join()}; parts: ${Object.keys(PARTS).join()}`);
  const ask = { model: 'fast-bench', messages: [{ role: 'system', content: 'You are a helpful assistant. '.repeat(10) }, { role: 'user', content: 'Say something about benchmarks. '.repeat(10) }] };
  const upstream = (delay) => start('test/bench/support/upstream.mjs', [String(delay), '20']);
  const words = await upstream(0), fast = hasNginx ? await start('test/bench/support/nginx.mjs', ['20', folder]) : words, slow = await upstream(200);
  const key = await seed(app, { fast: fast.url, stream: words.url, slow: slow.url });
  const sealer = startQuiet('test/support/sealer-process.mjs', env), profile = option('profile', undefined);
  const startGateway = (flags = []) => start('test/support/gateway-process.mjs', [], env, flags);
  const gateway = await startGateway(profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : []);
  const bare = await start('test/bench/support/forwarder.mjs', [fast.url]), bareWords = await start('test/bench/support/forwarder.mjs', [words.url]), bareSlow = await start('test/bench/support/forwarder.mjs', [slow.url]);
  console.log(`load by ${hasWrk ? 'wrk' : 'a Node worker, for want of wrk (apt-get install wrk), which takes more of the cores'}; JSON answers by ${hasNginx ? 'nginx' : 'Node, for want of nginx (apt-get install nginx-light)'}`);
  const bench = {
    app, env, postgres, sealer, gateway, bare, bareWords, fast, words, slow, bareSlow, key, startGateway, path: '/v1/chat/completions', minutes,
    rounds: Number(option('rounds', 3)), seconds: Number(option('seconds', 8)), connections: Number(option('connections', 64)),
    json: JSON.stringify(ask), stream: JSON.stringify({ ...ask, model: 'stream-bench', stream: true, stream_options: { include_usage: true } }), slowly: JSON.stringify({ ...ask, model: 'slow-bench' }),
  };
  for (const name of only) await PARTS[name](bench);
  await gateway.kill('SIGTERM');
  const { rows: [count] } = await app.database.reader.query(`SELECT (SELECT count(*) FROM calls)::int AS calls, (SELECT count(*) FROM transfers)::int AS transfers, (SELECT count(*) FROM transfer_outcomes)::int AS outcomes,
    (SELECT count(*) FROM ledger_batches)::int AS batches, (SELECT coalesce(sum(record_count), 0) FROM ledger_batches)::int AS records`);
  console.log(`on record: ${count.calls} calls, ${count.transfers} transfers, ${count.outcomes} outcomes in ${count.batches} batches`);
}

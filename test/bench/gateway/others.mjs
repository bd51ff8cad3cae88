// The same work through another gateway, and through two processes of ours.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { start } from '../support/processes.mjs';
import { median, round } from './figures.mjs';
import { measure } from './throughput.mjs';

/** Installed outside the repository, by the benchmark alone; it records nothing durable, which is the comparison's point. */
const OTHER = '@portkey-ai/gateway', VERSION = '1.15.2';

function installed() {
  const folder = join(homedir(), '.cache', 'holdfast', `bench-${VERSION}`), script = join(folder, 'node_modules', OTHER, 'build', 'start-server.js');
  if (!existsSync(script)) {
    mkdirSync(folder, { recursive: true });
    const { status } = spawnSync('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', `${OTHER}@${VERSION}`], { stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) return undefined;
  }
  return script;
}

export async function others(bench) {
  const script = installed();
  if (!script) { console.log(`${OTHER} could not be installed; its part is left out`); return; }
  const other = await start('test/bench/support/start-other.mjs', [script]);
  const headers = { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `${bench.fast.url}/v1` };
  for (const target of [other, bench.gateway]) await measure(bench, [target], bench.json, target === other ? { headers } : {});
  const pairs = [];
  for (let i = 0; i < bench.rounds; i++) pairs.push({ other: await measure(bench, [other], bench.json, { headers }), gateway: await measure(bench, [bench.gateway], bench.json) });
  const of = (side, figure) => round(median(pairs.map((pair) => pair[side][figure])), 0);
  console.log(`JSON answers, ${bench.connections} connections: ${OTHER} ${VERSION} ${of('other', 'perSecond')}/s (p50 ${of('other', 'p50')} ms, ${round(median(pairs.map((pair) => pair.other.micros.gateway)), 0)} µs CPU a call, nothing recorded), `
    + `gateway ${of('gateway', 'perSecond')}/s, ratio ${round(median(pairs.map((pair) => pair.gateway.perSecond / pair.other.perSecond)))}`);
  await other.kill('SIGTERM');
}

export async function twoGateways(bench) {
  const second = await bench.startGateway(), both = [bench.gateway, second], pairs = [];
  await measure(bench, both, bench.json);
  for (let i = 0; i < bench.rounds; i++) pairs.push({ one: await measure(bench, [bench.gateway], bench.json), two: await measure(bench, both, bench.json) });
  const of = (side) => round(median(pairs.map((pair) => pair[side].perSecond)), 0), cpu = (side, process) => round(median(pairs.map((pair) => pair[side].micros[process])), 0);
  console.log(`JSON answers, ${bench.connections} connections: one gateway process ${of('one')}/s, two ${of('two')}/s; shared costs a call with two: gateways ${cpu('two', 'gateway')} µs, PostgreSQL ${cpu('two', 'postgres')} µs, sealer ${cpu('two', 'sealer')} µs, upstream ${cpu('two', 'upstream')} µs`);
  await second.kill('SIGTERM');
}

// Calls a second at many connections, in turns with the bare forwarder; processor time a call for every process that has a part in it.
import { cpuMs, cpuMsBelow, load } from '../support/processes.mjs';
import { median, round } from './figures.mjs';

/** One round against one target. `ms`: processor time a call, by process. */
export async function measure(bench, targets, body, options = {}) {
  const clocks = () => ({ gateway: targets.reduce((sum, target) => sum + (cpuMs(target.pid) ?? Number.NaN), 0), postgres: cpuMsBelow(bench.postgres.pid), sealer: cpuMs(bench.sealer.pid), upstream: cpuMs(bench.fast.pid) });
  const before = clocks(), { seconds, key, path } = bench, connections = Math.ceil(bench.connections / targets.length);
  const results = await Promise.all(targets.map((target) => load(target.url + (options.path ?? path), { connections, seconds, body, key, headers: options.headers })));
  const after = clocks(), perSecond = results.reduce((sum, one) => sum + one.perSecond, 0), calls = perSecond * seconds;
  const failed = results.reduce((sum, one) => sum + one.errors, 0);
  if (failed > 0) throw new Error(`${failed} calls failed`);
  return { perSecond, p50: median(results.map((one) => one.p50)), p99: Math.max(...results.map((one) => one.p99)), micros: Object.fromEntries(Object.keys(before).map((name) => [name, ((after[name] - before[name]) / calls) * 1_000])) };
}

export async function throughput(bench, name, body) {
  for (const target of [bench.gateway, bench.bare]) await measure(bench, [target], body);
  const pairs = [];
  for (let i = 0; i < bench.rounds; i++) pairs.push({ bare: await measure(bench, [bench.bare], body), gateway: await measure(bench, [bench.gateway], body) });
  const of = (side, figure) => median(pairs.map((pair) => pair[side][figure])), cpu = (side, process) => round(median(pairs.map((pair) => pair[side].micros[process])), 0);
  console.log(`${name}, ${bench.connections} connections: bare ${round(of('bare', 'perSecond'), 0)}/s (p50 ${round(of('bare', 'p50'))} ms, ${cpu('bare', 'gateway')} µs CPU a call), `
    + `gateway ${round(of('gateway', 'perSecond'), 0)}/s (p50 ${round(of('gateway', 'p50'))} ms, p99 ${round(of('gateway', 'p99'))} ms), ratio ${round(median(pairs.map((pair) => pair.gateway.perSecond / pair.bare.perSecond)))}; `
    + `CPU a call: gateway ${cpu('gateway', 'gateway')} µs, PostgreSQL ${cpu('gateway', 'postgres')} µs, sealer ${cpu('gateway', 'sealer')} µs, upstream ${cpu('gateway', 'upstream')} µs`);
}

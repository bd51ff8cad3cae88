// What the gateway adds to a call of 200 ms, against asking the upstream directly and through the forwarder.
import { load } from '../support/processes.mjs';
import { median, round } from './figures.mjs';

export async function latency({ slow, bareSlow, gateway, path, seconds, key, rounds, slowly: body }) {
  const runs = { direct: [], bare: [], gateway: [] };
  // Each side is asked once before it is measured, as everywhere in this benchmark.
  for (const target of [slow, bareSlow, gateway]) await load(target.url + path, { connections: 8, seconds: 3, body, key });
  for (let i = 0; i < rounds; i++) {
    for (const [name, target] of [['direct', slow], ['bare', bareSlow], ['gateway', gateway]]) runs[name].push(await load(target.url + path, { connections: 8, seconds, body, key }));
  }
  const of = (name, figure) => median(runs[name].map((run) => run[figure]));
  for (const name of ['bare', 'gateway']) console.log(`latency over direct, 8 connections, upstream of 200 ms, ${name}: p50 +${round(of(name, 'p50') - of('direct', 'p50'))} ms, p99 +${round(of(name, 'p99') - of('direct', 'p99'))} ms`);
}

// Minutes of load: does memory stay flat, does the event loop keep its turns short?
import { readFileSync } from 'node:fs';
import { load } from '../support/processes.mjs';
import { metric, metricsOf, round } from './figures.mjs';

const rssMb = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1_024;

export async function soak({ gateway, path, key, json, stream, minutes, connections }) {
  const until = Date.now() + (minutes || 10) * 60_000, samples = [];
  let calls = 0;
  while (Date.now() < until) {
    const seconds = Math.max(5, Math.min(30, Math.round((until - Date.now()) / 1_000)));
    const [plain, streamed] = await Promise.all([load(gateway.url + path, { connections: connections / 2, seconds, body: json, key }), load(gateway.url + path, { connections: connections / 2, seconds, body: stream, key })]);
    calls += (plain.perSecond + streamed.perSecond) * seconds;
    samples.push({ mb: rssMb(gateway.pid), lag: metric(await metricsOf(gateway), 'holdfast_event_loop_lag_seconds{quantile="0.99"}') });
  }
  const mb = samples.map((one) => round(one.mb, 0)), half = Math.floor(mb.length / 2), mean = (values) => values.reduce((sum, one) => sum + one, 0) / values.length;
  console.log(`soak of ${minutes || 10} min, ${round(calls, 0)} calls: memory every 30 s ${mb.join(' ')} MB; mean of the first half ${round(mean(mb.slice(0, half)), 0)} MB, of the second ${round(mean(mb.slice(half)), 0)} MB`);
  const lags = samples.map((one) => one.lag).filter((lag) => lag !== undefined);
  if (lags.length > 0) console.log(`event-loop lag, p99 of each 30 s: ${lags.map((lag) => round(lag * 1_000, 1)).join(' ')} ms`);
}

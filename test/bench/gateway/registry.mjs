// From the commit of a change to its being in force in the last of four gateway processes.
import { median, metric, metricsOf, round } from './figures.mjs';

export async function registry({ app, gateway, startGateway }) {
  const gateways = [gateway, ...await Promise.all([1, 2, 3].map(() => startGateway()))], times = [];
  const inForce = async (one, version) => { while (metric(await metricsOf(one), 'holdfast_registry_version') < version); };
  for (let i = 0; i < 30; i++) {
    await app.database.pool.query('UPDATE accounts SET contact = $1', [`c${i}`]);
    const committed = performance.now(), { rows: [{ version }] } = await app.database.reader.query('SELECT version FROM registry_versions');
    await Promise.all(gateways.map((one) => inForce(one, Number(version))));
    times.push(performance.now() - committed);
  }
  console.log(`a change in force in the last of 4 gateway processes: median ${round(median(times))} ms, slowest of 30 ${round(Math.max(...times))} ms`);
  await Promise.all(gateways.slice(1).map((one) => one.kill('SIGTERM')));
}

// Whether sealing keeps up: what one gateway writes in a while without a sealer, and how long a sealer then takes for it.
import { round } from './figures.mjs';
import { measure } from './throughput.mjs';

/** Runs last: the bench's own sealer is ended first. */
export async function sealing(bench) {
  await new Promise((done) => { bench.sealer.once('exit', done); bench.sealer.kill('SIGTERM'); });
  await bench.app.ledger.sealOnce();
  const { perSecond } = await measure(bench, [bench.gateway], bench.json), begun = performance.now();
  const { leaves } = await bench.app.ledger.sealOnce(), seconds = (performance.now() - begun) / 1_000;
  console.log(`sealing: the gateway wrote ${round(leaves / bench.seconds, 0)} leaves/s (${round(perSecond, 0)} calls/s), a sealer after it sealed ${round(leaves / seconds, 0)} leaves/s: ${round((leaves / seconds) / (leaves / bench.seconds), 1)} times the gateway's rate`);
}

// The sealer role: one loop, no port.
import type { App } from '../../app.js';

/** Seals and publishes until closed; `close` waits for the pass under way and gives the lease up. */
export function startSealer(app: App): Promise<{ close(): Promise<void> }> {
  const stop = new AbortController();
  const running = app.ledger.runSealer(stop.signal);
  app.log.info('the sealer is at work', { verifier_key: app.ledger.verifierKey() });
  return Promise.resolve({ close: async () => { stop.abort(); await running; } });
}

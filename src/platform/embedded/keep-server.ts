// Keeps an embedded server running: if it dies (out of memory, a stray kill), it is started again on the same port.
import type { EmbeddedServer } from './server-process.js';

const RESTARTS = 3, WINDOW_MS = 60_000;

export interface KeptServer { readonly url: string; stop(): Promise<void> }

/** `start` starts the server; `report` gets one line for a person; `onGivenUp` is called once when it cannot be kept running. */
export async function keepServer(name: string, start: () => Promise<EmbeddedServer>, on: { report(line: string): void; onGivenUp(reason: string): void }): Promise<KeptServer> {
  let server = await start(), stopping = false;
  const { url } = server;
  const deaths: number[] = [];
  const watch = async (): Promise<void> => {
    for (;;) {
      const how = await server.ended;
      if (stopping) return;
      const now = performance.now();
      deaths.push(now);
      while (deaths[0]! < now - WINDOW_MS) deaths.shift();
      if (deaths.length > RESTARTS) { on.onGivenUp(`${name} died ${deaths.length} times within a minute (${how})`); return; }
      on.report(`${name} ended (${how}); starting it again`);
      server = await start();
      if (server.url !== url) { on.onGivenUp(`${name} had to move to another port, which its users do not know`); return; }
    }
  };
  const watching = watch().catch((error: unknown) => { on.onGivenUp(`${name} could not be started again: ${(error as Error).message}`); });
  return { url, stop: async () => { stopping = true; await server.stop(); await watching; } };
}

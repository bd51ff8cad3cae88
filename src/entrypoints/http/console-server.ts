// The console role: listens on the console port until it is closed.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { App } from '../../app.js';
import { watchStanding } from '../start/watch-standing.js';
import { createConsoleApp } from './console-app.js';

export interface Running { readonly url: string; close(): Promise<void> }

/** Starts the console port. Rejects with the driver's error when the port is taken. The console itself is loaded only here: it is heavy. */
export async function startConsole(app: App): Promise<Running> {
  const { createConsole } = await import('../console/console.js');
  const gate = await watchStanding(app), running = await listen(createServer(createConsoleApp(app, await createConsole(app), gate)), app.config);
  app.log.info('console listens', { url: running.url });
  return { ...running, close: async () => { gate.stop(); await running.close(); } };
}

/** Listens on `bind:consolePort` (0 = a free one) and answers with the address that is really in use. */
export function listen(server: Server, config: Pick<App['config'], 'bind' | 'consolePort' | 'drainMs'>): Promise<Running> {
  // Slow senders are cut: nothing here takes long to send.
  server.headersTimeout = 15_000;
  server.requestTimeout = 60_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.consolePort, config.bind, () => {
      server.off('error', reject);
      const { port } = server.address() as AddressInfo;
      resolve({ url: `http://${hostOf(config.bind)}:${port}`, close: () => stop(server, config.drainMs) });
    });
  });
}

/** A wildcard is where one listens, not where one goes. */
function hostOf(bind: string): string {
  if (bind === '0.0.0.0') return '127.0.0.1';
  if (bind === '::') return '[::1]';
  return bind.includes(':') ? `[${bind}]` : bind;
}

/** Takes no new connection, lets answers that are under way end, then cuts what is left after `drainMs`. */
function stop(server: Server, drainMs: number): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => { server.closeAllConnections(); }, drainMs);
    // A kept-alive connection becomes idle only when its answer has ended; ask again until none is left.
    const idle = setInterval(() => { server.closeIdleConnections(); }, 50);
    server.close(() => { clearTimeout(late); clearInterval(idle); resolve(); });
  });
}

// Ports for private servers, and the check of the ports a person chose.
import { createServer } from 'node:net';

/** A TCP port nothing listens on at the moment; `wanted` when it is free. */
export async function freePort(wanted?: number): Promise<number> {
  if (wanted && await isFree(wanted)) return wanted;
  return listenOnce(0, '127.0.0.1');
}

/** Whether `port` can be listened on at `address`. Throws what is wrong with the address itself (EADDRNOTAVAIL, EACCES). */
export async function isFree(port: number, address = '127.0.0.1'): Promise<boolean> {
  try { await listenOnce(port, address); return true; } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
}

function listenOnce(port: number, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: address, exclusive: true }, () => {
      const bound = server.address();
      server.close(() => { resolve(typeof bound === 'object' && bound ? bound.port : port); });
    });
  });
}

// Starts test/support/gateway-process.mjs and hands out its address.
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ChildGateway { readonly url: string; readonly process: ChildProcess; /** Resolves when the process is gone. */ kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> }

/** `spawned` gets the process before it listens. Rejects when it ends before that. */
export async function startChildGateway(env: Record<string, string>, spawned?: (child: ChildProcess) => void): Promise<ChildGateway> {
  const child = spawn(process.execPath, ['test/support/gateway-process.mjs'], { stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], HOLDFAST_LOG_LEVEL: 'error', GATEWAY_PORT: '0', ...env } });
  spawned?.(child);
  const gone = new Promise<void>((resolve) => { child.once('exit', () => { resolve(); }); });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => { if (line.startsWith('{"url"')) resolve((JSON.parse(line) as { url: string }).url); });
    void gone.then(() => { reject(new Error('the gateway process ended before it listened')); });
  });
  return { url, process: child, kill: async (signal) => { child.kill(signal); await gone; } };
}

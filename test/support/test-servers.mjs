// The last resort: servers and folders of test runs that ended without their teardown.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endProcess, isAlive, isServerOf } from '../../dist/src/platform/embedded/server-process.js';

/** Before global-setup gives the tests a folder of their own in it. */
const shared = process.env.TMPDIR ?? '/tmp';
export const PREFIX = 'holdfast-servers-';

/** For process.on('exit'): no time to wait, so PostgreSQL is told to stop at once (its data is thrown away). */
export function killServers(servers) {
  for (const server of servers.running) try { process.kill(server.pid, 'SIGQUIT'); } catch { /* has ended */ }
  // PostgreSQL may still write while this removes; what is left, the next run removes.
  try { rmSync(servers.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }); } catch { /* not empty */ }
}

/** Stops the servers of runs whose process is gone (it was killed) and removes their folders. */
export async function removeAbandoned() {
  for (const name of readdirSync(shared)) {
    const owner = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (!owner || isAlive(Number(owner))) continue;
    const folder = join(shared, name);
    await end(join(folder, 'postgres', 'data', 'postmaster.pid'), 'postgres', join(folder, 'postgres', 'data'));
    await end(join(folder, 'redis', 'pid'), 'redis', join(folder, 'redis'));
    rmSync(folder, { recursive: true, force: true });
  }
}

async function end(pidFile, program, folder) {
  if (!existsSync(pidFile)) return;
  const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
  if (isServerOf(pid, program, folder)) await endProcess(pid, [['SIGQUIT', 3_000], ['SIGKILL', 1_000]]);
}

// One long-running role in this process: alone under a process manager, or as a supervised child of `start`.
import type { App } from '../../app.js';
import { parseConfig } from '../../platform/config/config.js';
import { explainFailure } from '../../platform/embedded/explain-failure.js';
import type { RoleMessage } from '../../platform/embedded/role-process.js';
import { startHeartbeat } from './heartbeat.js';
import type { RoleName } from './roles.js';

export interface RunningRole { readonly url?: string; close(): Promise<void>; /** A second signal came: end at once, but record what is open. */ hurry?(): void }
type Start = (app: App) => Promise<RunningRole>;

/** Imported when their role runs: the console's AdminJS alone costs over a second and 60 MB, which no gateway should pay. */
const STARTS: Readonly<Record<RoleName, () => Promise<Start>>> = {
  gateway: async () => (await import('../http/gateway-server.js')).startGateway,
  console: async () => (await import('../http/console-server.js')).startConsole,
  worker: async () => (await import('../jobs/worker.js')).startWorker,
  sealer: async () => (await import('../jobs/sealer.js')).startSealer,
};

/**
 * Runs the role until SIGTERM, SIGINT or the end of its supervisor; a second signal hurries it (or ends it, if it cannot be hurried), a
 * third ends it. Resolves with the exit code.
 * A failed start is one line on stderr, or a message to the supervisor.
 */
export async function runRole(role: RoleName | 'stand-in', args: readonly string[], env: Readonly<Record<string, string | undefined>>): Promise<number> {
  const stop = stopRequested();
  try {
    const running = role === 'stand-in' ? await startProvider(Number(args[0])) : await startSlices(role, env);
    tell({ ready: true, ...running.url ? { url: running.url } : {} });
    await stop.asked;
    if (running.hurry) stop.again = () => { running.hurry?.(); };
    await running.close();
    return 0;
  } catch (error) {
    const line = explainFailure(error, env['HOLDFAST_HOME'] ?? '.holdfast');
    if (!tell({ failed: line })) process.stderr.write(`holdfast ${role}: ${line}\n`);
    return 1;
  }
}

async function startSlices(role: RoleName, env: Readonly<Record<string, string | undefined>>): Promise<RunningRole> {
  const [start, { createApp }] = await Promise.all([STARTS[role](), import('../../app.js')]);
  const app = await createApp(parseConfig(env), role);
  try {
    const running = await start(app);
    // Under a supervisor of ours nobody looks at the file, and instances side by side would share it.
    const endHeartbeat = running.url || process.send ? undefined : await startHeartbeat(role, () => app.database.reader.query('SELECT 1'));
    return { ...running, close: async () => { endHeartbeat?.(); await running.close(); app.log.info(`${role} stopped`); await app.close(); } };
  } catch (error) { await app.close(); throw error; }
}

async function startProvider(port: number): Promise<RunningRole> {
  const { startStandIn } = await import('../../platform/embedded/stand-in-provider.js');
  return startStandIn({ port });
}

interface Stop { readonly asked: Promise<void>; /** What a second signal does; then it is the end. */ again: (() => void) | undefined }

function stopRequested(): Stop {
  const stop: { asked: Promise<void>; again: (() => void) | undefined } = { asked: Promise.resolve(), again: undefined };
  stop.asked = new Promise((resolve) => {
    let asked = false;
    const ask = (): void => {
      if (!asked) { asked = true; resolve(); return; }
      const hurry = stop.again;
      stop.again = undefined;
      if (hurry) hurry(); else process.exit(1);
    };
    process.on('SIGTERM', ask);
    process.on('SIGINT', ask);
    // The supervisor was killed: nobody would restart or stop us, so finish what is open and go.
    if (process.send) process.once('disconnect', resolve);
  });
  return stop;
}

function tell(message: RoleMessage): boolean {
  return process.connected && process.send !== undefined && process.send(message);
}

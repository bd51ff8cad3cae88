// One program, many roles: gateway, console, worker, sealer, or all of them supervised (`start`, the default).
import type { StartContext } from './entrypoints/start/bring-up.js';
import { isRoleName } from './entrypoints/start/roles.js';

const USAGE = `Usage: holdfast start                       everything on this machine, supervised
       holdfast gateway|console|worker|sealer   one role, for a process manager of yours (needs DATABASE_URL and REDIS_URL,
                                                or an instance running in HOLDFAST_HOME)

Configured by the environment; docs/configuration.md lists every variable.
`;

/** Runs the role that argv names; `step` shows progress and `executable` is what children are started with. Resolves with the exit code. */
export async function main(context: StartContext & { readonly argv: readonly string[] }): Promise<number> {
  const [role = 'start', ...args] = context.argv;
  if (args.includes('--help') || args.includes('-h')) { process.stdout.write(USAGE); return 0; }
  if (role === 'start' || role === 'all') return (await import('./entrypoints/start/start-instance.js')).startInstance(context);
  if (isRoleName(role) || role === 'stand-in') return (await import('./entrypoints/start/run-role.js')).runRole(role, args, context.env);
  process.stderr.write(`holdfast: no role is called ${role}\n${USAGE}`);
  return 2;
}

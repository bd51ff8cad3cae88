// From the command line to the program: set-up if this is a checkout, then a role or a command.
import { pathToFileURL } from 'node:url';
import { createProgress } from './progress.mjs';
import { inRoot, isCheckout, SetupError } from './project.mjs';
import { setUp } from './setup.mjs';

const ROLES = ['start', 'all', 'gateway', 'console', 'worker', 'sealer', 'stand-in'];

/** Runs what the command line asks for and sets the exit code. */
export async function run(argv = process.argv.slice(2)) {
  // Where the reader of a pipe went away (`| head`), a line that cannot be written must not end us with servers left running.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const isRole = ROLES.includes(argv[0] ?? '');
  const step = createProgress({ quiet: !isRole });
  try {
    // A child of a running instance uses what its parent set up.
    if (isCheckout() && !process.env.HOLDFAST_INSTANCE) await setUp(step);
    const env = withHome(process.env);
    if (isRole) {
      const { main } = await load('src', 'main.js');
      process.exitCode = await main({ argv, env, step, executable: inRoot('bin', 'holdfast.mjs') });
    } else {
      const { runCli } = await load('src', 'entrypoints', 'cli', 'cli.js');
      process.exitCode = await runCli(argv, env);
    }
  } catch (error) {
    process.stderr.write(`holdfast: ${error instanceof SetupError ? error.message : error?.stack ?? error}\n`);
    process.exitCode = 1;
  }
  // What still holds the process open after the work is done is idle connections; a command's pipe gets a moment to take its output.
  setTimeout(() => { process.exit(); }, isRole ? 0 : 2_000).unref();
}

const load = (...parts) => import(pathToFileURL(inRoot('dist', ...parts)).href);

/** A checkout keeps its data in its own .holdfast wherever one stands; an installed package in the current folder's. */
function withHome(env) {
  return !env.HOLDFAST_HOME && isCheckout() ? { ...env, HOLDFAST_HOME: inRoot('.holdfast') } : env;
}

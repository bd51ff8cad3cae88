// `holdfast start`: everything on one machine, supervised, from an empty folder to the first answered call.
import { parseConfig } from '../../platform/config/config.js';
import { explainFailure } from '../../platform/embedded/explain-failure.js';
import { bringUp, type StartContext, type Undo } from './bring-up.js';
import { Interrupted, watchInterruption } from './interruption.js';

/** What a gateway gets to write its last records once it is hurried, ms. */
const HURRIED_MS = 10_000;

/** Runs until a signal, or until something cannot be kept running. Resolves with the exit code; every failure is one line on stderr. */
export async function startInstance(context: StartContext): Promise<number> {
  const say = (line: string): void => { process.stderr.write(`holdfast: ${line}\n`); };
  const interruption = watchInterruption();
  const undo: Undo = [];
  let home = context.env['HOLDFAST_HOME'] ?? '.holdfast', code = 0;
  try {
    const config = parseConfig(context.env, { instance: false });
    home = config.home;
    const running = await bringUp({ ...context, config, interruption, undo, report: say });
    process.stdout.write(running.text);
    const reason = await Promise.race([interruption.first, running.givenUp]);
    if (reason) { say(`${reason}; stopping`); code = 1; }
    else say(`stopping; open calls get up to ${config.drainMs / 1000} s (Ctrl-C again: at once)`);
    // Calls are cut, and on record as such; nothing else is worth waiting for.
    void interruption.second.then(() => { for (const role of running.roles) if (role.role === 'gateway') role.hurry(HURRIED_MS); else role.kill(); });
  } catch (error) {
    code = error instanceof Interrupted ? 130 : 1;
    say(error instanceof Interrupted ? 'stopped before everything was up' : explainFailure(error, home));
  }
  for (const step of undo.reverse()) {
    try { await step(); } catch (error) { say(explainFailure(error, home)); code = 1; }
  }
  if (code === 0) say('stopped');
  return code;
}

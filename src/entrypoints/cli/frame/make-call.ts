// What a command gets: its arguments, a way to print, and the application when it needs it.
import { userInfo } from 'node:os';
import { createApp, type App } from '../../../app.js';
import type { Actor } from '../../../kernel/actor.js';
import { HoldfastError } from '../../../kernel/errors.js';
import { isRefusal } from '../../../kernel/result.js';
import { parseConfig } from '../../../platform/config/config.js';
import { createLogger } from '../../../platform/log/log.js';
import { jsonAnswer } from '../../http/api/json-answer.js';
import type { Call, Environment } from './command.js';
import type { Parsed } from './parse-call.js';

export interface Output { readonly out: (text: string) => void; readonly err: (text: string) => void }

/** The person at this machine, by the name of the operating system's user. */
export function cliActor(): Actor {
  let name: string;
  try { name = userInfo().username; } catch { name = `uid ${process.getuid?.() ?? 'unknown'}`; }
  return Object.freeze({ kind: 'cli', id: name, name: `cli:${name}`, roles: [] });
}

/** Answers that hold free-form JSON, whose keys must stay as they are, are printed as they are. */
export class Verbatim { constructor(readonly value: unknown) {} }

/** A database out of a backup is closed to commands as to everybody. */
async function refuseClosed(app: App): Promise<void> {
  const { closed } = await app.ledger.standing();
  if (closed !== undefined) throw new HoldfastError('replay_required', closed);
}

export function makeCall({ command, json, positionals, values }: Parsed, env: Environment, { out, err }: Output): Call {
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    env, text, positionals,
    argument: (name) => positionals[(command.arguments ?? []).findIndex((argument) => argument.name === name)] ?? '',
    flag: (name) => values[name] === true,
    need: (name) => text(name) ?? '',
    texts: (name) => {
      const value = values[name];
      return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
    },
    print: (value, words) => { if (json || words) out(json ? `${JSON.stringify(value instanceof Verbatim ? value.value : jsonAnswer(value), null, 2)}\n` : `${words}\n`); },
    note: (line) => { err(`${line}\n`); },
    accept: (answer) => {
      if (isRefusal(answer)) throw new HoldfastError(answer.code, answer.field ? `${answer.field}: ${answer.message}` : answer.message);
      return answer;
    },
    withApp: async (work) => {
      const config = parseConfig(env);
      // A command answers on stdout; what the slices log goes beside it, and only when something is wrong.
      const app = await createApp(config, 'cli', { log: createLogger('cli', env['HOLDFAST_LOG_LEVEL'] ? config.logLevel : 'error', err) });
      try {
        if (!command.whileClosed) await refuseClosed(app);
        return await work(app, cliActor());
      } finally { await app.close(); }
    },
  };
}

// From words of a command line to the command and what it was given.
import { parseArgs } from 'node:util';
import { type Command, UsageError } from './command.js';

export interface Parsed {
  readonly command: Command;
  readonly help: boolean;
  readonly json: boolean;
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
}

/** The longest command name that argv begins with: "key issue" before "key". */
export function findCommand(commands: readonly Command[], argv: readonly string[]): Command | undefined {
  return commands.find((command) => command.name === argv.slice(0, 2).join(' ')) ?? commands.find((command) => command.name === argv[0]);
}

/** Throws UsageError for an unknown option, a missing value, or a missing or surplus argument. */
export function parseCall(command: Command, argv: readonly string[]): Parsed {
  const options = Object.fromEntries(Object.entries(command.options ?? {}).map(([name, option]) => [name, option.value ? { type: 'string' as const, multiple: option.multiple ?? false } : { type: 'boolean' as const }]));
  let parsed;
  try {
    parsed = parseArgs({ args: argv.slice(command.name.split(' ').length), options: { ...options, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } }, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message.split('.')[0]! : 'the options cannot be read', { cause: error });
  }
  const { positionals } = parsed, values = parsed.values as Parsed['values'];
  const help = values['help'] === true, given = command.arguments ?? [];
  if (!help) {
    const absent = Object.entries(command.options ?? {}).find(([name, option]) => option.required && values[name] === undefined);
    if (absent) throw new UsageError(`--${absent[0]} is missing`);
    const missing = given.find((argument, index) => !argument.optional && positionals[index] === undefined);
    if (missing) throw new UsageError(`${missing.name} is missing`);
    if (positionals.length > given.length && !given.at(-1)?.many) throw new UsageError(`"${positionals[given.length]}" is one argument too many`);
  }
  return { command, help, json: values['json'] === true, positionals, values };
}

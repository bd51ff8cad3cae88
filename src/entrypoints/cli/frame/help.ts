// Usage texts, made from the commands themselves.
import type { Command } from './command.js';

/** Usage of one command. */
export function commandHelp(command: Command): string {
  const options: [string, string][] = Object.entries(command.options ?? {}).map(([name, option]) => [`--${name}${option.value ? ` ${option.value}` : ''}`, option.help + (option.multiple ? ' (may be given several times)' : '')]);
  const given: [string, string][] = (command.arguments ?? []).map((argument) => [argument.name, argument.help]);
  return [
    `Usage: holdfast ${usageOf(command)}`, '', command.summary, '',
    ...given.length > 0 ? ['Arguments:', ...columns(given), ''] : [],
    'Options:', ...columns([...options, ['--json', 'print JSON instead of text'], ['--help', 'print this']]), '',
    'Example:', `  ${command.example}`, '',
  ].join('\n');
}

/** Usage of a group of commands, such as `holdfast key`. */
export function groupHelp(group: string, commands: readonly Command[]): string {
  return [`Usage: holdfast ${group} COMMAND`, '', 'Commands:', ...columns(commands.map((command) => [command.name, command.summary])), '', `holdfast ${group} COMMAND --help tells more.`, ''].join('\n');
}

/** Usage of the whole program. */
export function programHelp(commands: readonly Command[]): string {
  return [
    'Usage: holdfast COMMAND', '', 'Commands:', ...columns([['start', 'Run everything on this machine, supervised; also one role alone: gateway, console, worker, sealer'], ...commands.map((command): [string, string] => [command.name, command.summary])]), '',
    'holdfast COMMAND --help tells more. Commands find a running instance through HOLDFAST_HOME, or take DATABASE_URL and REDIS_URL.',
    'Exit codes: 0 done, 1 failed, 2 wrong usage, 3 verification failed.', '',
  ].join('\n');
}

function usageOf(command: Command): string {
  const given = (command.arguments ?? []).map((argument) => { const name = argument.many ? `${argument.name}…` : argument.name; return argument.optional ? `[${name}]` : name; });
  const options = Object.entries(command.options ?? {}).map(([name, option]) => {
    const words = `--${name}${option.value ? ` ${option.value}` : ''}${option.multiple ? '…' : ''}`;
    return option.required ? words : `[${words}]`;
  });
  return [command.name, ...given, ...options, '[--json]'].join(' ');
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

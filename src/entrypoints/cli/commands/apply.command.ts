import { applyConfiguration, type Change, type Outcome } from '../apply/apply-configuration.js';
import { pathText, problemText, type Problem } from '../apply/problem.js';
import { readConfiguration } from '../apply/read-configuration.js';
import { readConfigurationText } from '../apply/read-text.js';
import { EXIT, type Call, type Command } from '../frame/command.js';
import { cell } from '../frame/table.js';

export const applyCommand: Command = {
  name: 'apply', summary: 'Make providers, models, prices, accounts, keys, rules and policies look as a file says; docs/configuration-file.md explains it',
  arguments: [{ name: 'FILE', help: 'the configuration file, YAML' }],
  options: {
    'dry-run': { help: 'check everything and tell what would change, and change nothing' },
    'confirm-shortening': { help: 'ask a second person for retention policies that keep less than those in force; they take effect after approval and grace period' },
  },
  example: 'OPENAI_KEY=… holdfast apply examples/openai.yaml',
  run: async (call) => {
    const name = call.argument('FILE'), dryRun = call.flag('dry-run');
    const file = readConfiguration(readConfigurationText(name), call.env);
    const changes = 'configuration' in file
      ? await call.withApp((app, actor) => applyConfiguration(app, actor, file, call.env, { dryRun, confirmShortening: call.flag('confirm-shortening') })) : [];
    if (file.problems.length > 0) return refuseFile(call, name, file.problems);
    const counts = Object.fromEntries((['created', 'changed', 'unchanged'] as const).map((outcome) => [outcome, changes.filter((change) => change.outcome === outcome).length])) as Record<Outcome, number>;
    const total = `${dryRun ? 'nothing was changed (dry run); it would be' : `${name} is applied`}: ${counts.created} created, ${counts.changed} changed, ${counts.unchanged} unchanged`;
    call.print({ file: name, dryRun, ...counts, changes }, [...changes.filter((change) => change.outcome !== 'unchanged' || change.note).map(lineOf), total].join('\n'));
    return EXIT.done;
  },
};

function lineOf({ kind, name, outcome, note }: Change): string { return `${outcome.padEnd(9)}  ${kind.padEnd(12)}  ${cell(name)}${note ? `  (${cell(note)})` : ''}`; }

/** All problems at once, in the order of the file. */
function refuseFile(call: Call, name: string, problems: readonly Problem[]): number {
  const sorted = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
  for (const problem of sorted) call.note(problemText(name, problem));
  call.note(`holdfast: ${name} has ${sorted.length} ${sorted.length === 1 ? 'problem' : 'problems'}; nothing was changed`);
  call.print({ file: name, applied: false, problems: sorted.map(({ line, column, path, message }) => ({ line, column, field: pathText(path), message })) }, '');
  return EXIT.failed;
}

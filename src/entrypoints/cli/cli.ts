// The command line: finds the command, runs it, and turns whatever happened into one of four exit codes.
import { coerceError, HoldfastError } from '../../kernel/errors.js';
import { redactText } from '../../kernel/redact.js';
import { explainFailure } from '../../platform/embedded/explain-failure.js';
import { COMMANDS } from './commands.js';
import { EXIT, type Environment, UsageError } from './frame/command.js';
import { commandHelp, groupHelp, programHelp } from './frame/help.js';
import { makeCall, type Output } from './frame/make-call.js';
import { findCommand, parseCall } from './frame/parse-call.js';

const streams: Output = { out: (text) => { process.stdout.write(text); }, err: (text) => { process.stderr.write(text); } };

/**
 * Runs one command. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 verification failed. Failures are one line on stderr; with --json
 * also `{"error": {code, message}}` on stdout.
 */
export async function runCli(argv: readonly string[], env: Environment, output: Output = streams): Promise<number> {
  const command = findCommand(COMMANDS, argv);
  if (!command) return helpOrUsage(argv, output);
  let json = argv.includes('--json');
  try {
    const parsed = parseCall(command, argv);
    json = parsed.json;
    if (parsed.help) { output.out(commandHelp(command)); return EXIT.done; }
    return await command.run(makeCall(parsed, env, output));
  } catch (thrown) {
    if (thrown instanceof UsageError) {
      output.err(`holdfast ${command.name}: ${thrown.message}; see holdfast ${command.name} --help\n`);
      return EXIT.usage;
    }
    const { code, message } = explain(thrown, env);
    output.err(`holdfast: ${message}\n`);
    if (json) output.out(`${JSON.stringify({ error: { code, message } })}\n`);
    return code === 'verification_failed' ? EXIT.verificationFailed : EXIT.failed;
  }
}

function explain(thrown: unknown, env: Environment): { code: string; message: string } {
  if (thrown instanceof HoldfastError) return { code: thrown.code, message: redactText(thrown.message) };
  const state = (coerceError(thrown) as Error & { code?: unknown }).code;
  if (state === '42P01' || state === '42703') return { code: 'conflict', message: 'the database has no schema of this version; run `holdfast migrate` first' };
  return { code: 'internal', message: explainFailure(thrown, env['HOLDFAST_HOME'] ?? '.holdfast') };
}

function helpOrUsage(argv: readonly string[], { out, err }: Output): number {
  const [first = '', second] = argv, group = COMMANDS.filter((command) => command.name.startsWith(`${first} `));
  const wantsHelp = argv.includes('--help') || argv.includes('-h') || first === 'help';
  if (group.length > 0 && (wantsHelp || second === undefined)) { (wantsHelp ? out : err)(groupHelp(first, group)); return wantsHelp ? EXIT.done : EXIT.usage; }
  if (wantsHelp || first === '') { (wantsHelp ? out : err)(programHelp(COMMANDS)); return wantsHelp ? EXIT.done : EXIT.usage; }
  const near = group.length > 0 ? `holdfast ${first} has no command "${second}"; there are ${group.map((command) => command.name.slice(first.length + 1)).join(', ')}` : `there is no command "${first}"; holdfast --help lists them`;
  err(`holdfast: ${near}\n`);
  return EXIT.usage;
}

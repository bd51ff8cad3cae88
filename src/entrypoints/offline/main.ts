// The single-file verifier: bin/lib/verifier-bundle.mjs makes verify.mjs of this. Node alone, no network, no database, no environment.
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { reportText } from './print-report.js';
import { readKeys, verifyFile } from './verify-file.js';

const USAGE = `Usage: node verify.mjs PATH... [--trusted-key KEY] [--keys FILE] [--json]

Verifies without network and without the system that made them: proofs (completeness, absence, a call on record), evidence packs,
checkpoints, and folders with a copy of a published log (/log).

  --trusted-key KEY  the log's verifier key as you got it by another way: name+id+base64
  --keys FILE        the list of the log's keys (/log/keys), when the key was handed over since the one you trust
  --json             one JSON document a path

Exit codes: 0 everything is intact, 1 a path could not be read, 2 wrong usage, 3 something was altered or is none of our files.
`;

/** Verifies what the arguments name. Resolves with the exit code. */
export async function main(args: readonly string[], out: (text: string) => void, err: (text: string) => void): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], allowPositionals: true, options: { 'trusted-key': { type: 'string' }, keys: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
  } catch (error) { err(`verify: ${error instanceof Error ? error.message.split('.')[0]! : 'wrong usage'}\n${USAGE}`); return 2; }
  const { values, positionals } = parsed;
  if (values.help) { out(USAGE); return 0; }
  if (positionals.length === 0) { err(USAGE); return 2; }
  let keys;
  try { keys = values.keys === undefined ? undefined : readKeys(values.keys); } catch (error) { err(`verify: --keys ${values.keys}: ${error instanceof Error ? error.message : 'it cannot be read'}\n`); return 2; }
  let code = 0;
  for (const path of positionals) {
    try {
      const report = await verifyFile(path, { reprint: false, ...(values['trusted-key'] === undefined ? {} : { trustedKey: values['trusted-key'] }), ...(keys ? { keys } : {}) });
      out(values.json ? `${JSON.stringify({ file: path, ...report }, null, 2)}\n` : `${reportText(path, report)}\n`);
      if (report.verdict !== 'intact') code = 3;
    } catch (error) {
      err(`verify: ${path} cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : error instanceof Error ? error.message : 'error'})\n`);
      if (code === 0) code = 1;
    }
  }
  return code;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2), (text) => { process.stdout.write(text); }, (text) => { process.stderr.write(text); });
}

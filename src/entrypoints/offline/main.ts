// The single-file verifier: bin/lib/verifier-bundle.mjs makes verify.mjs of this. Node alone, no network, no database, no environment.
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { reportText } from './print-report.js';
import { expandFolders, readKeys, verifyFile, verifyVolumes, type PathReport } from './verify-file.js';
import { FILE_KINDS } from '../../domain/evidence/index.js';

const USAGE = `Usage: node verify.mjs PATH... [--trusted-key KEY] [--keys FILE] [--kind KIND] [--json]

Verifies without network and without the system that made them: evidence packs, proofs (completeness, absence, a call on record),
checkpoints, certificates of purges, and folders with a copy of a published log (/log) or with packs. A master given together with its
volumes is compared with them.

  --trusted-key KEY  the log's verifier key as you got it by another way: name+id+base64
  --keys FILE        the list of the log's keys (/log/keys), when the key was handed over since the one you trust
  --kind KIND        what the files must be: ${FILE_KINDS.join(', ')}
  --json             one JSON document a path

Exit codes: 0 everything is intact, 1 a path could not be read, 2 wrong usage, 3 something was altered or is none of our files.
`;

/** Verifies what the arguments name. Resolves with the exit code. */
export async function main(args: readonly string[], out: (text: string) => void, err: (text: string) => void): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], allowPositionals: true, options: { 'trusted-key': { type: 'string' }, keys: { type: 'string' }, kind: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
  } catch (error) { err(`verify: ${error instanceof Error ? error.message.split('.')[0]! : 'wrong usage'}\n${USAGE}`); return 2; }
  const { values, positionals } = parsed;
  if (values.help) { out(USAGE); return 0; }
  if (positionals.length === 0) { err(USAGE); return 2; }
  let keys;
  try { keys = values.keys === undefined ? undefined : readKeys(values.keys); } catch (error) { err(`verify: --keys ${values.keys}: ${error instanceof Error ? error.message : 'it cannot be read'}\n`); return 2; }
  const kind = FILE_KINDS.find((one) => one === values.kind);
  if (values.kind !== undefined && !kind) { err(`verify: --kind is one of ${FILE_KINDS.join(', ')}\n`); return 2; }
  let code = 0;
  const files: { file: string; report: PathReport }[] = [];
  const tell = (file: string, report: PathReport): void => {
    out(values.json ? `${JSON.stringify({ file, ...report }, null, 2)}\n` : `${reportText(file, report)}\n`);
    if (report.verdict !== 'intact') code = 3;
  };
  for (const file of expandFolders(positionals)) {
    try {
      const report = await verifyFile(file, { reprint: false, ...(values['trusted-key'] === undefined ? {} : { trustedKey: values['trusted-key'] }), ...(keys ? { keys } : {}), ...(kind ? { kind } : {}) });
      files.push({ file, report });
      tell(file, report);
    } catch (error) {
      err(`verify: ${file} cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : error instanceof Error ? error.message : 'error'})\n`);
      if (code === 0) code = 1;
    }
  }
  for (const report of verifyVolumes(files)) tell('the packs together', report);
  return code;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2), (text) => { process.stdout.write(text); }, (text) => { process.stderr.write(text); });
}

import { copyFileSync } from 'node:fs';
import type { App } from '../../../app.js';
import { FILE_KINDS, type FileKind, type VerifyBytesOptions } from '../../../domain/evidence/index.js';
import { VERDICTS, type KeyList, type LedgerReport } from '../../../domain/ledger/index.js';
import type { Actor } from '../../../kernel/actor.js';
import { coerceError, HoldfastError } from '../../../kernel/errors.js';
import { EXIT, type Call, type Command, UsageError } from '../frame/command.js';
import { reportText } from '../../offline/print-report.js';
import { findVerifier } from '../../offline/verifier-path.js';
import { expandFolders, readKeys, verifyFile, verifyVolumes, type PathReport } from '../../offline/verify-file.js';
import { describeReport } from '../../views/ledger-report.js';
import { facts, table } from '../frame/table.js';

export const verifyCommand: Command = {
  name: 'verify', whileClosed: true, summary: 'Check files (packs, proofs, checkpoints, certificates of purges) or a folder with a copy of the log, or without PATH every record of the database against the signed log; exit code 3 when something is wrong',
  arguments: [{ name: 'PATH', optional: true, many: true, help: 'an evidence pack, a proof, a checkpoint, a certificate, or a folder with a copy of /log or with packs; checked by itself, without a database. A master given with its volumes is compared with them' }],
  options: {
    'trusted-key': { value: 'KEY', help: "for PATH: the log's verifier key as you got it by another way, name+id+base64" },
    keys: { value: 'FILE', help: "for PATH: the list of the log's keys (/log/keys), when the key was handed over since the one you trust" },
    kind: { value: 'KIND', help: `for PATH: what it must be, one of ${FILE_KINDS.join(', ')}; anything else is refused, however sound` },
    'write-verifier': { value: 'FILE', help: 'write verify.mjs, a single file that makes the same checks with Node alone; for who does not trust this machine' },
  },
  example: 'holdfast verify dispute-17.pdf',
  run: (call) => {
    const out = call.text('write-verifier');
    if (out !== undefined) return Promise.resolve(writeVerifier(call, out));
    return call.positionals.length === 0 ? call.withApp((app, actor) => verifyDatabase(call, app, actor)) : verifyPaths(call, call.positionals);
  },
};

function writeVerifier(call: Call, out: string): number {
  const verifier = findVerifier();
  if (!verifier) throw new HoldfastError('not_found', 'verify.mjs was not built; run `npm run build`');
  copyFileSync(verifier, out);
  call.print({ file: out }, `${out} is written; run \`node ${out} --help\``);
  return EXIT.done;
}

async function verifyPaths(call: Call, paths: readonly string[]): Promise<number> {
  const trustedKey = call.text('trusted-key'), list = call.text('keys'), kind = readKind(call.text('kind'));
  let keys: KeyList | undefined;
  try { keys = list === undefined ? undefined : readKeys(list); } catch (error) { throw new UsageError(`--keys ${list}: ${coerceError(error).message}`, { cause: error }); }
  const files: { file: string; report: PathReport }[] = [];
  for (const file of expandFolders(paths)) files.push({ file, report: await verifyPath(file, { reprint: true, ...(trustedKey === undefined ? {} : { trustedKey }), ...(keys ? { keys } : {}), ...(kind ? { kind } : {}) }) });
  const volumes = verifyVolumes(files), [only] = files;
  call.print(files.length === 1 ? { file: only!.file, ...only!.report } : { files: files.map(({ file, report }) => ({ file, ...report })), volumes },
    [...files.map(({ file, report }) => reportText(file, report)), ...volumes.map((report) => reportText('the packs together', report))].join('\n\n'));
  return [...files.map((one) => one.report), ...volumes].every((report) => report.verdict === 'intact') ? EXIT.done : EXIT.verificationFailed;
}

function readKind(text: string | undefined): FileKind | undefined {
  if (text === undefined) return undefined;
  const kind = FILE_KINDS.find((one) => one === text);
  if (!kind) throw new UsageError(`--kind is one of ${FILE_KINDS.join(', ')}`);
  return kind;
}

async function verifyPath(path: string, options: VerifyBytesOptions): Promise<PathReport> {
  try { return await verifyFile(path, options); } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof HoldfastError || code === undefined) throw error;
    throw new HoldfastError('not_found', `${path} cannot be read (${code})`, { cause: error });
  }
}

async function verifyDatabase(call: Call, app: App, actor: Actor): Promise<number> {
  const report = await app.ledger.verify(app.retention.removals());
  // The answer does not depend on the record of it: who checks a copy may have no right to write.
  await record(app, actor, report).catch((error: unknown) => { call.note(`holdfast: the verification could not be put on record: ${coerceError(error).message}`); });
  const counts = VERDICTS.filter((verdict) => report.counts[verdict] > 0 || verdict === 'intact').map((verdict) => [verdict, report.counts[verdict]]);
  call.print(report, [
    facts({ verdict: report.intact ? 'intact' : report.explained ? 'NOT intact: records were lost with a database that a backup replaced, as the ledger has it; all else agrees' : 'NOT intact', leaves: report.treeSize, checkpoint: report.checkpoint && `${report.checkpoint.treeSize} leaves, ${report.checkpoint.at.toISOString()}`,
      'anchored by': report.anchors.filter((one) => one.kind !== 'handover').map((one) => `${one.kind} ${one.name} (${one.treeSize} leaves)`), ...Object.fromEntries(counts) as object }),
    ...report.uncertified.map(({ runId, state, leaves }) => `${leaves} records were removed by purge run ${runId}, which is ${state} and not certified yet; they are in none of these counts`),
    ...report.problems.length > 0 ? ['', table(report.problems, { VERDICT: (one) => one.verdict, LEAF: (one) => one.leafIndex, WHAT: (one) => one.message }, '')] : [],
  ].join('\n'));
  return report.intact ? EXIT.done : EXIT.verificationFailed;
}

async function record(app: App, actor: Actor, report: LedgerReport): Promise<void> {
  await app.act(actor, (tx) => app.ledger.append(tx, { action: 'ledger.verify', subjectKind: 'ledger', subjectId: 'log', purpose: 'security_audit',
    after: describeReport(report) }));
}

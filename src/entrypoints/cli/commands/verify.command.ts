import { copyFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../../../app.js';
import { VERDICTS, type KeyList, type LedgerReport } from '../../../domain/ledger/index.js';
import type { Actor } from '../../../kernel/actor.js';
import { coerceError, HoldfastError } from '../../../kernel/errors.js';
import { EXIT, type Call, type Command, UsageError } from '../frame/command.js';
import { reportText } from '../../offline/print-report.js';
import { findVerifier } from '../../offline/verifier-path.js';
import { readKeys, verifyFile } from '../../offline/verify-file.js';
import { facts, table } from '../frame/table.js';

const PURGE_PATIENCE_MS = 15 * 60_000;

export const verifyCommand: Command = {
  name: 'verify', summary: 'Check a file (pack, proof, checkpoint) or a folder with a copy of the log, or without PATH every record of the database against the signed log; exit code 3 when something is wrong',
  arguments: [{ name: 'PATH', optional: true, help: 'an evidence pack, a proof, a checkpoint, or a folder with a copy of /log; it is checked by itself, without a database' }],
  options: {
    'trusted-key': { value: 'KEY', help: "for PATH: the log's verifier key as you got it by another way, name+id+base64" },
    keys: { value: 'FILE', help: "for PATH: the list of the log's keys (/log/keys), when the key was handed over since the one you trust" },
    'write-verifier': { value: 'FILE', help: 'write verify.mjs, a single file that makes the same checks with Node alone; for who does not trust this machine' },
  },
  example: 'holdfast verify dispute-17.pdf',
  run: (call) => {
    const out = call.text('write-verifier');
    if (out !== undefined) return Promise.resolve(writeVerifier(call, out));
    return call.argument('PATH') === '' ? call.withApp((app, actor) => verifyDatabase(call, app, actor)) : verifyPath(call, call.argument('PATH'));
  },
};

function writeVerifier(call: Call, out: string): number {
  const verifier = findVerifier();
  if (!verifier) throw new HoldfastError('not_found', 'verify.mjs was not built; run `npm run build`');
  copyFileSync(verifier, out);
  call.print({ file: out }, `${out} is written; run \`node ${out} --help\``);
  return EXIT.done;
}

async function verifyPath(call: Call, path: string): Promise<number> {
  const trustedKey = call.text('trusted-key'), list = call.text('keys');
  let keys: KeyList | undefined;
  try { keys = list === undefined ? undefined : readKeys(list); } catch (error) { throw new UsageError(`--keys ${list}: ${coerceError(error).message}`, { cause: error }); }
  let report: Awaited<ReturnType<typeof verifyFile>>;
  try { report = await verifyFile(path, { reprint: true, ...(trustedKey === undefined ? {} : { trustedKey }), ...(keys ? { keys } : {}) }); } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof HoldfastError || code === undefined) throw error;
    throw new HoldfastError('not_found', `${path} cannot be read (${code})`, { cause: error });
  }
  call.print({ file: path, ...report }, reportText(path, report));
  return report.verdict === 'intact' ? EXIT.done : EXIT.verificationFailed;
}

async function verifyDatabase(call: Call, app: App, actor: Actor): Promise<number> {
  await waitForPurges(call, app);
  const report = await app.ledger.verify({ certifiedPurges: () => app.retention.certifiedPurges(), heldRecords: () => app.retention.heldRecords() });
  // The answer does not depend on the record of it: who checks a copy may have no right to write.
  await record(app, actor, report).catch((error: unknown) => { call.note(`holdfast: the verification could not be put on record: ${coerceError(error).message}`); });
  const counts = VERDICTS.filter((verdict) => report.counts[verdict] > 0 || verdict === 'intact').map((verdict) => [verdict, report.counts[verdict]]);
  call.print(report, [
    facts({ verdict: report.intact ? 'intact' : 'NOT intact', leaves: report.treeSize, checkpoint: report.checkpoint && `${report.checkpoint.treeSize} leaves, ${report.checkpoint.at.toISOString()}`,
      'anchored by': report.anchors.filter((one) => one.kind !== 'handover').map((one) => `${one.kind} ${one.name} (${one.treeSize} leaves)`), ...Object.fromEntries(counts) as object }),
    ...report.problems.length > 0 ? ['', table(report.problems, { VERDICT: (one) => one.verdict, LEAF: (one) => one.leafIndex, WHAT: (one) => one.message }, '')] : [],
  ].join('\n'));
  return report.intact ? EXIT.done : EXIT.verificationFailed;
}

/** What an open purge run has removed is not certified yet and would be told as missing. */
async function waitForPurges(call: Call, app: App): Promise<void> {
  const until = performance.now() + PURGE_PATIENCE_MS;
  for (let told = false; (await app.retention.openRuns()).length > 0 && performance.now() < until; await sleep(1_000)) {
    if (!told) call.note('a purge run is under way; waiting for its certificate');
    told = true;
  }
}

async function record(app: App, actor: Actor, report: LedgerReport): Promise<void> {
  await app.act(actor, (tx) => app.ledger.append(tx, { action: 'ledger.verify', subjectKind: 'ledger', subjectId: 'log', purpose: 'security_audit',
    after: { intact: report.intact, tree_size: report.treeSize.toString(), counts: { ...report.counts }, problems: report.problems.slice(0, 20).map((problem) => problem.message), took_ms: report.tookMs } }));
}

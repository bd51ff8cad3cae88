import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../../../app.js';
import { verifyPack } from '../../../domain/evidence/index.js';
import { VERDICTS, type LedgerReport } from '../../../domain/ledger/index.js';
import type { Actor } from '../../../kernel/actor.js';
import { coerceError, HoldfastError } from '../../../kernel/errors.js';
import { EXIT, type Call, type Command } from '../frame/command.js';
import { cell, facts, table } from '../frame/table.js';

const PURGE_PATIENCE_MS = 15 * 60_000;

export const verifyCommand: Command = {
  name: 'verify', summary: 'Check an evidence pack, or without FILE every record of the database against the signed log; exit code 3 when something is wrong',
  arguments: [{ name: 'FILE', optional: true, help: 'an evidence pack; it is checked by itself, without a database' }],
  options: { 'trusted-key': { value: 'KEY', help: "for a pack: the log's verifier key as you got it by another way, name+id+base64" } },
  example: 'holdfast verify dispute-17.pdf',
  run: (call) => (call.argument('FILE') === '' ? call.withApp((app, actor) => verifyDatabase(call, app, actor)) : verifyFile(call, call.argument('FILE'))),
};

async function verifyFile(call: Call, file: string): Promise<number> {
  let bytes: Buffer;
  try { bytes = readFileSync(file); } catch (error) { throw new HoldfastError('not_found', `${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`); }
  const trustedKey = call.text('trusted-key'), report = await verifyPack(bytes, trustedKey === undefined ? {} : { trustedKey });
  call.print({ file, ...report }, [
    facts({ verdict: report.verdict, file, ...(report.pack ? { pack: report.pack.packId, 'about call': report.pack.requestId, assembled: report.pack.assembledAt, records: report.pack.records } : {}) }), '',
    ...report.checks.map((check) => `${check.ok ? 'ok    ' : 'WRONG '} ${check.name}: ${cell(check.message)}`),
    ...report.verdict === 'intact' ? ['', 'What this does not prove:', ...report.cannotProve.map((sentence) => `  ${sentence}`)] : [],
  ].join('\n'));
  return report.verdict === 'intact' ? EXIT.done : EXIT.verificationFailed;
}

async function verifyDatabase(call: Call, app: App, actor: Actor): Promise<number> {
  await waitForPurges(call, app);
  const report = await app.ledger.verify({ certifiedPurges: () => app.retention.certifiedPurges(), heldRecords: () => app.retention.heldRecords() });
  // The answer does not depend on the record of it: who checks a copy may have no right to write.
  await record(app, actor, report).catch((error: unknown) => { call.note(`holdfast: the verification could not be put on record: ${coerceError(error).message}`); });
  const counts = VERDICTS.filter((verdict) => report.counts[verdict] > 0 || verdict === 'intact').map((verdict) => [verdict, report.counts[verdict]]);
  call.print(report, [
    facts({ verdict: report.intact ? 'intact' : 'NOT intact', leaves: report.treeSize, checkpoint: report.checkpoint && `${report.checkpoint.treeSize} leaves, ${report.checkpoint.at.toISOString()}`, ...Object.fromEntries(counts) as object }),
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

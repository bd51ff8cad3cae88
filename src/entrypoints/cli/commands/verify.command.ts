import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../../../app.js';
import { VERDICTS, type LedgerReport } from '../../../domain/ledger/index.js';
import type { Actor } from '../../../kernel/actor.js';
import { coerceError } from '../../../kernel/errors.js';
import { EXIT, type Call, type Command } from '../frame/command.js';
import { facts, table } from '../frame/table.js';

const PURGE_PATIENCE_MS = 15 * 60_000;

export const verifyCommand: Command = {
  name: 'verify', summary: 'Check every record of the database against the signed log; exit code 3 when something is missing, altered or duplicate',
  example: 'holdfast verify', run: (call) => call.withApp((app, actor) => verifyDatabase(call, app, actor)),
};

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

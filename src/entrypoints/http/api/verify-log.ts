// Verification of the whole log, started over the API: runs in this process, one at a time; its result is an audit record.
import type { App } from '../../../app.js';
import type { Actor } from '../../../kernel/actor.js';
import { describeReport } from '../../views/ledger-report.js';
import { coerceError } from '../../../kernel/errors.js';
import { refuse, type Refusal } from '../../../kernel/result.js';

export interface Progress { readonly startedAt: Date; readonly startedBy: string; done: bigint; total: bigint }
const running = new WeakMap<App, Progress>();

/** What is being verified now, by this process. */
export function verificationUnderWay(app: App): Progress | undefined { return running.get(app); }

/** Starts a verification as `actor` and returns at once; refuses while one runs. What it finds is appended when it ends. */
export function startVerification(app: App, actor: Actor): Progress | Refusal {
  if (running.has(app)) return refuse('conflict', 'a verification is under way; ask for its state');
  const progress: Progress = { startedAt: app.clock.now(), startedBy: actor.name, done: 0n, total: 0n };
  running.set(app, progress);
  void verifyAndRecord(app, actor, progress)
    .catch((error: unknown) => { app.log.error('verification failed to run', { error: coerceError(error) }); })
    .finally(() => { running.delete(app); });
  return progress;
}

async function verifyAndRecord(app: App, actor: Actor, progress: Progress): Promise<void> {
  const report = await app.ledger.verify({
    ...app.retention.removals(),
    onProgress: (done, total) => { progress.done = done; progress.total = total; },
  });
  await app.act(actor, (tx) => app.ledger.append(tx, {
    action: 'ledger.verify', subjectKind: 'ledger', subjectId: 'log', purpose: 'security_audit',
    after: describeReport(report),
  }));
}

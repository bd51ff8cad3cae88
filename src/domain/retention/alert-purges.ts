// Tells people what about purges needs them: on the ledger and in the log when it begins and when it is over, and by mail where that is set up.
import { systemActor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DATA_TYPES, type DataType } from '../../kernel/data-types.js';
import { coerceError } from '../../kernel/errors.js';
import { dayOf } from '../../kernel/period.js';
import type { Act } from '../../platform/db/index.js';
import type { Logger } from '../../platform/log/log.js';
import { createMailer, type Mailer } from '../../platform/mail/mailer.js';
import type { AppendRecord } from '../ledger/index.js';
import { PERMISSIONS_OF, type Security } from '../security/index.js';
import { alertMail, alertsFrom, type AlertKind } from './alert-rules.js';
import { clearAlert, noteMailed, raiseAlert } from './alerts.store.js';
import type { PreviewPurge } from './preview-purge.js';
import type { Query } from './query.store.js';
import { readRuns } from './runs.view.js';

/** Where mail goes through, and the address of the console in it; without `smtpUrl` none is sent. */
export interface AlertConfig { readonly smtpUrl: string | undefined; readonly mailFrom: string | undefined; readonly publicUrl: string | undefined; readonly bind: string; readonly consolePort: number }
export interface AlertDeps {
  readonly clock: Clock; readonly act: Act; readonly bookkeeping: Act; readonly append: AppendRecord; readonly query: Query; readonly log: Logger; readonly timeZone: string; readonly previewPurge: PreviewPurge;
  readonly security: Pick<Security, 'operators'>; readonly config: AlertConfig | undefined;
}
const BOT = systemActor('schedule');

/**
 * Binds it. Safe to repeat and to run twice at once: an alert is raised once and mailed once, to everybody who may run purges; a mail that
 * failed is tried again at the next run.
 */
export function createAlertPurges(deps: AlertDeps): () => Promise<{ raised: number; over: number; mailed: number }> {
  let mailer: Mailer | undefined;
  return async () => {
    const { query, act, append, log, config } = deps, now = deps.clock.now();
    const alerts = alertsFrom(await readRuns(query, { open: true }), await deps.previewPurge(), await reviewOverdue(query, dayOf(now, deps.timeZone)), now);
    const standing = await query<{ kind: AlertKind; data_type: DataType; mailed_at: Date | null }>('SELECT kind, data_type, mailed_at FROM purge_alerts');
    const same = (a: { kind: string; dataType: string }, b: { kind: string; data_type: string }): boolean => a.kind === b.kind && a.dataType === b.data_type;
    let raised = 0, over = 0, mailed = 0;
    for (const alert of alerts) {
      const known = standing.find((one) => same(alert, one));
      if (!known && await act(BOT, async (tx) => {
        if (!await raiseAlert(tx, alert, now)) return false;
        await append(tx, { action: 'purge.alert', subjectKind: 'data_type', subjectId: alert.dataType, purpose: 'compliance_retention', after: { kind: alert.kind, text: alert.text.slice(0, 500) } });
        return true;
      })) { raised += 1; log.error(alert.text, { alert: alert.kind, data_type: alert.dataType }); }
      if (known?.mailed_at || !config?.smtpUrl || !config.mailFrom) continue;
      try {
        mailer ??= createMailer({ url: config.smtpUrl, from: config.mailFrom });
        const mail = alertMail(alert, config.publicUrl?.replace(/\/+$/, '') ?? `http://${config.bind}:${config.consolePort}`);
        for (const to of await recipients(deps.security)) await mailer.send({ to, ...mail });
        await deps.bookkeeping(BOT, (tx) => noteMailed(tx, alert.kind, alert.dataType, now));
        mailed += 1;
      } catch (error) { log.warn('an alert could not be mailed; it is tried again', { alert: alert.kind, error: coerceError(error).message }); }
    }
    for (const one of standing) if (!alerts.some((alert) => same(alert, one)) && await act(BOT, async (tx) => {
      if (!await clearAlert(tx, one.kind, one.data_type)) return false;
      await append(tx, { action: 'purge.alert-over', subjectKind: 'data_type', subjectId: one.data_type, purpose: 'compliance_retention', before: { kind: one.kind } });
      return true;
    })) { over += 1; log.info('an alert is over', { alert: one.kind, data_type: one.data_type }); }
    return { raised, over, mailed };
  };
}

async function recipients(security: AlertDeps['security']): Promise<string[]> {
  return (await security.operators()).filter(({ status, roles }) => status === 'active' && roles.some((role) => PERMISSIONS_OF[role].includes('purges.run'))).map((operator) => operator.email);
}

async function reviewOverdue(query: Query, today: string): Promise<Set<DataType>> {
  const rows = await query<{ data_types: DataType[] | null }>('SELECT data_types FROM holds WHERE released_at IS NULL AND review_on < $1', [today]);
  return new Set(rows.flatMap((row) => row.data_types ?? DATA_TYPES));
}

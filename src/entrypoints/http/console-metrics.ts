// /metrics of the console port: this process's own counters, and what the database knows. docs/metrics.md explains each name.
import type { RequestHandler } from 'express';
import type { PurgePreview } from '../../domain/retention/index.js';
import { coerceError } from '../../kernel/errors.js';
import { createMetrics, type Metrics } from '../../platform/log/metrics.js';
import type { App } from '../../app.js';
import { readCaseFigures } from '../views/case-figures.view.js';
import { readFigures } from '../views/operations.view.js';
import { checkReadiness } from './health.js';

/** The overdue count looks at every data type's oldest rows; asked for at most this often (milliseconds). */
const OVERDUE_CACHE_MS = 60_000;

/** Answers Prometheus text. What cannot be read is left out and said so by holdfast_scrape_failed; the scrape itself succeeds. */
export function answerMetrics(app: App): RequestHandler {
  const overdue = createOverdue(app);
  return async (_request, response) => {
    const metrics = createMetrics();
    const { checks } = await checkReadiness(app);
    for (const [part, { state }] of Object.entries(checks)) metrics.gauge('holdfast_ready', 'Whether a part answers (1) or not (0)', state === 'ok' ? 1 : 0, { part });
    const groups: [string, (metrics: Metrics) => Promise<void>][] = [['figures', (into) => addFigures(app, into)], ['ledger', (into) => addLedger(app, into)], ['overdue', overdue]];
    await Promise.all(groups.map(async ([group, add]) => {
      let failed = 0;
      try { await add(metrics); } catch (error) {
        failed = 1;
        app.log.warn('metrics could not be read', { group, error: coerceError(error) });
      }
      metrics.gauge('holdfast_scrape_failed', 'Groups of figures that could not be read (1) at this scrape', failed, { group });
    }));
    metrics.gauge('process_resident_memory_bytes', 'Resident memory of the console process', process.memoryUsage.rss());
    metrics.gauge('process_start_time_seconds', 'When the console process started', Math.round(performance.timeOrigin / 1000));
    response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
    response.setHeader('cache-control', 'no-store');
    response.send(app.metrics.render() + metrics.render());
  };
}

async function addFigures(app: App, metrics: Metrics): Promise<void> {
  const figures = await readFigures(app.database.reader, app.clock.now());
  const each = (name: string, help: string, counts: Readonly<Record<string, number>>, label: string): void => {
    for (const [value, count] of Object.entries(counts)) metrics.gauge(name, help, count, { [label]: value });
  };
  each('holdfast_calls_recent', 'Calls that began in the last five minutes, by status', figures.callsByStatus, 'status');
  each('holdfast_refusals_recent', 'Calls refused in the last five minutes, by code', figures.refusalsByCode, 'code');
  each('holdfast_purge_runs', 'Purge runs on record, by state', figures.purgeRunsByState, 'state');
  const erasures = await app.retention.erasures({ states: ['planned', 'approved', 'running'], limit: 1_000 });
  each('holdfast_erasures_open', 'Erasures of subjects that are not over, by state', Object.fromEntries(['planned', 'approved', 'running'].map((state) => [state, erasures.filter((one) => one.state === state).length])), 'state');
  metrics.gauge('holdfast_erasures_waiting', 'Erasures under way that wait for something', erasures.filter((one) => one.state === 'running' && one.failure !== null).length);
  each('holdfast_evidence_packs', 'Evidence packs, by state', figures.packsByState, 'state');
  const cases = await readCaseFigures(app.database.reader, app.clock.now());
  each('holdfast_cases_open', 'Cases that have not ended, by kind', Object.fromEntries(Object.entries(cases).map(([kind, one]) => [kind, one.open])), 'kind');
  each('holdfast_cases_overdue', 'Open cases with a deadline that has passed, by kind', Object.fromEntries(Object.entries(cases).map(([kind, one]) => [kind, one.overdue])), 'kind');
  for (const [dataType, at] of Object.entries(figures.lastCertifiedByType)) metrics.gauge('holdfast_purge_last_success_timestamp_seconds', 'When the last run of the data type was certified', seconds(at), { data_type: dataType });
  metrics.gauge('holdfast_purge_failures', 'Failures of runs that are not over, added up', figures.purgeFailures);
  metrics.gauge('holdfast_holds_review_overdue', 'Holds in force whose review day is over', figures.holdsReviewOverdue);
  metrics.gauge('holdfast_approvals_pending', 'Requests that wait for a second person', figures.approvalsPending);
  metrics.gauge('holdfast_holds_in_force', 'Holds that are placed and not released', figures.holdsInForce);
  metrics.gauge('holdfast_partitions_ahead_days', 'Days after today for which every partition exists', figures.partitionsAheadDays);
  if (figures.lastCertifiedAt) metrics.gauge('holdfast_purge_last_certified_timestamp_seconds', 'When the last purge certificate was issued', seconds(figures.lastCertifiedAt));
  if (figures.lastVerification) {
    metrics.gauge('holdfast_ledger_last_verification_intact', 'Result of the last verification: intact (1) or not (0)', figures.lastVerification.intact ? 1 : 0);
    metrics.gauge('holdfast_ledger_last_verification_explained', 'Whether the last verification found nothing but losses on record (1), or something else (0)', figures.lastVerification.explained ? 1 : 0);
    metrics.gauge('holdfast_ledger_last_verification_timestamp_seconds', 'When the last verification ended', seconds(figures.lastVerification.at));
  }
}

async function addLedger(app: App, metrics: Metrics): Promise<void> {
  const status = await app.ledger.status();
  metrics.gauge('holdfast_ledger_tree_size', 'Leaves of the published log', Number(status.treeSize));
  metrics.gauge('holdfast_ledger_unsealed_batches', 'Committed batches that are not in the log yet', status.unsealedBatches);
  metrics.gauge('holdfast_ledger_sealing_lag_seconds', 'Age of the oldest unsealed batch; 0 when there is none', (status.oldestUnsealedMs ?? 0) / 1000);
  for (const { kind, at } of status.anchors) metrics.gauge('holdfast_ledger_anchor_timestamp_seconds', 'When the newest anchor outside the database was made, by kind', seconds(at), { kind });
  if (status.lastCheckpointAt) metrics.gauge('holdfast_ledger_checkpoint_timestamp_seconds', 'When the last checkpoint was signed', seconds(status.lastCheckpointAt));
}

function createOverdue(app: App): (metrics: Metrics) => Promise<void> {
  let readAt = -Infinity;
  let previews: readonly PurgePreview[] = [];
  return async (metrics) => {
    const now = performance.now();
    if (now - readAt > OVERDUE_CACHE_MS) {
      previews = await app.retention.previewPurge();
      readAt = now;
    }
    for (const { dataType, rowsDue, rowsHeld, overdueSince } of previews) {
      metrics.gauge('holdfast_retention_overdue_rows', 'Rows whose retention is over and that are still there', Number(rowsDue), { data_type: dataType });
      metrics.gauge('holdfast_retention_held_overdue_rows', 'Rows whose retention is over and that a hold keeps', Number(rowsHeld), { data_type: dataType });
      metrics.gauge('holdfast_retention_overdue_seconds', 'How long the oldest overdue row has been due; 0 when there is none', rowsDue > 0n && overdueSince ? Math.max(0, seconds(app.clock.now()) - seconds(overdueSince)) : 0, { data_type: dataType });
    }
  };
}

function seconds(at: Date): number { return Math.round(at.getTime() / 1000); }

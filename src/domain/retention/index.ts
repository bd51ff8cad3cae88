// The face of the retention slice.
import type { Clock } from '../../kernel/clock.js';
import type { DataType } from '../../kernel/data-types.js';
import { isUuid } from '../../kernel/ids.js';
import type { Refusal } from '../../kernel/result.js';
import type { KeyRing } from '../../platform/crypto/keyring.js';
import type { Act, Database, Tx } from '../../platform/db/index.js';
import type { Logger } from '../../platform/log/log.js';
import { nextRuns } from '../../platform/queue/cron.js';
import type { JobDefinition } from '../../platform/queue/queue.js';
import type { CertifiedPurge, Ledger } from '../ledger/index.js';
import { readCertifiedPurges } from './certified-purges.js';
import { createEnsureDefaultPolicies } from './ensure-default-policies.js';
import { explainRetention } from './explain-retention.js';
import { readPolicies } from './facts.view.js';
import type { Hold, PlacedHold, PlaceHoldInput, ReleasedHold } from './hold.js';
import type { ExplainInput, Explanation, Policy, PolicyInput, PublishedPolicy } from './policy.js';
import { readHolds, readHoldsFor } from './holds.view.js';
import { createPlaceHold } from './place-hold.js';
import { createPlanPurge } from './plan-purge.js';
import { createPreviewPurge } from './preview-purge.js';
import { createPublishPolicy } from './publish-policy.js';
import type { HypotheticalPolicy, PurgeCertificate, PurgePreview, PurgeRun, PurgeSchedule } from './purge.js';
import { onReader } from './query.store.js';
import { createReadCutOff } from './read-cut-off.js';
import { createReleaseHold } from './release-hold.js';
import { createRetentionJobs } from './retention.jobs.js';
import { createRunPurge } from './run-purge.js';
import { readCertificates, readRuns } from './runs.view.js';
import { readSchedule } from './schedule.store.js';
import { createSetSchedule } from './set-schedule.js';

export type { Hold, PlacedHold, PlaceHoldInput, ReleasedHold } from './hold.js';
export type { ClockStart, ExplainInput, Explanation, Policy, PolicyInput, PublishedPolicy } from './policy.js';
export { verifyCertificate, type CertificateBody } from './certificate.js';
export { LEGAL_LIMITS, type LegalLimit } from './legal-limits.js';
export { CLOCKS } from './policy.js';
export { RELEASE_DELAY } from './release-hold.js';
export type { HypotheticalPolicy, PreviewPart, PurgeCertificate, PurgeMethod, PurgePreview, PurgeRun, PurgeRunItem, PurgeSchedule, RunState } from './purge.js';

export interface Retention {
  /** Publishes a policy; refuses below a legal floor, above a ceiling, and unconfirmed shortening (`confirmation_required`). */
  publishPolicy(tx: Tx, input: PolicyInput): Promise<PublishedPolicy | Refusal>;
  /** Publishes the product's default for every data type that has no policy for all accounts; returns how many were missing. */
  ensureDefaultPolicies(tx: Tx): Promise<number>;
  /** Every version of every policy, newest first; `inForce` leaves the superseded out. */
  policies(options?: { inForce?: boolean }): Promise<Policy[]>;
  /** Which rules apply to one item, which wins, when it goes and what stops it. */
  explain(input: ExplainInput): Promise<Explanation>;
  /** Before this instant items of the type are expired and not to be shown; null when nothing expires. With an account: its own. */
  readCutOff(dataType: DataType, accountId?: string): Promise<Date | null>;

  placeHold(tx: Tx, input: PlaceHoldInput): Promise<PlacedHold | Refusal>;
  /** Ends a hold. Deletes nothing: what it covered stays protected for 30 more days. */
  releaseHold(tx: Tx, holdId: string, reason: string): Promise<ReleasedHold | Refusal>;
  /** Holds that protect the account's items now. */
  holdsFor(accountId: string, dataType?: DataType): Promise<Hold[]>;
  /** All holds, newest first, released ones too. */
  holds(): Promise<Hold[]>;

  /** What runs would remove now, by data type and partition; with a policy that is not published, what it would. */
  previewPurge(dataType?: DataType, hypothetical?: HypotheticalPolicy): Promise<PurgePreview[]>;
  /** Freezes a run. Refuses with `conflict` while another run of the data type is open. A run with nothing due ends at once. */
  planPurge(tx: Tx, dataType: DataType, trigger: string): Promise<string | Refusal>;
  /** Runs a planned run to its certificate, or on from wherever it stopped. Safe to call again at any time. */
  runPurge(runId: string): Promise<void>;
  /** Runs, newest first, with their items. */
  purgeRuns(options?: { limit?: number }): Promise<PurgeRun[]>;
  /** Runs that are planned and not over, oldest first. */
  openRuns(): Promise<PurgeRun[]>;
  purgeRun(runId: string): Promise<PurgeRun | undefined>;
  certificate(runId: string): Promise<PurgeCertificate | undefined>;
  certifiedPurges(): Promise<CertifiedPurge[]>;
  /** Expired records that are kept because a hold protects them; for `ledger.verify`. */
  heldRecords(): Promise<number>;

  schedule(): Promise<PurgeSchedule>;
  /** Changes when purges run (five-field cron in an IANA zone); the worker takes it up within a minute. */
  setSchedule(tx: Tx, schedule: PurgeSchedule): Promise<{ changed: boolean } | Refusal>;
  /** The next runs by the schedule as it stands; empty while paused. */
  upcomingRuns(count?: number): Promise<Date[]>;
  /** What the worker runs: `purge-expired` by the schedule, `run-purge` by id. */
  readonly jobs: readonly JobDefinition[];
}

export interface RetentionDeps {
  readonly clock: Clock; readonly database: Database; readonly act: Act; readonly bookkeeping: Act; readonly keys: KeyRing; readonly log: Logger;
  readonly ledger: Pick<Ledger, 'append' | 'latestCheckpoint'>;
  /** The operator's zone, for calendar arithmetic. */
  readonly timeZone: string;
}

export function createRetention(deps: RetentionDeps): Retention {
  const { clock, timeZone, ledger: { append } } = deps, query = onReader(deps.database);
  const use = { clock, append, timeZone }, previewPurge = createPreviewPurge({ query, clock, timeZone });
  const planPurge = createPlanPurge(use), runPurge = createRunPurge({ ...deps, query }), ensureDefaultPolicies = createEnsureDefaultPolicies(use);
  const find = async (runId: string): Promise<PurgeRun | undefined> => (isUuid(runId) ? (await readRuns(query, { runId }))[0] : undefined);
  return {
    publishPolicy: createPublishPolicy({ ...use, previewPurge }), ensureDefaultPolicies, policies: (options) => readPolicies(query, options),
    explain: (input) => explainRetention(query, clock, timeZone, input), readCutOff: createReadCutOff(query, clock, timeZone),
    placeHold: createPlaceHold(use), releaseHold: createReleaseHold(use), holds: () => readHolds(query),
    holdsFor: (accountId, dataType) => readHoldsFor(query, clock.now(), accountId, dataType),
    previewPurge, planPurge, runPurge, purgeRuns: (options) => readRuns(query, options ?? {}), purgeRun: find,
    openRuns: async () => (await readRuns(query, { open: true })).reverse(),
    certificate: async (runId) => (isUuid(runId) ? (await readCertificates(query, runId))[0] : undefined),
    certifiedPurges: () => readCertifiedPurges(query, deps.keys.publicKey('certificate')),
    heldRecords: async () => Number((await previewPurge()).flatMap((preview) => preview.parts).filter((part) => part.partition !== null).reduce((sum, part) => sum + part.rowsHeld, 0n)),
    schedule: () => readSchedule(query), setSchedule: createSetSchedule(use),
    upcomingRuns: async (count = 5) => {
      const { cron, timeZone: zone, paused } = await readSchedule(query);
      return paused ? [] : nextRuns(cron, zone, clock.now(), count);
    },
    jobs: createRetentionJobs({ ...deps, query, ensureDefaultPolicies, planPurge, runPurge }),
  };
}

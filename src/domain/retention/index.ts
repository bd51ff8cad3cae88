// The face of the retention slice.
import type { DataType } from '../../kernel/data-types.js';
import type { Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { Hold, PlacedHold, PlaceHoldInput, ReleasedHold } from './hold.js';
import type { ExplainInput, Explanation, Policy, PolicyInput, PublishedPolicy } from './policy.js';
import type { CertifiedPurge, HypotheticalPolicy, PurgeCertificate, PurgePreview, PurgeRun, PurgeSchedule } from './purge.js';

export type { Hold, PlacedHold, PlaceHoldInput, ReleasedHold } from './hold.js';
export type { ClockStart, ExplainInput, Explanation, Policy, PolicyInput, PublishedPolicy } from './policy.js';
export { CLOCKS } from './policy.js';
export type { CertifiedPurge, HypotheticalPolicy, PreviewPart, PurgeCertificate, PurgeMethod, PurgePreview, PurgeRun, PurgeRunItem, PurgeSchedule, RunState } from './purge.js';

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
  purgeRun(runId: string): Promise<PurgeRun | undefined>;
  certificate(runId: string): Promise<PurgeCertificate | undefined>;
  certifiedPurges(): Promise<CertifiedPurge[]>;

  schedule(): Promise<PurgeSchedule>;
  /** Changes when purges run (five-field cron in an IANA zone); the worker takes it up within a minute. */
  setSchedule(tx: Tx, schedule: PurgeSchedule): Promise<{ changed: boolean } | Refusal>;
  /** The next runs by the schedule as it stands; empty while paused. */
  upcomingRuns(count?: number): Promise<Date[]>;
}

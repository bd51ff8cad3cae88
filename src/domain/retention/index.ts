// The face of the retention slice.
import type { Clock } from '../../kernel/clock.js';
import type { DataType } from '../../kernel/data-types.js';
import { isUuid } from '../../kernel/ids.js';
import type { Period } from '../../kernel/period.js';
import type { Refusal } from '../../kernel/result.js';
import type { KeyRing } from '../../platform/crypto/keyring.js';
import type { Act, Database, Tx } from '../../platform/db/index.js';
import type { Logger } from '../../platform/log/log.js';
import { nextRuns } from '../../platform/queue/cron.js';
import type { JobDefinition } from '../../platform/queue/queue.js';
import type { CertifiedPurge, Ledger, OpenRemoval, VerifyOptions } from '../ledger/index.js';
import type { Security } from '../security/index.js';
import type { Vault } from '../vault/index.js';
import { createAlertPurges, type AlertConfig } from './alert-purges.js';
import { readCertifiedPurges } from './certified-purges.js';
import { createErasureControl, erasureApproval, type ErasureControl } from './control-erasure.js';
import { createEnsureDefaultPolicies } from './ensure-default-policies.js';
import type { Erasure } from './erase.js';
import { readErasures, type ErasureFilter } from './erase.view.js';
import { explainFrom, explainQuestions, explainRetention, findRecord, type ExplainFacts, type ExplainQuestions, type RecordFacts } from './explain-retention.js';
import { countPartitions } from './count-partitions.js';
import { createExtendHold } from './extend-hold.js';
import { readPolicies } from './facts.view.js';
import { createFinaliseDetached } from './finalise-detached.js';
import type { ExtendHoldInput, HeldRows, Hold, PlacedHold, PlaceHoldInput, ReleasedHold } from './hold.js';
import { coversItem, type HeldItem } from './hold-scope.js';
import type { ExplainInput, Explanation, Policy, PolicyInput, PublishedPolicy } from './policy.js';
import { countHeldRows, readHold, readHolds, readProtecting } from './holds.view.js';
import { createPlaceHold } from './place-hold.js';
import { createPlanErasure, createPreviewErasure, ERASE_ACTION, type PlanErasure, type PreviewErasure } from './plan-erasure.js';
import { readOpenRemovals } from './open-removals.view.js';
import { createPlanPurge, RUN_ACTION } from './plan-purge.js';
import { createPreviewPurge } from './preview-purge.js';
import { createCarryOutShortening, createPublishPolicy, SHORTEN_ACTION } from './publish-policy.js';
import type { HypotheticalPolicy, Progress, PurgeCertificate, PurgePreview, PurgeRun, PurgeSchedule } from './purge.js';
import { onReader } from './query.store.js';
import { createReadCutOffs, type ReadCutOffs } from './read-cut-off.js';
import { createRecordDispute, type DisputeInput } from './record-dispute.js';
import { createCarryOutRelease, createReleaseHold, RELEASE_ACTION } from './release-hold.js';
import { createRestrictedReads, type RestrictedReads } from './restricted-reads.js';
import { createReplay, type Replay } from './replay-purges.js';
import { createRetentionJobs } from './retention.jobs.js';
import { createRunControl, runApproval, type RunControl } from './control-run.js';
import { createRunErasure, settleRestrictions } from './run-erasure.js';
import { createRunPurge } from './run-purge.js';
import { goesOnByItself, progressOf } from './run-rules.js';
import { readCertificates, readErasureRuns, readRuns } from './runs.view.js';
import { readSchedule } from './schedule.store.js';
import { createSetSchedule } from './set-schedule.js';
import { createSimulatePolicy, type SimulatePolicy } from './simulate-policy.view.js';
import { readWaiting, type Waiting } from './waiting.view.js';
import { createBringIntoForce, createWithdrawPolicy } from './withdraw-policy.js';

export { ERASURE_GROUNDS, ERASURE_STATES, type EraseCount, type EraseInput, type Erasure, type ErasureGround, type ErasureState, type PlannedErasure, type RestrictedType, type Restriction } from './erase.js';
export { describeCounts } from './erase-rules.js';
export type { ExplainFacts, RecordFacts } from './explain-retention.js';
export type { ExtendHoldInput, HeldRows, Hold, PlacedHold, PlaceHoldInput, ReleasedHold } from './hold.js';
export { coversItem, type HeldItem } from './hold-scope.js';
export type { ClockStart, ConsideredRule, ExplainInput, Explanation, Policy, PolicyInput, PublishedPolicy } from './policy.js';
export type { DayCount, Side, Simulation } from './simulation.js';
export type { ReplayedEntry, ReplayReport } from './replay-purges.js';
export type { Waiting } from './waiting.view.js';
export { isUncertified, progressOf } from './run-rules.js';
export { CERTIFICATE_KIND, verifyCertificate, type CertificateBody } from './certificate.js';
export { LEGAL_LIMITS, type LegalLimit } from './legal-limits.js';
export { PRESETS, type Preset } from './presets.js';
export { CLOCKS, POLICY_STATES } from './policy.js';
export { scopeOf } from './policy-scope.js';
export { RELEASE_DELAY } from './release-hold.js';
export { RUN_STATES } from './purge.js';
export type { HypotheticalPolicy, PreviewPart, Progress, PurgeCertificate, PurgeMethod, PurgePreview, PurgeRun, PurgeRunItem, PurgeSchedule, RunState } from './purge.js';

export interface Retention extends ReadCutOffs, Replay, RunControl, RestrictedReads, ErasureControl {
  /** Publishes a policy, or asks a second person to; refuses below a legal floor, above a ceiling, and unconfirmed shortening (`confirmation_required`). */
  publishPolicy(tx: Tx, input: PolicyInput): Promise<PublishedPolicy | Refusal>;
  /** Ends what is scheduled and not in force yet. */
  withdrawPolicy(tx: Tx, policyId: string, reason: string): Promise<{ withdrawn: true } | Refusal>;
  /** What a policy would delete, beside what is due today, day by day. */
  readonly simulate: SimulatePolicy;
  /** What no policy lets go before its event has happened, and since when it waits. */
  waiting(): Promise<Waiting[]>;
  /** Opens or closes a dispute: the event of the clock dispute-closed. */
  recordDispute(tx: Tx, input: DisputeInput): Promise<{ changed: boolean } | Refusal>;
  /** Publishes the product's default for every data type that has no policy for all accounts; returns how many were missing. */
  ensureDefaultPolicies(tx: Tx): Promise<number>;
  /** Every version of every policy, newest first; `inForce` only those that govern now. */
  policies(options?: { inForce?: boolean }): Promise<Policy[]>;
  /** Which rules apply to one item, which wins, when it goes and what stops it. */
  explain(input: ExplainInput): Promise<Explanation>;
  /** What decides about an account's items, as questions for who asks more in the same round trip; and the explanation from the answers. */
  explainQuestions(accountId: string | null): ExplainQuestions;
  explainFrom(facts: ExplainFacts, input: ExplainInput): Explanation;
  /** A record by its id, for `explain`; undefined when none is on record. */
  findRecord(dataType: DataType, id: string): Promise<RecordFacts | undefined>;

  placeHold(tx: Tx, input: PlaceHoldInput): Promise<PlacedHold | Refusal>;
  /** Widens a hold; it is never narrowed. */
  extendHold(tx: Tx, holdId: string, input: ExtendHoldInput): Promise<PlacedHold | Refusal>;
  /** Asks a second person to end a hold. Deletes nothing: what it covered stays protected for 30 more days. */
  releaseHold(tx: Tx, holdId: string, reason: string): Promise<ReleasedHold | Refusal>;
  /** Holds that protect this item, or what derives from it, now. */
  holdsOn(item: HeldItem, dataType?: DataType): Promise<Hold[]>;
  /** Exactly how many rows on record a hold covers; undefined when there is no such hold. */
  heldRows(holdId: string): Promise<HeldRows[] | undefined>;
  /** Holds that name the account and protect now. */
  holdsFor(accountId: string, dataType?: DataType): Promise<Hold[]>;
  /** All holds, newest first, released ones too. */
  holds(): Promise<Hold[]>;

  /** What runs would remove now, by data type and partition; with a policy that is not published, what it would. */
  previewPurge(dataType?: DataType, hypothetical?: HypotheticalPolicy): Promise<PurgePreview[]>;
  /** Freezes a run. Refuses with `conflict` while another run of the data type is open. A run with nothing due ends at once. */
  planPurge(tx: Tx, dataType: DataType, trigger: string): Promise<string | Refusal>;
  /** Runs a planned run to its certificate, or on from wherever it stopped. Safe to call again at any time. */
  runPurge(runId: string): Promise<void>;
  /** What an erasure of one subject would take and what it would have to leave, restricted. Changes nothing. */
  readonly previewErasure: PreviewErasure;
  /** Restricts the subject's data at once and freezes what is to be erased once a second person has approved. */
  readonly planErasure: PlanErasure;
  /** Carries out an approved erasure to its certificates, or on from wherever it stopped. Safe to call again at any time. */
  runErasure(erasureId: string): Promise<void>;
  erasures(filter?: ErasureFilter): Promise<Erasure[]>;
  /** The purge runs of an erasure, oldest first. */
  erasureRuns(erasureId: string): Promise<PurgeRun[]>;
  /** Ends restrictions of which nothing is left; answers how many. */
  settleRestrictions(): Promise<number>;
  /** Runs, newest first, with their items. */
  purgeRuns(options?: { limit?: number }): Promise<PurgeRun[]>;
  /** Open runs the worker may take on by itself now, oldest first: none that waits for a person or for its back-off. */
  runsToGoOn(): Promise<PurgeRun[]>;
  /** How far a run is. */
  progress(run: PurgeRun): Progress;
  /** Runs that are not over, oldest first. */
  openRuns(): Promise<PurgeRun[]>;
  purgeRun(runId: string): Promise<PurgeRun | undefined>;
  certificate(runId: string): Promise<PurgeCertificate | undefined>;
  certifiedPurges(): Promise<CertifiedPurge[]>;
  /** What runs that are not certified yet have removed. */
  openRemovals(): Promise<OpenRemoval[]>;
  /** All that explains why records are not there, for `ledger.verify`. */
  removals(): VerifyOptions & { openRemovals(): Promise<OpenRemoval[]>; heldRecords(): Promise<number> };
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
  readonly ledger: Pick<Ledger, 'append' | 'latestCheckpoint' | 'removals' | 'resumeLog'>;
  readonly vault: Pick<Vault, 'shredContent' | 'replayKeys'>;
  readonly security: Pick<Security, 'requestApproval' | 'onApproval' | 'withdrawApproval' | 'approvals' | 'operators'>;
  /** Where alerts are mailed through; without it they stand on the ledger, in the log and in the console. */
  readonly config?: AlertConfig;
  /** Between the approval of a shortening and its effect; seven days unless given. */
  readonly grace?: Period;
  /** Name and version of the program, for certificates. */
  readonly program?: string;
  /** How long a run looks for the end of a transaction that is in its way, ms; a minute unless given. */
  readonly patienceMs?: number;
  /** The operator's zone, for calendar arithmetic. */
  readonly timeZone: string;
}

export function createRetention(deps: RetentionDeps): Retention {
  const { clock, timeZone, ledger: { append }, security, grace = 'P7D' } = deps, query = onReader(deps.database), { requestApproval } = security;
  const use = { clock, append, timeZone, requestApproval }, previewPurge = createPreviewPurge({ query, clock, timeZone });
  const planPurge = createPlanPurge(use), runPurge = createRunPurge({ ...deps, query, program: deps.program ?? 'Holdfast' }), ensureDefaultPolicies = createEnsureDefaultPolicies(use);
  const publishing = { ...use, previewPurge, grace };
  security.onApproval(SHORTEN_ACTION, { approved: createCarryOutShortening(publishing) });
  security.onApproval(RELEASE_ACTION, { approved: createCarryOutRelease(use) });
  security.onApproval(RUN_ACTION, runApproval(use));
  security.onApproval(ERASE_ACTION, erasureApproval(use));
  const cutOffs = createReadCutOffs(query, clock, timeZone), restricted = createRestrictedReads(query, clock), runErasure = createRunErasure({ ...deps, query, program: deps.program ?? 'Holdfast', runPurge });
  const find = async (runId: string): Promise<PurgeRun | undefined> => (isUuid(runId) ? (await readRuns(query, { runId }))[0] : undefined);
  const certifiedPurges = (): Promise<CertifiedPurge[]> => readCertifiedPurges(query, deps.keys.publicKey('certificate')), openRemovals = (): Promise<OpenRemoval[]> => readOpenRemovals(query);
  const heldRecords = async (): Promise<number> => Number((await previewPurge()).flatMap((preview) => preview.parts).filter((part) => part.partition !== null).reduce((sum, part) => sum + part.rowsHeld, 0n));
  return {
    publishPolicy: createPublishPolicy(publishing), withdrawPolicy: createWithdrawPolicy(use), simulate: createSimulatePolicy({ query, clock, timeZone }), waiting: () => readWaiting(query, clock.now(), timeZone),
    recordDispute: createRecordDispute(use), ensureDefaultPolicies, policies: (options) => readPolicies(query, options?.inForce ? { at: clock.now() } : {}),
    explain: (input) => explainRetention(query, clock, timeZone, input), explainQuestions: (accountId) => explainQuestions(accountId, clock.now()), explainFrom: (facts, input) => explainFrom(facts, timeZone, input), findRecord: (dataType, id) => findRecord(query, dataType, id, timeZone), ...cutOffs, ...restricted,
    shownSql: async (table, alias, add) => { const parts = [await cutOffs.shownSql(table, alias, add), await restricted.unrestrictedSql(table, alias, add)].filter((part) => part !== undefined); return parts.length === 0 ? undefined : parts.join(' AND '); },
    previewErasure: createPreviewErasure({ query, clock, timeZone }), planErasure: createPlanErasure(use), runErasure, erasures: (filter) => readErasures(query, filter), erasureRuns: (erasureId) => readErasureRuns(query, erasureId),
    settleRestrictions: () => settleRestrictions({ ...deps, query }), ...createErasureControl({ ...use, security }),
    placeHold: createPlaceHold(use), extendHold: createExtendHold(use), releaseHold: createReleaseHold(use), holds: () => readHolds(query),
    holdsOn: async (item, dataType) => (await readProtecting(query, dataType ?? null, clock.now())).filter((hold) => coversItem(hold, item)),
    heldRows: async (holdId) => { const hold = isUuid(holdId) ? await readHold(query, holdId) : undefined; return hold && countHeldRows(query, hold); },
    holdsFor: async (accountId, dataType) => (await readProtecting(query, dataType ?? null, clock.now())).filter((hold) => hold.accountId === accountId),
    previewPurge, planPurge, runPurge, purgeRuns: (options) => readRuns(query, options ?? {}), purgeRun: find,
    ...createRunControl({ ...use, security }), progress: (run) => progressOf(run, clock.now()),
    runsToGoOn: async () => (await readRuns(query, { open: true })).reverse().filter((run) => goesOnByItself(run, clock.now())),
    openRuns: async () => (await readRuns(query, { open: true })).reverse(),
    certificate: async (runId) => (isUuid(runId) ? (await readCertificates(query, runId))[0] : undefined),
    certifiedPurges,
    openRemovals, heldRecords, removals: () => ({ certifiedPurges, openRemovals, heldRecords }), ...createReplay(deps),
    schedule: () => readSchedule(query), setSchedule: createSetSchedule(use),
    upcomingRuns: async (count = 5) => {
      const { cron, timeZone: zone, paused } = await readSchedule(query);
      return paused ? [] : nextRuns(cron, zone, clock.now(), count);
    },
    jobs: createRetentionJobs({ ...deps, query, runErasure, settleRestrictions: () => settleRestrictions({ ...deps, query }), ensureDefaultPolicies, planPurge, runPurge, bringIntoForce: createBringIntoForce(use), countPartitions: () => countPartitions({ ...deps, query }), alertPurges: createAlertPurges({ ...deps, append, query, previewPurge, config: deps.config }), finaliseDetached: createFinaliseDetached({ ...deps, query, append }) }),
  };
}

// A running gateway process: its epoch, its registry snapshot, its recorder, and the calls it carries.
import { systemActor } from '../../kernel/actor.js';
import { coerceError } from '../../kernel/errors.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import { createWarnLimit, readSpent } from '../billing/index.js';
import { createRecordSecurityEvent } from '../security/index.js';
import { createUpstream } from '../../platform/upstream/upstream.js';
import { adoptJournals } from './adopt-journals.js';
import type { CallEngine } from './call-engine.js';
import { createCircuits } from './circuits.js';
import { claimAnswer } from './count-once.store.js';
import type { Client } from './client.js';
import { keepDay } from './day-keeper.js';
import { followRegistry } from './follow-registry.js';
import { handleCall } from './handle-call.js';
import type { GatewayDeps } from './index.js';
import { keepEpochs } from './keep-epochs.js';
import { createLimitKeeper } from './keep-limits.js';
import { findKept } from './kept.view.js';
import { createRateLimiter } from './limit-rate.js';
import { modelBody, modelsBody, modelsDialectOf, modelsFor } from './list-models.js';
import { createNoticeLimit } from './notice-limit.js';
import { createUnknownCallers } from './note-unknown-callers.js';
import { CALLER_REGION_HEADER, identify, refusalOfCaller, type Caller, type CallRequest } from './open-call.js';
import { createRecordGate } from './record-gate.js';
import { createPutOnRecord } from './replay-records.js';
import { openEpoch, type Epoch } from './run-epoch.js';
import { openShared, type SharedCounters } from './shared-counters.js';
import { createSharedRate } from './share-rate.js';
import { readInstallation } from './registry.view.js';
import { openSpool } from './spool.js';
import { sampleRecords } from './warm-up.js';

export interface Readiness { readonly ready: boolean; readonly problems: readonly string[]; readonly spooling?: { readonly since: string; readonly writes: number; readonly bytes: number } }

export interface OpenGateway {
  readonly epochId: string;
  /** Carries one call to its end. Rejects only when the client left before its body was there. */
  handle(request: CallRequest, client: Client): Promise<void>;
  /** The body of GET /v1/models, or of one model, in the client's dialect; nothing leaves and nothing is recorded. */
  models(request: Pick<CallRequest, 'headers' | 'search'>, id?: string): unknown;
  /** Whose credential the headers carry, or why it is none. */
  callerOf(headers: CallRequest['headers']): Caller | Refusal;
  /** Whether calls would be carried now; what is missing otherwise; and since when records go to the journal. */
  ready(): Readiness;
  /** Calls being carried. */
  readonly openCalls: number;
  /** Registry version in force here. */
  readonly registryVersion: bigint;
  /** Records waiting or in flight. */
  readonly recordsWaiting: number;
  /** Routes whose circuit is not closed. */
  readonly openCircuits: number;
  /** Whether limits are counted by this process alone, Redis being away. */
  readonly limitsDegraded: boolean;
  /** Writes that wait in the journal. */
  readonly spooledWrites: number;
  /** Resolves when no call is open, or after `ms`; true when none is. */
  drain(ms: number): Promise<boolean>;
  /** Begins a new epoch; the one before ends on record once its calls are over. */
  renewEpoch(): Promise<void>;
  /** Breaks off what providers are still answering: on record as cut, and cut or refused for the client, never a clean early end. */
  interrupt(): void;
  /** Writes what is left and closes the epoch. */
  close(): Promise<void>;
}

/** How long a stop waits for records that could not be written so far, and for the close of the epoch, ms. */
const LAST_RECORDS_MS = 5_000, CLOSE_MS = 10_000;

/** Opens an epoch and starts following the registry. Rejects when the database is away. */
export async function openGateway(deps: GatewayDeps): Promise<OpenGateway> {
  const { clock, config, database, keys, ledger, log, metrics } = deps;
  const follower = await followRegistry({ pool: database.reader, url: database.url, keys, log });
  const begin = (): Promise<Epoch> => openEpoch({ clock, act: deps.act, bookkeeping: deps.bookkeeping, append: ledger.append, log, spools: config.spoolMs > 0 });
  const epoch = await begin().catch(async (error: unknown) => { await follower.close(); throw error; });
  try { await adoptJournals({ home: config.home, database, bookkeeping: deps.bookkeeping, ledger, log }, epoch.epochId); } catch (error) {
    await Promise.all([follower.close(), epoch.close().catch(() => undefined)]);
    throw error;
  }
  await ledger.warmRecorder(() => sampleRecords(clock)).catch((error: unknown) => { log.warn('the recorder could not be warmed; the first calls will wait a little longer', { error: coerceError(error).message }); });
  const upstream = createUpstream({ silenceMs: config.upstreamTimeoutMs });
  const { epochId } = epoch;
  const spool = config.spoolMs > 0 ? await openSpool({ home: config.home, epochId, clock, spoolMs: config.spoolMs, spoolBytes: config.spoolBytes, putOnRecord: createPutOnRecord(ledger, epochId, false) }) : undefined;
  const gate = createRecordGate({ recorder: ledger.createRecorder(`gateway:${epochId}`), clock, log, epochId, spool });
  // A journal belongs to one epoch, so with one there is one epoch to a process.
  const epochs = keepEpochs({ first: epoch, begin, clock, log, url: spool ? undefined : database.url, owing: () => gate.owing });
  const dayOf = keepDay(config.timeZone), unknownCallers = createUnknownCallers(clock);
  const circuits = createCircuits({ failures: config.circuitFailures, openMs: config.circuitOpenMs, log, metrics });
  const open = config.redisUrl === undefined ? undefined : openShared(config.redisUrl, await readInstallation(database.reader), log);
  let opened: SharedCounters | undefined;
  const shared = open && ((): SharedCounters => opened ??= open());
  const limits = createLimitKeeper({ readSpent: (question, since) => readSpent(database.reader, question, since), clock, log, timeZone: config.timeZone, shared,
    notice: createNoticeLimit({ log, warn: createWarnLimit({ clock, bookkeeping: deps.bookkeeping, recordEvent: createRecordSecurityEvent({ clock, recorder: gate }) }) }) });
  const engine: CallEngine = { limits, clock, log, metrics, upstream, gate, epoch: epochs, limiter: createSharedRate(createRateLimiter(), shared), unknownCallers, circuits, registry: () => follower.current(), dayOf, keepContent: deps.vault.keepContent, findKept: (id) => findKept(database.reader, id),
    countAnswer: (answerId, requestId) => deps.bookkeeping(systemActor('gateway'), (tx) => claimAnswer(tx, { answerId, requestId, epochId: epochs.epochId, at: clock.now() })),
    stallMs: config.upstreamTimeoutMs, running: new Set(), failoverMs: config.failoverMs };
  let openCalls = 0, whenIdle: (() => void) | undefined;

  return {
    get epochId() { return epochs.epochId; },
    handle: async (request, client) => {
      openCalls += 1;
      const leave = epochs.enter();
      try { await handleCall(engine, request, client); } finally {
        openCalls -= 1;
        leave();
        if (openCalls === 0) whenIdle?.();
      }
    },
    callerOf: (headers) => {
      const caller = identify(follower.current(), headers), refusal = refusalOfCaller(caller);
      return refusal ?? caller!;
    },
    models: (request, id) => listModels(engine, request, id),
    ready: () => {
      const { spooling } = gate;
      const problems = [...(follower.reachable || (spooling && gate.open) ? [] : ['the registry cannot be read']), ...(gate.open ? [] : ['records cannot be written'])];
      return { ready: problems.length === 0, problems, ...(spooling ? { spooling: { ...spooling, since: spooling.since.toISOString() } } : {}) };
    },
    get openCalls() { return openCalls; },
    get registryVersion() { return follower.current().version; },
    get recordsWaiting() { return gate.depth; },
    get openCircuits() { return circuits.open; },
    get limitsDegraded() { return opened?.degraded ?? false; },
    get spooledWrites() { return spool?.waiting ?? 0; },
    drain: (ms) => new Promise((resolve) => {
      if (openCalls === 0) { resolve(true); return; }
      const timer = setTimeout(() => { resolve(false); }, ms);
      whenIdle = () => { clearTimeout(timer); resolve(true); };
    }),
    renewEpoch: () => epochs.renew(),
    interrupt: () => { for (const one of engine.running) one.interrupt(); },
    close: async () => {
      await follower.close();
      await epochs.stop();
      const unknown = unknownCallers.rest();
      if (unknown.length > 0) await gate.write(unknown).catch(() => undefined);
      await gate.drain(LAST_RECORDS_MS);
      await limits.close();
      await opened?.close();
      const complete = gate.depth === 0;
      await upstream.close();
      // Closed on record only if every number has its row; else the sweep ends it as lost, after what waits has been put on record.
      if (!complete) log.error('the epoch stays open: records of it could not be written', { epoch_id: epochId });
      const closed = complete && await within(CLOSE_MS, closeAll(epochs.open)).then(() => true, (error: unknown) => {
        log.warn('the epoch could not be closed on record; it will count as lost', { epoch_id: epochId, error: coerceError(error).message });
        return false;
      });
      await gate.stop(!closed);
    },
  };
}

function listModels(engine: CallEngine, { headers, search }: Pick<CallRequest, 'headers' | 'search'>, id?: string): unknown {
  const registry = engine.registry(), caller = identify(registry, headers);
  const refusal: Refusal | undefined = refusalOfCaller(caller);
  if (refusal || !caller) return refusal;
  const region = headers[CALLER_REGION_HEADER], dialect = modelsDialectOf(search, headers);
  const ids = modelsFor(engine, registry, caller, typeof region === 'string' ? region.toUpperCase() : null, engine.clock.now());
  if (id === undefined) return modelsBody(dialect, ids, search);
  const entry = registry.findModel(id);
  return entry && ids.includes(entry.modelId) ? modelBody(dialect, id) : refuse('model_unknown', 'No route serves this model. GET /v1/models lists what this gateway serves.');
}

async function closeAll(epochs: readonly Epoch[]): Promise<void> { for (const epoch of epochs) await epoch.close(); }

/** The result of `work`, or a rejection after `ms`: a server that hangs must not keep a process that wants to end. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => { reject(new Error('no answer in time')); }, ms); });
  try { return await Promise.race([work, late]); } finally { clearTimeout(timer); }
}

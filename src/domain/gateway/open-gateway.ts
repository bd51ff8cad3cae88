// A running gateway process: its epoch, its registry snapshot, its recorder, and the calls it carries.
import { coerceError } from '../../kernel/errors.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import { createUpstream } from '../../platform/upstream/upstream.js';
import type { CallEngine } from './call-engine.js';
import { createCircuits } from './circuits.js';
import type { Client } from './client.js';
import { keepDay } from './day-keeper.js';
import { followRegistry } from './follow-registry.js';
import { handleCall } from './handle-call.js';
import type { GatewayDeps } from './index.js';
import { createRateLimiter } from './limit-rate.js';
import { modelBody, modelsBody, modelsDialectOf, modelsFor } from './list-models.js';
import { createUnknownCallers } from './note-unknown-callers.js';
import { CALLER_REGION_HEADER, identify, refusalOfCaller, type CallRequest } from './open-call.js';
import { createRecordGate } from './record-gate.js';
import { openEpoch } from './run-epoch.js';

export interface OpenGateway {
  readonly epochId: string;
  /** Carries one call to its end. Rejects only when the client left before its body was there. */
  handle(request: CallRequest, client: Client): Promise<void>;
  /** The body of GET /v1/models, or of one model, in the client's dialect; nothing leaves and nothing is recorded. */
  models(request: Pick<CallRequest, 'headers' | 'search'>, id?: string): unknown;
  /** Whether calls would be carried now; what is missing otherwise. */
  ready(): { ready: boolean; problems: string[] };
  /** Calls being carried. */
  readonly openCalls: number;
  /** Registry version in force here. */
  readonly registryVersion: bigint;
  /** Records waiting or in flight. */
  readonly recordsWaiting: number;
  /** Routes whose circuit is not closed. */
  readonly openCircuits: number;
  /** Resolves when no call is open, or after `ms`; true when none is. */
  drain(ms: number): Promise<boolean>;
  /** Writes what is left and closes the epoch. */
  close(): Promise<void>;
}

/** Opens an epoch and starts following the registry. Rejects when the database is away. */
export async function openGateway(deps: GatewayDeps): Promise<OpenGateway> {
  const { clock, config, database, keys, ledger, log, metrics } = deps;
  const follower = await followRegistry({ pool: database.reader, url: database.url, keys, log });
  const epoch = await openEpoch({ clock, act: deps.act, bookkeeping: deps.bookkeeping, append: ledger.append, log })
    .catch(async (error: unknown) => { await follower.close(); throw error; });
  const upstream = createUpstream({ silenceMs: config.upstreamTimeoutMs });
  const gate = createRecordGate({ recorder: ledger.createRecorder(`gateway:${epoch.epochId}`), clock, log, epochId: epoch.epochId });
  const dayOf = keepDay(config.timeZone), unknownCallers = createUnknownCallers(clock);
  const circuits = createCircuits({ failures: config.circuitFailures, openMs: config.circuitOpenMs, log, metrics });
  const engine: CallEngine = { clock, log, metrics, upstream, gate, epoch, limiter: createRateLimiter(), unknownCallers, circuits, registry: () => follower.current(), dayOf,
    stallMs: config.upstreamTimeoutMs, failoverMs: config.failoverMs };
  let openCalls = 0, whenIdle: (() => void) | undefined;

  return {
    epochId: epoch.epochId,
    handle: async (request, client) => {
      openCalls += 1;
      try { await handleCall(engine, request, client); } finally {
        openCalls -= 1;
        if (openCalls === 0) whenIdle?.();
      }
    },
    models: (request, id) => listModels(engine, request, id),
    ready: () => {
      const problems = [...(follower.reachable ? [] : ['the registry cannot be read']), ...(gate.open ? [] : ['records cannot be written'])];
      return { ready: problems.length === 0, problems };
    },
    get openCalls() { return openCalls; },
    get registryVersion() { return follower.current().version; },
    get recordsWaiting() { return gate.depth; },
    get openCircuits() { return circuits.open; },
    drain: (ms) => new Promise((resolve) => {
      if (openCalls === 0) { resolve(true); return; }
      const timer = setTimeout(() => { resolve(false); }, ms);
      whenIdle = () => { clearTimeout(timer); resolve(true); };
    }),
    close: async () => {
      await follower.close();
      const unknown = unknownCallers.rest();
      if (unknown.length > 0) await gate.write(unknown).catch(() => undefined);
      await gate.drain();
      gate.stop();
      await upstream.close();
      await epoch.close().catch((error: unknown) => { log.warn('the epoch could not be closed on record; it will count as lost', { epoch_id: epoch.epochId, error: coerceError(error).message }); });
    },
  };
}

function listModels(engine: CallEngine, { headers, search }: Pick<CallRequest, 'headers' | 'search'>, id?: string): unknown {
  const registry = engine.registry(), caller = identify(registry, headers);
  const refusal: Refusal | undefined = refusalOfCaller(caller);
  if (refusal || !caller) return refusal;
  const region = headers[CALLER_REGION_HEADER], dialect = modelsDialectOf(search, headers);
  const ids = modelsFor(engine, registry, caller, typeof region === 'string' ? region.toUpperCase() : null, engine.clock.now());
  if (id === undefined) return modelsBody(dialect, ids);
  const entry = registry.findModel(id);
  return entry && ids.includes(entry.modelId) ? modelBody(dialect, id) : refuse('model_unknown', 'No route serves this model. GET /v1/models lists what this gateway serves.');
}

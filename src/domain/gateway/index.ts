// The face of the gateway slice: the call (admit, forward, settle), and reading what became of it.
import type { Clock } from '../../kernel/clock.js';
import type { Refusal } from '../../kernel/result.js';
import type { Config } from '../../platform/config/config.js';
import type { KeyRing } from '../../platform/crypto/keyring.js';
import type { Act, Database } from '../../platform/db/index.js';
import type { Logger } from '../../platform/log/log.js';
import type { Metrics } from '../../platform/log/metrics.js';
import type { JobDefinition } from '../../platform/queue/queue.js';
import type { Ledger } from '../ledger/index.js';
import type { Vault } from '../vault/index.js';
import type { CallFilter, CallPage, CallStory, OpenCallStory } from './call.js';
import { findCall, findStored, listCalls, type StoredStory } from './call.view.js';
import { openGateway, type OpenGateway } from './open-gateway.js';
import { findOpenCall, openStory } from './open-story.view.js';
import { HEARTBEAT_MS } from './run-epoch.js';
import { EPOCH_STALE_MS, settleOrphans } from './settle-orphans.js';
import { readUsage, type UsageQuestion, type UsageRow } from './usage.view.js';

export { USAGE_GROUPS, type UsageGroup, type UsageQuestion, type UsageRow } from './usage.view.js';
export { CALL_STATUSES, OPEN_STATES, usageOf, USAGE_SOURCES } from './call.js';
export type { CallError, Client } from './client.js';
export type { ClientHeaders } from './client-headers.js';
export { dialectOf } from './endpoints.js';
export { CALLER_REGION_HEADER, type CallRequest } from './open-call.js';
export type { StoredStory } from './call.view.js';
export type { OpenGateway } from './open-gateway.js';
export { modelsDialectOf } from './list-models.js';
export type { CallFilter, CallPage, CallRow, CallStatus, CallStory, OpenCallStory, OutcomeKind, OutcomeRow, TransferRow, UsageSource } from './call.js';

/** A gateway that lives says so every five seconds. */
const CONFIRM_MS = 2 * HEARTBEAT_MS;

export interface GatewayDeps {
  readonly config: Config; readonly clock: Clock; readonly log: Logger; readonly metrics: Metrics; readonly database: Database; readonly keys: KeyRing;
  readonly act: Act; readonly bookkeeping: Act; readonly ledger: Ledger; readonly vault: Pick<Vault, 'keepContent'>;
}

export interface Gateway {
  /** The whole story of one call, by our request_id, a transfer_id, the provider's request id or the client's (the newest that carries it). */
  findCall(anyId: string): Promise<CallStory | undefined>;
  /** A call that has left and has no row yet, by our request_id or a transfer_id. */
  findOpenCall(anyId: string): Promise<OpenCallStory | undefined>;
  /** What is on record of a call or of one under way, by any of these ids, with the records themselves to prove them from. */
  findStored(anyId: string): Promise<StoredStory | undefined>;
  /** How far a call without a row has come; undefined when no transfer of it has left. */
  openStory(found: StoredStory): Promise<OpenCallStory | undefined>;
  /** Usage and charges added up from the calls that arrived in a window, by group and currency. */
  usage(question: UsageQuestion): Promise<UsageRow[]>;
  /** One page, oldest first. Refuses a malformed limit or cursor with `invalid_request`. */
  listCalls(filter: CallFilter): Promise<CallPage | Refusal>;
  /** Closes what gateways that died left open: outcome and, where it is missing, call row with status unknown. Returns how many transfers. */
  settleOrphans(): Promise<number>;
  /** Starts carrying calls in this process. Rejects when the database is away. */
  open(): Promise<OpenGateway>;
  /** What the worker runs: `settle-orphaned-calls`, to be scheduled every minute. */
  readonly jobs: readonly JobDefinition[];
}

export function createGateway(deps: GatewayDeps): Gateway {
  const { clock, database, ledger, log } = deps;
  const settle = (confirmMs?: number): Promise<number> =>
    settleOrphans({ act: deps.act, append: ledger.append, bookkeeping: deps.bookkeeping, clock, database, log, recorder: ledger.createRecorder('settle-orphaned-calls') }, confirmMs);
  return {
    findCall: (anyId) => findCall(database.reader, anyId, clock.now()),
    findOpenCall: (anyId) => findOpenCall(database.reader, anyId, clock.now(), EPOCH_STALE_MS),
    findStored: (anyId) => findStored(database.reader, anyId, clock.now()), openStory: (found) => openStory(database.reader, found, clock.now(), EPOCH_STALE_MS),
    usage: (question) => readUsage(database.reader, question, deps.config.timeZone),
    listCalls: (filter) => listCalls(database.reader, filter),
    settleOrphans: () => settle(),
    open: () => openGateway(deps),
    jobs: [{ name: 'settle-orphaned-calls', run: async () => { await settle(CONFIRM_MS); } }],
  };
}

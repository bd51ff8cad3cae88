// What a running gateway process holds while it carries calls.
import type { Clock } from '../../kernel/clock.js';
import type { Logger } from '../../platform/log/log.js';
import type { Metrics } from '../../platform/log/metrics.js';
import type { Upstream } from '../../platform/upstream/upstream.js';
import type { KeepContent } from '../vault/index.js';
import type { Kept } from './kept.view.js';
import type { CountAnswer } from './count-once.js';
import type { Circuits } from './circuits.js';
import type { Registry } from './registry.js';
import type { LimitKeeper } from './keep-limits.js';
import type { SharedRate } from './share-rate.js';
import type { UnknownCallers } from './note-unknown-callers.js';
import type { RecordGate } from './record-gate.js';
import type { Epoch } from './run-epoch.js';

export interface CallEngine {
  readonly clock: Clock; readonly log: Logger; readonly metrics: Metrics; readonly upstream: Upstream;
  readonly gate: RecordGate; readonly epoch: Pick<Epoch, 'epochId' | 'next'>; readonly limiter: SharedRate; readonly limits: LimitKeeper; readonly unknownCallers: UnknownCallers; readonly circuits: Circuits;
  /** The registry as of now. */
  registry(): Registry;
  /** Calendar day in the operator's zone. */
  dayOf(at: Date): string;
  readonly keepContent: KeepContent;
  readonly countAnswer: CountAnswer;
  /** Whose a thing is that a provider keeps. */
  findKept(id: string): Promise<Kept | undefined>;
  readonly stallMs: number;
  /** Attempts under way. */
  readonly running: Set<{ interrupt(): void }>;
  /** How long after its arrival a call may be handed to another route, ms. */
  readonly failoverMs: number;
}

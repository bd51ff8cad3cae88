// Printing and verifying in a thread of their own: whatever a pack holds, the event loop of worker and console stays free.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { HoldfastError } from '../../kernel/errors.js';
import type { PackReport } from './pack-report.js';
import { installationFolder } from './template.js';
import type { BytesReport, VerifyBytesOptions } from './verify-bytes.js';
import type { VerifyPackOptions } from './verify-pack.js';

/** What the thread is asked to do; bytes are handed over, not copied. */
export type ThreadTask =
  | { readonly task: 'render'; readonly json: readonly Uint8Array[]; readonly path: string; readonly verifierPath: string | undefined }
  | { readonly task: 'verify'; readonly bytes: Uint8Array; readonly options: VerifyBytesOptions }
  | { readonly task: 'verify-file'; readonly path: string; readonly options: VerifyPackOptions };
export type ThreadAnswer = { readonly pages: number } | { readonly done: number } | { readonly report: PackReport } | { readonly judged: BytesReport } | { readonly failed: string };

export interface ThreadOptions {
  /** Told how many pages are printed. */
  readonly onPage?: (pages: number) => void;
  /** Ends the thread at once. */
  readonly signal?: AbortSignal;
  /** Milliseconds after which the thread is ended; 15 minutes where not said. */
  readonly patience?: number;
}

/** Longer than anything we make takes; what is still running then is an attack or a bug. */
const PATIENCE_MS = 15 * 60_000;
/** Heap of a thread in MB: a volume of 10,000 records needs 60. A small nursery costs no time here and a hundred megabytes less. */
const HEAP_MB = 384, NURSERY_MB = 12;

/** The compiled thread; from sources (tests) as from the program. */
function threadFile(): string { return join(installationFolder(), 'dist', 'src', 'domain', 'evidence', 'pack-thread-main.js'); }

/** Where the single-file verifier was built; undefined when this program has none. */
export function verifierFile(): string | undefined {
  const path = join(installationFolder(), 'dist', 'verify.mjs');
  return existsSync(path) ? path : undefined;
}

/** Prints the unsigned pack of these pieces of pack.json, which are handed over, to `path`; answers its pages. Throws Error with the reason, `conflict` when the signal fired. */
export async function renderInThread(json: readonly Uint8Array<ArrayBuffer>[], path: string, options: ThreadOptions = {}): Promise<number> {
  const answer = await run({ task: 'render', json, path, verifierPath: verifierFile() }, json.map((piece) => piece.buffer), options);
  if ('done' in answer) return answer.done;
  throw new Error('failed' in answer ? answer.failed : 'the thread answered something else');
}

/** `verifyPack` of a file. */
export async function verifyInThread(path: string, verify: VerifyPackOptions = {}, options: ThreadOptions = {}): Promise<PackReport> {
  const answer = await run({ task: 'verify-file', path, options: verify }, [], options);
  if ('report' in answer) return answer.report;
  throw new Error('failed' in answer ? answer.failed : 'the thread answered something else');
}

/** `verifyBytes` of a copy of the bytes. Throws what ends the thread: ERR_WORKER_OUT_OF_MEMORY, or Error when its time is up. */
export async function verifyBytesInThread(what: Uint8Array, verify: VerifyBytesOptions, options: ThreadOptions = {}): Promise<BytesReport> {
  // A buffer may be a window of a larger one that is not ours to give away.
  const bytes = new Uint8Array(what), answer = await run({ task: 'verify', bytes, options: verify }, [bytes.buffer], options);
  if ('judged' in answer) return answer.judged;
  throw new Error('failed' in answer ? answer.failed : 'the thread answered something else');
}

/** A thread that waits for its next task; the programs it loads and the fonts it opened cost half a second of CPU. */
let idle: { readonly worker: Worker; readonly timer: NodeJS.Timeout } | undefined;
const IDLE_MS = 30_000;
/** After a task of this size the thread ends instead of waiting: its heap has grown. */
const LARGE = 2_000_000;

/** By name: a worker has listeners of its own that keep its port open. */
function dropListeners(worker: Worker): void { for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event); }

function takeWorker(): Worker {
  if (!idle) return new Worker(threadFile(), { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: NURSERY_MB }, env: {}, execArgv: [], stdin: false });
  const { worker, timer } = idle;
  idle = undefined;
  clearTimeout(timer);
  dropListeners(worker);
  worker.ref();
  return worker;
}

function keepWorker(worker: Worker): void {
  if (idle) { void worker.terminate(); return; }
  dropListeners(worker);
  // Neither it nor its timer keeps a process alive that has nothing else to do.
  worker.unref();
  const forget = (): void => { if (idle?.worker === worker) { clearTimeout(idle.timer); idle = undefined; } };
  worker.on('exit', forget);
  worker.on('error', forget);
  idle = { worker, timer: setTimeout(() => { forget(); void worker.terminate(); }, IDLE_MS).unref() };
}

function run(task: ThreadTask, transfer: ArrayBuffer[], { onPage, signal, patience = PATIENCE_MS }: ThreadOptions): Promise<ThreadAnswer> {
  const large = transfer.reduce((sum, one) => sum + one.byteLength, 0) > LARGE;
  return new Promise((resolve, reject) => {
    const cancelled = (): HoldfastError => new HoldfastError('conflict', 'cancelled');
    if (signal?.aborted) { reject(cancelled()); return; }
    const worker = takeWorker();
    let ended = false;
    const end = (then: () => void, keep = false): void => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      if (keep) { keepWorker(worker); then(); } else void worker.terminate().then(then, then);
    };
    const timer = setTimeout(() => { end(() => { reject(new Error(`it took longer than ${patience / 60_000} minutes`)); }); }, patience);
    const stop = (): void => { end(() => { reject(cancelled()); }); };
    signal?.addEventListener('abort', stop);
    worker.on('message', (answer: ThreadAnswer) => { if ('pages' in answer) onPage?.(answer.pages); else end(() => { resolve(answer); }, !large); });
    worker.on('error', (error) => { end(() => { reject(error); }); });
    worker.on('exit', (code) => { end(() => { reject(new Error(`the thread ended with code ${code}`)); }); });
    worker.postMessage(task, transfer);
  });
}

// The thread's side of pack-thread.ts: one task, one answer, and then perhaps the next.
import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { coerceError } from '../../kernel/errors.js';
import { parsePieces } from './pack-json.js';
import type { ThreadAnswer, ThreadTask } from './pack-thread.js';
import { verifyBytes } from './verify-bytes.js';
import { verifyPack } from './verify-pack.js';

/** Pages between two messages about progress. */
const EVERY = 10;

async function perform(task: ThreadTask): Promise<ThreadAnswer> {
  if (task.task === 'verify') return { judged: await verifyBytes(Buffer.from(task.bytes.buffer), task.options) };
  if (task.task === 'verify-file') return { report: await verifyPack(readFileSync(task.path), task.options) };
  // Loaded when something is printed: fonts and their programs are 30 MB that a check of a large pack can do without.
  const { renderPack } = await import('./render-pack.js');
  // Our own pack.json of a moment ago: canonical, and parsed by its schema where it was made.
  const done = await renderPack(parsePieces(task.json), task.path, {
    json: task.json.map((piece) => Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)),
    ...(task.verifierPath === undefined ? {} : { verifier: readFileSync(task.verifierPath) }),
    onPage: (pages) => { if (pages % EVERY === 0) parentPort!.postMessage({ pages } satisfies ThreadAnswer); },
  });
  return { done };
}

parentPort!.on('message', (task: ThreadTask) => {
  void perform(task).catch((error: unknown): ThreadAnswer => ({ failed: coerceError(error).message })).then((answer) => { parentPort!.postMessage(answer); });
});

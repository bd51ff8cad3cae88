// Makes the files of a requested pack: frozen query, pages, seal, time stamp, a check of our own, then the row. Safe to run again at any
// point: finished volumes are taken over as long as the query still finds what is in them.
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { systemActor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { coerceError, HoldfastError } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { refuse } from '../../kernel/result.js';
import type { Act } from '../../platform/db/index.js';
import type { Timestamper } from '../../platform/timestamp/timestamp.js';
import type { AppendRecord } from '../ledger/index.js';
import { collectPack, type CollectDeps, type PackFacts } from './collect-pack.js';
import { freezeQuery, idsDigest, type Frozen } from './freeze-query.js';
import type { PackDocument } from './pack-document.js';
import { draftPath, removeLostDrafts } from './pack-drafts.js';
import { packPath, volumeName } from './pack-files.js';
import type { PackProgress, PackRow } from './pack.js';
import { freeze, lockPack, markCancelled, markReady, noteFailure, noteProgress, putFile, type FileRow } from './pack.store.js';
import { renderInThread, verifyInThread } from './pack-thread.js';
import { sealFile } from './pdf/seal-file.js';
import { loadTemplate } from './template.js';

export interface AssembleDeps extends CollectDeps {
  readonly clock: Clock; readonly act: Act; readonly bookkeeping: Act; readonly append: AppendRecord; readonly home: string;
  readonly findPack: (packId: Uuid) => Promise<PackRow | undefined>;
  readonly findFiles: (packId: Uuid) => Promise<FileRow[]>;
  /** Stamps the seal; undefined where no authority is configured. */
  readonly stamp: Timestamper | undefined;
}

const ACTOR = systemActor('assemble-pack');
/** How long one attempt waits for the sealer; a checkpoint follows a commit within about a second. */
const SEALER_WAIT_MS = 5_000;
/** Between two writes of progress. */
const PROGRESS_MS = 500;

/** Another attempt came first, or the pack is no longer wanted: the transaction is rolled back and nothing more is said. */
const ALREADY_DONE = refuse('conflict', 'the pack is no longer waiting to be assembled');

/** No further try can mend this; its message goes on record. */
class Final extends Error {}
class Cancelled extends Error {}
/** The row says already what is waited for. */
class Waiting extends HoldfastError {}

/**
 * Binds the job. Throws `records_unavailable` while records are unsealed or the time stamp authority is away, which asks for another
 * try; the row says what it waits for. What no further try can mend ends in state `failed`, on the ledger, with the reason. Whatever
 * else breaks an attempt off (a full disk, a database that is away) is thrown; the row says what it was, and the sweep tries again.
 */
export function createAssemblePack(deps: AssembleDeps): (packId: Uuid) => Promise<void> {
  return async (packId) => {
    const pack = await deps.findPack(packId);
    if (!pack || (pack.state !== 'requested' && pack.state !== 'assembling')) return;
    try { await assemble(deps, pack); } catch (error) {
      if (error instanceof Cancelled) { await cancel(deps, pack); return; }
      if (error instanceof Final) { await fail(deps, packId, error.message); return; }
      if (!(error instanceof Waiting)) await tellBreak(deps, packId, coerceError(error));
      throw error;
    }
  };
}

async function assemble(deps: AssembleDeps, pack: PackRow): Promise<void> {
  const tell = createTeller(deps, pack.packId);
  // Opened first: a certificate that is made now must not be younger than the pack.
  if (deps.signer.certificate.length === 0) throw new Final('the seal has no certificate');
  await tell({ phase: 'collecting' });
  const frozen = await freezeSealed(deps, pack);
  await deps.bookkeeping(ACTOR, (tx) => freeze(tx, pack.packId, frozen.snapshot));
  await mkdir(join(deps.home, 'packs'), { recursive: true, mode: 0o700 });
  await removeLostDrafts(deps.home);
  const volumes: PackDocument['volumes'] = [];
  if (frozen.volumes > 1) {
    const finished = await deps.findFiles(pack.packId);
    for (let number = 1; number <= frozen.volumes; number += 1) {
      const ids = idsDigest(frozen.refs.slice((number - 1) * frozen.volumeRows, number * frozen.volumeRows));
      const known = finished.find((one) => one.volume === number && one.idsSha256 === ids);
      const there = known && (await stat(packPath(deps.home, pack.packId, number)).catch(() => undefined))?.size === known.bytes;
      const file = there ? known : (await makeFile(deps, pack, frozen, number, [], tell)).file;
      volumes.push({ number, file: volumeName(pack.packId, number), sha256: file.sha256, bytes: file.bytes, pages: file.pages, records: file.records, first_item: file.firstItem, last_item: file.lastItem });
    }
  }
  const { file, facts, draft } = await makeFile(deps, pack, frozen, 0, volumes, tell);
  try { await publish(deps, pack, draft, file, facts, volumes); } finally { await rm(draft, { force: true }); }
}

type Tell = (progress: Partial<PackProgress>) => Promise<void>;

/** Writes progress, at most every half second but for a new phase; throws when somebody asked to stop. */
function createTeller(deps: AssembleDeps, packId: Uuid): Tell {
  let now: PackProgress = { phase: 'collecting', rows: 0, ofRows: 0, pages: 0, volume: 0, ofVolumes: 0 }, last = 0;
  return async (progress) => {
    const changed = progress.phase !== undefined && progress.phase !== now.phase || progress.volume !== undefined && progress.volume !== now.volume;
    now = { ...now, ...progress };
    if (!changed && performance.now() - last < PROGRESS_MS) return;
    last = performance.now();
    if (await deps.bookkeeping(ACTOR, (tx) => noteProgress(tx, packId, now))) throw new Cancelled();
  };
}

/** The query's result, once everything in it is sealed. */
async function freezeSealed(deps: AssembleDeps, pack: PackRow): Promise<Frozen> {
  for (let waited = 0; ; waited += 250) {
    const frozen = await freezeQuery(deps, pack);
    if ('gone' in frozen) throw new Final(frozen.gone);
    if (!('unsealed' in frozen)) return frozen;
    if (waited >= SEALER_WAIT_MS) return waitFor(deps, pack, frozen.unsealed);
    await setTimeout(250);
  }
}

/** Prints, seals, stamps and checks one file. A volume is put in its place and on its row; the last file stays a draft for `publish`. */
async function makeFile(deps: AssembleDeps, pack: PackRow, frozen: Frozen, volume: number, volumes: PackDocument['volumes'], tell: Tell): Promise<{ file: FileRow; facts: PackFacts; draft: string }> {
  const ofRows = frozen.refs.length, rows = volume > 0 ? Math.min(volume * frozen.volumeRows, ofRows) : ofRows;
  await tell({ phase: 'collecting', volume, ofVolumes: frozen.volumes > 1 ? frozen.volumes : 0, ofRows, rows: volume > 0 ? (volume - 1) * frozen.volumeRows : 0, pages: 0 });
  const { json, facts } = await collectSealed(deps, pack, frozen, volume, volumes);
  const draft = draftPath(deps.home, pack.packId, deps.clock.now());
  try {
    await tell({ phase: 'printing', rows });
    const pages = await printPages(json, draft, tell);
    await tell({ phase: 'sealing', pages });
    const sealed = await sealFile(draft, deps.signer, deps.stamp && (async (digest) => {
      try { return await deps.stamp!(digest); } catch (error) { return waitFor(deps, pack, coerceError(error)); }
    }));
    checkLimits(pack, { pages, bytes: sealed.bytes });
    await tell({ phase: 'checking' });
    const report = await verifyInThread(draft, { reprint: false });
    if (report.verdict !== 'intact') throw new Final(`the finished pack does not verify: ${report.checks.filter((check) => !check.ok).map((check) => check.message).join('; ')}`);
    const file: FileRow = { volume, ...sealed, pages, records: facts.records, firstItem: facts.firstItem, lastItem: facts.lastItem, idsSha256: facts.idsSha256 };
    if (volume > 0) {
      await rename(draft, packPath(deps.home, pack.packId, volume));
      await deps.bookkeeping(ACTOR, (tx) => putFile(tx, pack.packId, file, deps.clock.now()));
    }
    return { file, facts, draft };
  } catch (error) { await rm(draft, { force: true }); throw error; }
}

/** Prints in a thread, telling pages, and ends the thread when somebody asks to stop. */
async function printPages(json: readonly Uint8Array<ArrayBuffer>[], draft: string, tell: Tell): Promise<number> {
  const stop = new AbortController();
  let telling: Promise<void> = Promise.resolve(), stopped: unknown;
  const onPage = (pages: number): void => { telling = telling.then(() => tell({ pages })).catch((error: unknown) => { stopped = error; stop.abort(); }); };
  try { return await renderInThread(json, draft, { onPage, signal: stop.signal }); } catch (error) {
    await telling;
    throw stopped ?? error;
  }
}

/** pack.json in pieces of their own memory, to be handed over, or the end: of this attempt while records are unsealed, of the pack when the gate does not let it out. */
async function collectSealed(deps: AssembleDeps, pack: PackRow, frozen: Frozen, volume: number, volumes: PackDocument['volumes']): Promise<{ json: Uint8Array<ArrayBuffer>[]; facts: PackFacts }> {
  for (let waited = 0; ; waited += 250) {
    const collected = await collectPack(deps, pack, frozen, volume, volumes, deps.clock.now());
    if ('json' in collected) return { json: collected.json.map(ownMemory), facts: collected.facts };
    if ('refused' in collected) throw new Final(collected.refused);
    if (waited >= SEALER_WAIT_MS) return waitFor(deps, pack, collected.unsealed);
    await setTimeout(250);
  }
}

/** The bytes in memory that can be handed over: a short buffer may be a window of a larger one that is not ours to give away. */
function ownMemory(piece: Buffer): Uint8Array<ArrayBuffer> { return piece.byteLength === piece.buffer.byteLength ? piece as Uint8Array<ArrayBuffer> : new Uint8Array(piece); }

/** Says on the row what the pack waits for, and asks for another try. */
async function waitFor(deps: AssembleDeps, pack: PackRow, what: number | Error): Promise<never> {
  const waiting = typeof what === 'number' ? `waits for the sealer: ${what} of its records are not under a signed checkpoint yet; is the sealer running?` : `waits for the time stamp authority: ${what.message}`;
  await deps.bookkeeping(ACTOR, (tx) => noteFailure(tx, pack.packId, 'requested', waiting.slice(0, 500)));
  throw new Waiting('records_unavailable', `pack ${pack.packId} ${waiting}`);
}

const FULL = /\b(?:ENOSPC|EDQUOT|EFBIG)\b/;

/** Says on the row what broke an attempt off. A database that is away cannot be told; the next attempt tells. */
async function tellBreak(deps: AssembleDeps, packId: Uuid, { message }: Error): Promise<void> {
  const broken = FULL.test(message) ? `there is no room on the disk for it (${message}); make room, it is tried again every minute` : `the last attempt broke off: ${message}; it is tried again`;
  await deps.bookkeeping(ACTOR, (tx) => noteFailure(tx, packId, 'requested', broken.slice(0, 500))).catch(() => undefined);
}

/** What the takers of a kind accept. */
function checkLimits(pack: PackRow, { pages, bytes }: { pages: number; bytes: number }): void {
  const { most_pages: mostPages, most_bytes: mostBytes } = loadTemplate(pack.kind).kind;
  if (mostPages !== null && pages > mostPages) throw new Final(`the exhibit has ${pages} pages, and schemes take ${mostPages}; ask for the full pack instead`);
  if (mostBytes !== null && bytes > mostBytes) throw new Final(`the exhibit has ${bytes} bytes, and schemes take ${mostBytes}; ask for the full pack instead`);
}

/** Row, record and file under one lock: the second of two attempts finds the pack ready and leaves the first one's file alone. */
async function publish(deps: AssembleDeps, pack: PackRow, draft: string, file: FileRow, facts: PackFacts, volumes: PackDocument['volumes']): Promise<void> {
  await deps.act(ACTOR, async (tx) => {
    const row = await lockPack(tx, pack.packId);
    if (row?.state !== 'requested' && row?.state !== 'assembling') return ALREADY_DONE;
    if (row.cancelAsked) throw new Cancelled();
    const at = deps.clock.now();
    await deps.append(tx, { action: 'pack.assemble', subjectKind: 'pack', subjectId: pack.packId, purpose: pack.purpose, after: {
      sha256: file.sha256, bytes: file.bytes, pages: file.pages, records: file.records, tree_size: facts.treeSize, root: facts.root, template_sha256: loadTemplate(pack.kind).digest, request_id: pack.requestId,
      ...(volumes.length > 0 ? { volumes: volumes.map((one) => one.sha256) } : {}) } });
    await putFile(tx, pack.packId, file, at);
    await markReady(tx, pack.packId, { at, sha256: file.sha256, bytes: file.bytes, pages: file.pages, volumes: volumes.length || null });
    // Before the commit: a crash here leaves a file that no row names and that the next attempt replaces.
    await rename(draft, packPath(deps.home, pack.packId, 0));
    return undefined;
  });
}

async function fail(deps: AssembleDeps, packId: Uuid, failure: string): Promise<void> {
  await deps.act(ACTOR, async (tx) => {
    const row = await lockPack(tx, packId);
    if (row?.state !== 'requested' && row?.state !== 'assembling') return ALREADY_DONE;
    await deps.append(tx, { action: 'pack.fail', subjectKind: 'pack', subjectId: packId, reason: failure.slice(0, 500) });
    await noteFailure(tx, packId, 'failed', failure.slice(0, 500));
    return undefined;
  });
}

/** Whoever asked is on the ledger already; here only the state changes and the volumes go. */
async function cancel(deps: AssembleDeps, pack: PackRow): Promise<void> {
  const cancelled = await deps.bookkeeping(ACTOR, async (tx) => {
    const row = await lockPack(tx, pack.packId);
    // Not asked to stop: another attempt was faster, and the files are its.
    if (!row?.cancelAsked || (row.state !== 'requested' && row.state !== 'assembling')) return false;
    await markCancelled(tx, pack.packId);
    return true;
  });
  if (!cancelled) return;
  for (const { volume } of await deps.findFiles(pack.packId)) await rm(packPath(deps.home, pack.packId, volume), { force: true });
}

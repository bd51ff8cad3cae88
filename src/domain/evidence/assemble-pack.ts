// Makes the file of a requested pack: frozen query, pages, seal, a check of our own, then the row. Safe to run again at any point.
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { systemActor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { HoldfastError } from '../../kernel/errors.js';
import { refuse } from '../../kernel/result.js';
import { mintId, type Uuid } from '../../kernel/ids.js';
import type { Act } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { collectPack, type CollectDeps } from './collect-pack.js';
import type { PackDocument } from './pack-document.js';
import type { PackRow } from './pack.js';
import { lockPack, markReady, noteFailure } from './pack.store.js';
import { sealFile, type Sealed } from './pdf/seal-file.js';
import { renderPack } from './render-pack.js';
import { verifyPack } from './verify-pack.js';

export interface AssembleDeps extends CollectDeps {
  readonly clock: Clock; readonly act: Act; readonly bookkeeping: Act; readonly append: AppendRecord; readonly home: string;
  readonly findPack: (packId: Uuid) => Promise<PackRow | undefined>;
}

const ACTOR = systemActor('assemble-pack');
/** How long one attempt waits for the sealer; a checkpoint follows a commit within about a second. */
const SEALER_WAIT_MS = 5_000;

/** Another attempt came first: this one's transaction is rolled back and nothing more is said. */
const ALREADY_DONE = refuse('conflict', 'the pack is no longer waiting to be assembled');

/** Where the file of a pack lies. */
export function packPath(home: string, packId: Uuid): string { return join(home, 'packs', `${packId}.pdf`); }

/**
 * Binds the job. Throws `records_unavailable` while records are unsealed, which asks for another try; the row says what it waits for.
 * What no further try can mend (the call is gone, the records do not verify) ends in state `failed`, on the ledger, with the reason.
 */
export function createAssemblePack(deps: AssembleDeps): (packId: Uuid) => Promise<void> {
  return async (packId) => {
    const pack = await deps.findPack(packId);
    if (!pack || pack.state !== 'requested') return;
    const document = await collectSealed(deps, pack);
    if (typeof document === 'string') return fail(deps, packId, document);
    const folder = join(deps.home, 'packs');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // A name of its own for each attempt: two workers on one job must not write into one file.
    const draft = join(folder, `.${packId}.${mintId(deps.clock.now())}`);
    try {
      const pages = await renderPack(document, draft);
      const sealed = await sealFile(draft, deps.signer);
      const report = await verifyPack(await readFile(draft), { reprint: false });
      if (report.verdict !== 'intact') {
        return await fail(deps, packId, `the finished pack does not verify: ${report.checks.filter((check) => !check.ok).map((check) => check.message).join('; ')}`);
      }
      await publish(deps, pack, draft, { ...sealed, pages, document });
    } finally { await rm(draft, { force: true }); }
  };
}

/** The document, or why there will never be one. */
async function collectSealed(deps: AssembleDeps, pack: PackRow): Promise<PackDocument | string> {
  for (let waited = 0; ; waited += 250) {
    const collected = await collectPack(deps, pack, deps.clock.now());
    if ('document' in collected) return collected.document;
    if ('gone' in collected) return 'the call is no longer on record';
    if (waited < SEALER_WAIT_MS) { await setTimeout(250); continue; }
    const waiting = `waits for the sealer: ${collected.unsealed} of its records are not under a signed checkpoint yet; is the sealer running?`;
    await deps.bookkeeping(ACTOR, (tx) => noteFailure(tx, pack.packId, 'requested', waiting));
    throw new HoldfastError('records_unavailable', `pack ${pack.packId} ${waiting}`);
  }
}

/** Row, record and file under one lock: the second of two attempts finds the pack ready and leaves the first one's file alone. */
async function publish(deps: AssembleDeps, pack: PackRow, draft: string, made: Sealed & { pages: number; document: PackDocument }): Promise<void> {
  await deps.act(ACTOR, async (tx) => {
    if (await lockPack(tx, pack.packId) !== 'requested') return ALREADY_DONE;
    const { checkpoint, pack: { template_sha256 } } = made.document;
    await deps.append(tx, { action: 'pack.assemble', subjectKind: 'pack', subjectId: pack.packId, purpose: pack.purpose, after: {
      sha256: made.sha256, bytes: made.bytes, pages: made.pages, records: made.document.records.length, tree_size: checkpoint.tree_size, root: checkpoint.root, template_sha256, request_id: pack.requestId } });
    await markReady(tx, pack.packId, { at: deps.clock.now(), sha256: made.sha256, bytes: made.bytes, pages: made.pages });
    // Before the commit: a crash here leaves a file that no row names and that the next attempt replaces.
    await rename(draft, packPath(deps.home, pack.packId));
    return undefined;
  });
}

async function fail(deps: AssembleDeps, packId: Uuid, failure: string): Promise<void> {
  await deps.act(ACTOR, async (tx) => {
    if (await lockPack(tx, packId) !== 'requested') return ALREADY_DONE;
    await deps.append(tx, { action: 'pack.fail', subjectKind: 'pack', subjectId: packId, reason: failure.slice(0, 500) });
    await noteFailure(tx, packId, 'failed', failure.slice(0, 500));
    return undefined;
  });
}

/** The file of a pack that is ready; undefined when it is not, or when the file is not as it was made. */
export async function findPackFile(home: string, pack: PackRow | undefined): Promise<{ path: string; sha256: string; bytes: number } | undefined> {
  if (pack?.state !== 'ready' || pack.sha256 === null || pack.bytes === null) return undefined;
  const path = packPath(home, pack.packId);
  const found = await stat(path).catch(() => undefined);
  return found?.size === pack.bytes ? { path, sha256: pack.sha256, bytes: pack.bytes } : undefined;
}

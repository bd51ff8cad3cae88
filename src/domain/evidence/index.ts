// The face of the evidence slice: packs for a call, made from a frozen query, and their verification without a database.
import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { isUuid, type Uuid } from '../../kernel/ids.js';
import type { Refusal } from '../../kernel/result.js';
import type { Config } from '../../platform/config/config.js';
import { openPackSigner, type Signer } from '../../platform/crypto/pack-signer.js';
import type { Act, Database, Tx } from '../../platform/db/index.js';
import type { Logger } from '../../platform/log/log.js';
import type { JobDefinition, Queue } from '../../platform/queue/queue.js';
import type { Billing } from '../billing/index.js';
import type { CrossBorder } from '../cross-border/index.js';
import type { Gateway } from '../gateway/index.js';
import type { Ledger } from '../ledger/index.js';
import type { Providers } from '../providers/index.js';
import type { Retention } from '../retention/index.js';
import type { Security } from '../security/index.js';
import { createAssemblePack, findPackFile } from './assemble-pack.js';
import { ASSEMBLE_JOB, createEvidenceJobs } from './evidence.jobs.js';
import { generatorName } from './generator.js';
import { createMakePack } from './make-pack.js';
import type { PackRequest, PackRow } from './pack.js';
import { readOpenPacks, readPack, readPacks } from './pack.view.js';
import { createRecordDownload } from './record-download.js';
import { createRequestPack } from './request-pack.js';

export { PACK_LANGUAGES, type PackLanguage, type PackRequest, type PackRow } from './pack.js';
export type { PackCheck, PackReport, PackVerdict } from './pack-report.js';
export { verifyPack, type VerifyPackOptions } from './verify-pack.js';

export interface EvidenceDeps {
  readonly config: Config; readonly clock: Clock; readonly log: Logger; readonly database: Database; readonly act: Act; readonly bookkeeping: Act;
  readonly queue: () => Queue;
  readonly ledger: Ledger; readonly security: Security; readonly billing: Billing; readonly providers: Providers; readonly crossBorder: CrossBorder; readonly retention: Retention; readonly gateway: Gateway;
}

export interface Evidence {
  /** Asks for a pack about one call; the job starts when `tx` commits. Refusals: forbidden, purpose_required, invalid_request, not_found. */
  requestPack(tx: Tx, request: PackRequest): Promise<Uuid | Refusal>;
  /** Writes the pack's file. Idempotent; throws `records_unavailable` while the records are not sealed yet, which means "try again". */
  assemblePack(packId: Uuid): Promise<void>;
  /** Both steps in one go, for the command line: answers when the file is there. */
  makePack(actor: Actor, request: PackRequest): Promise<{ packId: Uuid; path: string } | Refusal>;
  /** The file of a pack that is ready and still as it was made. */
  packFile(packId: Uuid): Promise<{ path: string; sha256: string; bytes: number } | undefined>;
  /** Puts the download on the ledger; to be called before the file is sent. Refusals: forbidden, not_found, conflict. */
  recordDownload(tx: Tx, packId: Uuid): Promise<Refusal | undefined>;
  findPack(packId: Uuid): Promise<PackRow | undefined>;
  /** Newest first. */
  listPacks(filter: { requestId?: Uuid; limit?: number }): Promise<PackRow[]>;
  /** What the worker runs: `assemble-pack` by id, and `sweep-requested-packs`, to be scheduled every minute. */
  readonly jobs: readonly JobDefinition[];
}

/** Builds the slice's face; the key of the seal is made at the first pack, not here. */
export function createEvidence(deps: EvidenceDeps): Evidence {
  const { config, clock, log, database: { reader }, act, ledger } = deps;
  const findPack = (packId: Uuid): Promise<PackRow | undefined> => readPack(reader, packId);
  const packFile = async (packId: Uuid): ReturnType<Evidence['packFile']> => findPackFile(config.home, await findPack(packId));
  let signer: Signer | undefined;
  const assemblePack = createAssemblePack({
    ...deps, reader, append: ledger.append, home: config.home, publicUrl: config.publicUrl, generator: generatorName(), findPack,
    get signer() { return signer ??= openPackSigner(config.home, `Evidence seal of ${config.logOrigin}`, clock.now()); },
  });
  // A queue that is away must not undo a request that is committed: the sweep finds the row.
  const enqueue = async (packId: Uuid): Promise<void> => {
    try { await deps.queue().enqueue(ASSEMBLE_JOB, packId); } catch (error) { log.warn('a pack is requested, but its job could not be queued; the sweep will find it', { pack: packId, error }); }
  };
  const request = (start: (packId: Uuid) => Promise<void>) => createRequestPack({ clock, append: ledger.append, gateway: deps.gateway, retention: deps.retention, enqueue: start });
  return {
    requestPack: request(enqueue), assemblePack, findPack, packFile,
    // Made here and now: a worker that took the same pack up would only do it twice.
    makePack: createMakePack({ act, ledger, requestPack: request(() => Promise.resolve()), assemblePack, findPack, packFile }),
    recordDownload: createRecordDownload({ append: ledger.append, findPack }),
    listPacks: async (filter) => (filter.requestId !== undefined && !isUuid(filter.requestId) ? [] : readPacks(reader, filter)),
    jobs: createEvidenceJobs({ clock, log, assemblePack, openPacks: (before) => readOpenPacks(reader, before) }),
  };
}

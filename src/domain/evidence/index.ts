// The face of the evidence slice: packs made from a frozen query, handed out on record, and verified without a database.
import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { isUuid, type Uuid } from '../../kernel/ids.js';
import type { Refusal } from '../../kernel/result.js';
import type { Config } from '../../platform/config/config.js';
import { openPackSigner, readPackSigner, type Signer } from '../../platform/crypto/pack-signer.js';
import type { Act, Database, Tx } from '../../platform/db/index.js';
import type { Logger } from '../../platform/log/log.js';
import type { JobDefinition, Queue } from '../../platform/queue/queue.js';
import { createTimestamper } from '../../platform/timestamp/timestamp.js';
import type { Billing } from '../billing/index.js';
import type { Cases } from '../cases/index.js';
import type { CrossBorder } from '../cross-border/index.js';
import type { Gateway } from '../gateway/index.js';
import type { Ledger } from '../ledger/index.js';
import type { Providers } from '../providers/index.js';
import type { Retention } from '../retention/index.js';
import type { Security } from '../security/index.js';
import { createAssemblePack } from './assemble-pack.js';
import { createCancelPack } from './cancel-pack.js';
import { createComparePack, type PackComparison } from './compare-pack.js';
import { ASSEMBLE_JOB, createEvidenceJobs } from './evidence.jobs.js';
import { generatorName } from './generator.js';
import { createMakePack } from './make-pack.js';
import { findPackFile, type PackFile } from './pack-files.js';
import type { PackRequest, PackRow } from './pack.js';
import type { FileRow } from './pack.store.js';
import { readFiles, readLinks, readOpenPacks, readPack, readPacks, readReadyPacks, type LinkView } from './pack.view.js';
import { createInvoicePdf, type InvoicePdf } from './papers/print-invoice.js';
import { createTransparencyPdf, type TransparencyPdf } from './papers/print-transparency.js';
import { createPurgePackFiles } from './purge-pack-files.js';
import { createRecordDownload } from './record-download.js';
import { createRequestPack } from './request-pack.js';
import { createLinkPack, createOpenLink, createRevokeLink, type LinkInput, type NewLink } from './share-pack.js';
import { createVerifyUpload, type VerifyUpload } from './verify-upload.js';

export { PACK_DATA_TYPES, PACK_KINDS, PACK_LANGUAGES, PACK_STATES, type PackDataType, type PackKind, type PackLanguage, type PackLegal, type PackProgress, type PackRequest, type PackRow } from './pack.js';
export { REDACTABLE } from './pack-redaction.js';
export { PAPER_LANGUAGES, type PaperLanguage } from './papers/paper-words.js';
export type { InvoiceFile } from './papers/print-invoice.js';
export { KIND_RULES } from './pack-kinds.js';
export type { PackComparison, PackDifference } from './compare-pack.js';
export type { PackFile } from './pack-files.js';
export type { LinkInput, NewLink } from './share-pack.js';
export type { LinkView } from './pack.view.js';
export type { FileRow } from './pack.store.js';
export type { PackCheck, PackReport, PackVerdict } from './pack-report.js';
export { verifyPack, type VerifyPackOptions } from './verify-pack.js';
export { FILE_KINDS, verifyBytes, type BytesReport, type FileKind, type VerifyBytesOptions } from './verify-bytes.js';
export { checkVolumes } from './verify/check-volumes.js';

export interface EvidenceDeps {
  readonly config: Config; readonly clock: Clock; readonly log: Logger; readonly database: Database; readonly act: Act; readonly bookkeeping: Act;
  readonly queue: () => Queue;
  /** Records a volume holds, where not 10,000. */
  readonly volumeRows?: number;
  readonly ledger: Ledger; readonly security: Security; readonly billing: Billing; readonly providers: Providers; readonly crossBorder: CrossBorder; readonly retention: Retention; readonly gateway: Gateway; readonly cases: Pick<Cases, 'casePayments'>;
}

export interface Evidence {
  /** Asks for a pack of any kind; the job starts when `tx` commits. Refusals: forbidden, purpose_required, invalid_request, not_found. */
  requestPack(tx: Tx, request: PackRequest): Promise<Uuid | Refusal>;
  /** Writes the pack's file. Idempotent; throws `records_unavailable` while the records are not sealed yet, which means "try again". */
  assemblePack(packId: Uuid): Promise<void>;
  /** Both steps in one go, for the command line: answers when the file is there. */
  makePack(actor: Actor, request: PackRequest): Promise<{ packId: Uuid; path: string } | Refusal>;
  /** Stops a pack that is not made yet. Refusals: forbidden, not_found, conflict. */
  cancelPack(tx: Tx, packId: Uuid): Promise<Refusal | undefined>;
  /** Runs the frozen query again and says what differs and why. Refusals: forbidden, not_found, conflict. */
  comparePack(actor: Actor, packId: Uuid): Promise<PackComparison | Refusal>;
  /** A file of a pack that is ready and still as it was made: the pack or the master (0), or one of its volumes. */
  packFile(packId: Uuid, volume?: number): Promise<PackFile | undefined>;
  /** Finished files, volumes too. */
  packFiles(packId: Uuid): Promise<FileRow[]>;
  /** Puts the download on the ledger; to be called before the file is sent. Refusals: forbidden, not_found, conflict. */
  recordDownload(tx: Tx, packId: Uuid, volume?: { number: number; sha256: string }): Promise<Refusal | undefined>;
  /** A link by which somebody without an account downloads; its token is shown once. */
  linkPack(tx: Tx, input: LinkInput): Promise<NewLink | Refusal>;
  revokeLink(tx: Tx, linkId: Uuid): Promise<Refusal | undefined>;
  /** The file behind a token, counted and on record before it is answered. */
  openLink(token: string, volume?: number): Promise<PackFile | Refusal>;
  packLinks(packId: Uuid): Promise<LinkView[]>;
  /** `verifyPack` in a thread, for files of others: keeps nothing, blocks nothing. */
  readonly verifyUpload: VerifyUpload;
  /** The sealed PDF of an invoice or credit note, printed at the first need and the same file ever after. */
  readonly invoicePdf: InvoicePdf;
  /** A transparency report as a sealed PDF. */
  readonly transparencyPdf: TransparencyPdf;
  findPack(packId: Uuid): Promise<PackRow | undefined>;
  /** Newest first. */
  listPacks(filter: { requestId?: Uuid; limit?: number }): Promise<PackRow[]>;
  /** What the worker runs: `assemble-pack` by id, `sweep-requested-packs` every minute and `purge-pack-files` every day. */
  readonly jobs: readonly JobDefinition[];
}

/** Builds the slice's face; the key of the seal is made at the first pack, not here. */
export function createEvidence(deps: EvidenceDeps): Evidence {
  const { config, clock, log, database: { reader }, act, ledger } = deps;
  const findPack = (packId: Uuid): Promise<PackRow | undefined> => readPack(reader, packId);
  const findFiles = (packId: Uuid): Promise<FileRow[]> => readFiles(reader, packId);
  const packFile: Evidence['packFile'] = async (packId, volume = 0) => { const pack = await findPack(packId); return pack && findPackFile(config.home, pack, await findFiles(packId), volume); };
  let signer: Signer | undefined;
  const openSigner = (): Signer => (config.seal ? readPackSigner(config.seal.certificate, config.seal.key) : openPackSigner(config.home, `Evidence seal of ${config.logOrigin}`, clock.now()));
  const collecting = {
    ...deps, reader, append: ledger.append, home: config.home, publicUrl: config.publicUrl, generator: generatorName(), findPack, findFiles,
    timestampUrl: config.tsaUrl, stamp: config.tsaUrl === undefined ? undefined : createTimestamper(config.tsaUrl), certifiedPurges: () => deps.retention.certifiedPurges(),
    get signer() { return signer ??= openSigner(); },
  };
  const assemblePack = createAssemblePack(collecting), sharing = { clock, append: ledger.append, act, findPack, packFile };
  // A queue that is away must not undo a request that is committed: the sweep finds the row.
  const enqueue = async (packId: Uuid): Promise<void> => {
    try { await deps.queue().enqueue(ASSEMBLE_JOB, packId); } catch (error) { log.warn('a pack is requested, but its job could not be queued; the sweep will find it', { pack: packId, error }); }
  };
  const request = (start: (packId: Uuid) => Promise<void>) => createRequestPack({ clock, append: ledger.append, gateway: deps.gateway, billing: deps.billing, retention: deps.retention, enqueue: start });
  return {
    requestPack: request(enqueue), assemblePack, findPack, packFile, packFiles: findFiles,
    cancelPack: createCancelPack({ append: ledger.append }), comparePack: createComparePack(collecting),
    linkPack: createLinkPack(sharing), revokeLink: createRevokeLink(sharing), openLink: createOpenLink(sharing), packLinks: (packId) => (isUuid(packId) ? readLinks(reader, packId) : Promise.resolve([])),
    verifyUpload: createVerifyUpload(),
    invoicePdf: (id) => createInvoicePdf(collecting)(id), transparencyPdf: (report, period) => createTransparencyPdf(collecting)(report, period),
    // Made here and now: a worker that took the same pack up would only do it twice.
    makePack: createMakePack({ act, ledger, requestPack: request(() => Promise.resolve()), assemblePack, findPack, packFile }),
    recordDownload: createRecordDownload({ append: ledger.append, findPack }),
    listPacks: async (filter) => (filter.requestId !== undefined && !isUuid(filter.requestId) ? [] : readPacks(reader, filter)),
    jobs: createEvidenceJobs({ clock, log, assemblePack, openPacks: (before) => readOpenPacks(reader, before),
      purgeFiles: createPurgePackFiles({ clock, act, append: ledger.append, home: config.home, retention: deps.retention, readyPacks: () => readReadyPacks(reader), findFiles }) }),
  };
}

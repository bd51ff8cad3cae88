// Runs the frozen query of a pack again and says what differs and why.
import { readFile } from 'node:fs/promises';
import type { Uuid } from '../../kernel/ids.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import type { Act } from '../../platform/db/index.js';
import type { Actor } from '../../kernel/actor.js';
import type { AppendRecord, CertifiedPurge, RecordRef } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import type { CollectDeps } from './collect-pack.js';
import { freezeQuery } from './freeze-query.js';
import { packPath } from './pack-files.js';
import type { PackDocument } from './pack-document.js';
import type { PackRow } from './pack.js';
import type { FileRow } from './pack.store.js';
import { readPdf } from './verify/read-pdf.js';
import { checkAttachments } from './verify/check-document.js';

export interface PackDifference { readonly table: string; readonly id: string; /** purged: a certificate names its leaf; missing: nothing explains it; changed: the row is no longer the one in the pack. */ readonly what: 'purged' | 'missing' | 'new' | 'changed'; readonly certificate?: string }
export interface PackComparison {
  readonly same: boolean; readonly records: number; readonly counts: Readonly<Record<PackDifference['what'], number>>;
  /** The first hundred. */
  readonly differences: readonly PackDifference[];
  /** Whether the pack's file was there to compare with; without it only the digest of the ids can be compared. */
  readonly byRecord: boolean;
  /** In one sentence. */
  readonly summary: string;
}

export interface ComparePackDeps extends CollectDeps {
  readonly home: string; readonly act: Act; readonly append: AppendRecord; readonly findPack: (packId: Uuid) => Promise<PackRow | undefined>; readonly findFiles: (packId: Uuid) => Promise<FileRow[]>;
  readonly certifiedPurges: () => Promise<CertifiedPurge[]>;
}

const SHOWN = 100;
const CHUNK = 5_000;
interface Known { readonly commitment: string; readonly leaf: bigint }

/** Binds the use case; the comparison goes on record. Refusals: forbidden, not_found, conflict (not ready). */
export function createComparePack(deps: ComparePackDeps): (actor: Actor, packId: Uuid) => Promise<PackComparison | Refusal> {
  return async (actor, packId) => {
    const no = forbid(actor, 'evidence.read');
    if (no) return no;
    const pack = await deps.findPack(packId);
    if (!pack) return refuse('not_found', `no pack ${packId}`, 'packId');
    if (!pack.snapshot || (pack.state !== 'ready' && pack.state !== 'purged')) return refuse('conflict', `the pack is ${pack.state}; only a finished one can be compared`);
    const again = await freezeQuery(deps, pack);
    const refs = 'refs' in again ? again.refs : [];
    const known = pack.state === 'ready' ? await knownRecords(deps, pack) : undefined;
    const differences = known ? await compare(deps, refs, known) : [];
    const same = known ? differences.length === 0 : 'snapshot' in again && again.snapshot.ids_sha256 === pack.snapshot.ids_sha256;
    const counts = { purged: 0, missing: 0, new: 0, changed: 0 };
    for (const { what } of differences) counts[what] += 1;
    const total = Object.values(pack.snapshot.counts).reduce((sum, count) => sum + count, 0);
    const parts = Object.entries(counts).filter(([, count]) => count > 0).map(([what, count]) => `${count} ${what === 'purged' ? 'purged under a certificate' : what}`);
    const summary = same ? `The query finds the same ${total} records again.` : known ? `The query finds other records than the pack has: ${parts.join(', ')}.` : 'The query finds other records than the pack had; its file is gone, so they cannot be named.';
    const answer = { same, records: total, counts, differences: differences.slice(0, SHOWN), byRecord: known !== undefined, summary };
    const recorded = await deps.act(actor, async (tx) => { await deps.append(tx, { action: 'pack.compare', subjectKind: 'pack', subjectId: packId, purpose: pack.purpose, after: { same, ...counts } }); return undefined; });
    return isRefusal(recorded) ? recorded : answer;
  };
}

/** The records of the pack's files, by "table/id"; undefined when a file is not there. The custody log is no part of the query. */
async function knownRecords(deps: ComparePackDeps, pack: PackRow): Promise<Map<string, Known> | undefined> {
  const known = new Map<string, Known>();
  for (const { volume } of await deps.findFiles(pack.packId)) {
    const bytes = await readFile(packPath(deps.home, pack.packId, volume)).catch(() => undefined);
    const json = bytes && checkAttachments(readPdf(bytes)).attached.get('pack.json');
    if (!json) return undefined;
    for (const { table, id, commitment, leaf_index } of (JSON.parse(json.toString('utf8')) as PackDocument).records) if (table !== 'audit_records') known.set(`${table}/${id}`, { commitment, leaf: BigInt(leaf_index) });
  }
  return known;
}

async function compare(deps: ComparePackDeps, refs: readonly RecordRef[], known: ReadonlyMap<string, Known>): Promise<PackDifference[]> {
  const differences: PackDifference[] = [], found = new Set<string>();
  for (let start = 0; start < refs.length; start += CHUNK) {
    const { proofs } = await deps.ledger.proveRecords(refs.slice(start, start + CHUNK));
    for (const { table, id, commitment } of proofs) {
      const before = known.get(`${table}/${id}`);
      found.add(`${table}/${id}`);
      if (!before) differences.push({ table, id, what: 'new' });
      else if (before.commitment !== commitment.toString('hex')) differences.push({ table, id, what: 'changed' });
    }
  }
  const gone = [...known].filter(([key]) => !found.has(key));
  const certificates = new Map<bigint, string>();
  if (gone.length > 0) for (const { certificateId, valid, leaves } of await deps.certifiedPurges()) if (valid) for (const leaf of leaves) certificates.set(leaf, certificateId);
  for (const [key, { leaf }] of gone) {
    const [table = '', id = ''] = key.split('/');
    const certificate = certificates.get(leaf);
    differences.push(certificate === undefined ? { table, id, what: 'missing' } : { table, id, what: 'purged', certificate });
  }
  return differences;
}

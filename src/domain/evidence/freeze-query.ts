// The frozen query of a pack: which records it is about, found once, counted and digested before anything is printed.
import { createHash } from 'node:crypto';
import type { Uuid } from '../../kernel/ids.js';
import type { CallStory } from '../gateway/index.js';
import type { RecordRef, RecordTableName } from '../ledger/index.js';
import type { PurgeCertificate } from '../retention/index.js';
import type { CollectDeps } from './collect-pack.js';
import { KIND_RULES, MOST_ROWS, TABLES_OF, VOLUME_ROWS } from './pack-kinds.js';
import type { PackRow, PackSnapshot } from './pack.js';
import { countUnsealed, readAuditIds, readCustodyIds, readIds, type TableFound } from './pack.view.js';

/** Most entries of the custody log that are printed; what is beyond is counted as a gap. */
export const CUSTODY_LIMIT = 500;

export interface Frozen {
  readonly snapshot: PackSnapshot;
  readonly found: readonly TableFound[];
  /** Records of the query, in order, without the custody log. */
  readonly refs: readonly RecordRef[];
  readonly custody: readonly RecordRef[];
  /** How many custody entries there are in all. */
  readonly custodyTotal: number;
  readonly story: CallStory | undefined;
  readonly certificate: PurgeCertificate | undefined;
  /** Records the selection has that are not under a checkpoint yet, and so are not in the pack. */
  readonly tooNew: number;
  /** 1 unless the records need files of their own. */
  readonly volumes: number;
  readonly volumeRows: number;
}

/** Runs the query. `gone`: there will never be a pack, and why. `unsealed`: nothing is sealed yet. */
export async function freezeQuery(deps: CollectDeps, pack: PackRow): Promise<Frozen | { readonly gone: string } | { readonly unsealed: number }> {
  const { subject } = KIND_RULES[pack.kind];
  const checkpoint = await deps.ledger.latestCheckpoint();
  if (!checkpoint) return { unsealed: 1 };
  const base = { story: undefined, certificate: undefined, tooNew: 0, volumeRows: deps.volumeRows ?? VOLUME_ROWS };
  if (subject === 'call') {
    const story = pack.requestId === null ? undefined : await deps.gateway.findCall(pack.requestId);
    if (!story) return { gone: 'the call is no longer on record' };
    const { call, transfers } = story;
    const refs: RecordRef[] = [{ table: 'calls', id: call.request_id },
      ...transfers.flatMap(({ transfer_id: id, outcome }): RecordRef[] => [{ table: 'transfers', id }, ...(outcome ? [{ table: 'transfer_outcomes', id } as const] : [])])];
    return frozen(refs, [], await readCustodyIds(deps.reader, call.request_id, CUSTODY_LIMIT + 1_000), checkpoint, { ...base, story }, call.at);
  }
  if (subject === 'run') {
    const certificate = pack.params.run_id === null ? undefined : await deps.retention.certificate(pack.params.run_id);
    if (!certificate) return { gone: 'the purge run has no certificate' };
    const audit = await readAuditIds(deps.reader, [{ kind: 'purge_run', id: certificate.runId }, { kind: 'certificate', id: certificate.certificateId }, { kind: 'pack', id: pack.packId }], CUSTODY_LIMIT + 1_000);
    return frozen([], [], audit, checkpoint, { ...base, certificate }, null);
  }
  const where = { accountId: pack.accountId, from: dateOf(pack.params.from), until: dateOf(pack.params.until), below: checkpoint.treeSize };
  const tables = pack.params.data_types.flatMap((type) => TABLES_OF[type]);
  const found: TableFound[] = [];
  let tooNew = 0;
  for (const table of tables) {
    const one = await readIds(deps.reader, table, { ...where, most: MOST_ROWS });
    found.push(one);
    tooNew += await countUnsealed(deps.reader, table, where);
    if (found.reduce((sum, { ids }) => sum + ids.length, 0) > MOST_ROWS) return { gone: `the selection has more than ${MOST_ROWS} records; ask for a shorter time` };
  }
  const refs = found.flatMap(({ table, ids }) => ids.map((id): RecordRef => ({ table, id })));
  const audit = await readAuditIds(deps.reader, [{ kind: 'pack', id: pack.packId }, ...(pack.accountId === null || pack.kind !== 'subject_access' ? [] : [{ kind: 'account', id: pack.accountId }])], CUSTODY_LIMIT + 1_000);
  const first = found.flatMap((one) => one.first ?? []).sort((a, b) => a.getTime() - b.getTime())[0];
  return frozen(refs, found, audit, checkpoint, { ...base, tooNew }, first ?? null);
}

function frozen(refs: RecordRef[], found: TableFound[], custodyIds: Uuid[], checkpoint: { treeSize: bigint; at: Date }, rest: Pick<Frozen, 'story' | 'certificate' | 'tooNew' | 'volumeRows'>, oldest: Date | null): Frozen {
  const counts: Record<string, number> = {};
  for (const { table } of refs) counts[table] = (counts[table] ?? 0) + 1;
  for (const { table } of found) counts[table] ??= 0;
  return {
    ...rest, refs, found, custodyTotal: custodyIds.length, custody: custodyIds.slice(-CUSTODY_LIMIT).map((id) => ({ table: 'audit_records' as RecordTableName, id })),
    volumes: Math.max(1, Math.ceil(refs.length / rest.volumeRows)),
    snapshot: { tree_size: checkpoint.treeSize.toString(), taken_at: checkpoint.at.toISOString(), counts, ids_sha256: idsDigest(refs), oldest: oldest?.toISOString() ?? null },
  };
}

/** SHA-256 over "table/id" lines, hex. */
export function idsDigest(refs: readonly RecordRef[]): string {
  const hash = createHash('sha256');
  for (const { table, id } of refs) hash.update(`${table}/${id}\n`);
  return hash.digest('hex');
}

function dateOf(text: string | null): Date | null { return text === null ? null : new Date(text); }

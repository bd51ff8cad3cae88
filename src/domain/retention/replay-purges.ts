// After an old backup is restored: what is certified as gone goes again, entry by entry of the journal of removals, before anybody reads.
import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { HoldfastError } from '../../kernel/errors.js';
import { isRefusal, type Refusal } from '../../kernel/result.js';
import type { KeyRing } from '../../platform/crypto/keyring.js';
import type { Act, Tx } from '../../platform/db/index.js';
import type { Ledger, LogGap, WrittenEntry } from '../ledger/index.js';
import type { Vault } from '../vault/index.js';
import type { PurgeMethod } from './purge.js';
import { itemsOf, readPurgeRemoval, type PurgeRemoval } from './purge-removal.js';
import { PURGE_TARGETS, type PurgeTarget } from './purge-targets.js';
import { inTx } from './query.store.js';
import { readSchedule, writeSchedule } from './schedule.store.js';
import { countPlaced, countRows, insertCertifiedRun, placeLeaves, removePlaced, removeRowsByKey } from './replay.store.js';

/** What one entry of the journal does to the restored database. `rows`: how many were there again, of content wrapped anew how many pieces. */
export interface ReplayedEntry { readonly number: number; readonly kind: WrittenEntry['kind']; readonly subject: string; readonly at: string; readonly rows: number }
/** `gap`: what the log was behind by; undefined when it was not. `keysDestroyed`: keys of the vault that had come back. */
export interface ReplayReport { readonly dryRun: boolean; readonly gap: LogGap | undefined; readonly entries: readonly ReplayedEntry[]; readonly rows: number; readonly keysDestroyed: readonly string[] }

export interface Replay {
  /**
   * Makes a restored database good. The log first, since rows are found by their leaves; then each entry in a transaction of its own, so
   * that a crash loses nothing and the next call goes on. `dryRun` tells and changes nothing. Refusals: confirmation_required (lost
   * leaves), conflict (log and database do not belong together). Throws `verification_failed` for a journal that does not verify.
   */
  replayPurges(actor: Actor, options: { readonly dryRun?: boolean; readonly acceptLost?: bigint; readonly onEntry?: (entry: ReplayedEntry) => void }): Promise<ReplayReport | Refusal>;
}

interface ReplayDeps {
  readonly clock: Clock; readonly act: Act; readonly keys: KeyRing;
  readonly ledger: Pick<Ledger, 'append' | 'removals' | 'resumeLog'>; readonly vault: Pick<Vault, 'replayKeys'>;
}

/** Carries what a dry run found out of the transaction it undoes. */
class Undone extends Error { constructor(readonly found: unknown) { super('a dry run is undone'); } }

export function createReplay(deps: ReplayDeps): Replay {
  const inTrial = async <T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> => {
    try { return await deps.act(actor, async (tx): Promise<T> => { throw new Undone(await work(tx)); }); } catch (error) {
      if (error instanceof Undone) return error.found as T;
      throw error;
    }
  };
  return {
    replayPurges: async (actor, { dryRun = false, acceptLost, onEntry }) => {
      const entries: ReplayedEntry[] = [];
      if (dryRun) {
        // A trial accepts whatever would be lost, since nothing of it stays.
        const gap = await inTrial(actor, async (tx) => {
          const found = await deps.ledger.resumeLog(tx, 'any');
          if (!isRefusal(found)) for await (const entry of deps.ledger.removals.unknown()) entries.push(toReplayed(entry, await countEntry(deps, tx, entry)));
          return found;
        });
        return isRefusal(gap) ? gap : { dryRun, gap, entries, rows: sum(entries), keysDestroyed: [] };
      }
      const gap = await deps.act(actor, async (tx) => {
        const resumed = await deps.ledger.resumeLog(tx, acceptLost);
        if (resumed && !isRefusal(resumed) && resumed.lost > 0n) await pauseSchedule(deps, tx);
        return resumed;
      });
      if (isRefusal(gap)) return gap;
      // The whole journal is read before anything is removed: one that breaks off half-way is found now. Keys first, since reads open with the last entry.
      const names = await deps.ledger.removals.shredded();
      for await (const entry of deps.ledger.removals.unknown()) { if (entry.kind === 'shred') names.push(entry.subject); else if (entry.kind === 'purge') readPurgeRemoval(entry, deps.keys.publicKey('certificate')); }
      const keysDestroyed = await deps.vault.replayKeys.destroy(names);
      for await (const entry of deps.ledger.removals.unknown()) {
        const replayed = await deps.act(actor, (tx) => replayEntry(deps, tx, entry));
        entries.push(replayed);
        onEntry?.(replayed);
      }
      if (gap || entries.length > 0 || keysDestroyed.length > 0) await deps.act(actor, (tx) => deps.ledger.append(tx, { action: 'purge.replay-end', subjectKind: 'removal_journal', subjectId: 'removals', purpose: 'compliance_retention',
        after: { entries: entries.length, rows: sum(entries), keys_destroyed: keysDestroyed, leaves_resumed: gap ? (gap.toSize - gap.fromSize).toString() : '0', leaves_lost: gap?.lost.toString() ?? '0' } }));
      return { dryRun, gap, entries, rows: sum(entries), keysDestroyed };
    },
  };
}

/** Holds placed since the backup are lost with it: nothing is purged by itself before somebody has placed them again and lets the schedule go on. */
async function pauseSchedule({ ledger }: ReplayDeps, tx: Tx): Promise<void> {
  const before = await readSchedule(inTx(tx));
  if (before.paused) return;
  await writeSchedule(tx, { ...before, paused: true });
  await ledger.append(tx, { action: 'schedule.set', subjectKind: 'purge_schedule', subjectId: 'purge', purpose: 'compliance_retention', reason: 'records were lost in a restore, and holds may be among them', before: { ...before }, after: { ...before, paused: true } });
}

function sum(entries: readonly ReplayedEntry[]): number { return entries.reduce((total, { kind, rows }) => (kind === 'purge' ? total + rows : total), 0); }
function toReplayed({ number, kind, subject, at }: WrittenEntry, rows: number): ReplayedEntry { return { number, kind, subject, at, rows }; }

/** Commit point of an entry: rows gone, run and certificate back, and the database knows the entry; all of it or nothing. */
async function replayEntry(deps: ReplayDeps, tx: Tx, entry: WrittenEntry): Promise<ReplayedEntry> {
  const removal = entry.kind === 'purge' ? readPurgeRemoval(entry, deps.keys.publicKey('certificate')) : undefined;
  let rows = 0;
  if (removal) {
    const items = certifiedItems(removal);
    for (const { target, partition, leaves, ids } of items) {
      if (leaves) { await placeLeaves(tx, leaves); rows += await removePlaced(tx, target, partition); refuseSurvivors(entry, await countPlaced(tx, target, partition)); }
      if (ids.length > 0) { rows += await removeRowsByKey(tx, target, ids, removal.certificate.issuedAt); refuseSurvivors(entry, await countRows(tx, target, ids)); }
    }
    await insertCertifiedRun(tx, removal.certificate, items.map(({ target, ...item }) => ({ ...item, table: target.table })));
  } else if (entry.kind === 'rewrap') rows = await deps.vault.replayKeys.rewrap(tx, entry.body);
  await deps.ledger.removals.take(tx, entry);
  await deps.ledger.append(tx, { action: 'purge.replay', subjectKind: entry.kind === 'purge' ? 'purge_run' : 'vault_key', subjectId: entry.subject, purpose: 'compliance_retention',
    after: { number: entry.number, kind: entry.kind, rows, entry_sha256: entry.sha256, ...(removal ? { certificate_id: removal.certificate.certificateId } : {}) } });
  return toReplayed(entry, rows);
}

async function countEntry({ keys }: ReplayDeps, tx: Tx, entry: WrittenEntry): Promise<number> {
  let rows = 0;
  if (entry.kind === 'purge') for (const { target, partition, leaves, ids } of certifiedItems(readPurgeRemoval(entry, keys.publicKey('certificate')))) {
    if (leaves) { await placeLeaves(tx, leaves); rows += await countPlaced(tx, target, partition); }
    if (ids.length > 0) rows += await countRows(tx, target, ids);
  }
  return rows;
}

function refuseSurvivors(entry: WrittenEntry, survivors: number): void {
  if (survivors > 0) throw new HoldfastError('verification_failed', `${survivors} rows of run ${entry.subject} could not be removed again; nothing is opened`);
}

interface ReplayItem { readonly target: PurgeTarget; readonly position: number; readonly partition: string | null; readonly method: PurgeMethod; readonly leaves: Buffer | null; readonly ids: readonly string[]; readonly named: ReturnType<typeof itemsOf>[number] }

/** What the certificate says of each item, beside what the journal has of it. */
function certifiedItems({ certificate, items }: PurgeRemoval): ReplayItem[] {
  return itemsOf(certificate.body).map((named) => {
    const kept = items.find((item) => item.position === named['position']), target = Object.values(PURGE_TARGETS).flat().find((one) => one.table === named['table']);
    if (!target || !kept) throw new HoldfastError('verification_failed', `certificate ${certificate.certificateId} names item ${JSON.stringify(named['position'])} in ${JSON.stringify(named['table'])}, of which ${target ? 'the journal has nothing' : 'this program knows nothing: it was issued by a newer one'}`);
    return { target, position: kept.position, partition: named['partition'] as string | null, method: named['method'] as PurgeMethod, leaves: kept.leaves, ids: kept.rows, named };
  });
}

// At a gateway's start: what gateways that died left in their journals goes on record before anything new is accepted.
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemActor } from '../../kernel/actor.js';
import type { Act, Database } from '../../platform/db/index.js';
import type { Logger } from '../../platform/log/log.js';
import { listJournals, readLeftJournal, removeJournal, renameJournal } from '../../platform/journal/journal.js';
import { decodeRecords, type Ledger, type LedgerRecord } from '../ledger/index.js';
import { markReplayed } from './epoch.store.js';
import { createPutOnRecord } from './replay-records.js';
import { HEARTBEAT_MS } from './run-epoch.js';
import { journalName, spoolFolder } from './spool.js';

export interface AdoptDeps { readonly home: string; readonly database: Database; readonly bookkeeping: Act; readonly ledger: Ledger; readonly log: Logger }

/** An owner that lives says so within this, now that PostgreSQL answers; after it, it is dead. */
const SILENT_MS = 3 * HEARTBEAT_MS;
const AT_ONCE = 250;

/**
 * Replays every journal whose owner is dead. Rejects when one is damaged, or when PostgreSQL goes away: then the gateway must not start.
 * Safe to be killed at any point, and beside other gateways: a journal is claimed by renaming it, and what is on record is left out.
 */
export async function adoptJournals(deps: AdoptDeps, ownEpoch: string): Promise<void> {
  const folder = spoolFolder(deps.home);
  for (const name of await listJournals(folder)) {
    const [epochId, owner] = name.split('.') as [string, string];
    if (owner !== ownEpoch && !await isDead(deps, owner)) continue;
    const path = join(folder, journalName(epochId, ownEpoch));
    if (!await renameJournal(join(folder, name), path)) continue;
    let calls = 0, writes: LedgerRecord[][] = [];
    const put = createPutOnRecord(deps.ledger, epochId, true);
    for await (const group of readLeftJournal(path)) {
      const fresh = group.entries.map(decodeRecords);
      writes.push(...fresh);
      calls += fresh.flat().filter((one) => one.table === 'calls').length;
      if (writes.length >= AT_ONCE) { await put(writes); writes = []; }
    }
    await put(writes);
    await deps.bookkeeping(systemActor('gateway'), (tx) => markReplayed(tx, epochId));
    // Commit point passed: all of it is on record. A crash before the removal only makes the next start look again.
    await removeJournal(path);
    deps.log.warn('the journal of a gateway that died was put on record', { epoch_id: epochId, calls });
  }
}

/** Whether the gateway of this epoch is gone: closed, its process not on this machine any more, or silent although it could speak. */
async function isDead({ database }: AdoptDeps, owner: string): Promise<boolean> {
  const read = async (): Promise<{ closed: boolean; host: string; pid: number; seen: Date } | undefined> =>
    (await database.pool.query<{ closed: boolean; host: string; pid: number; seen: Date }>('SELECT closed_at IS NOT NULL AS closed, host, pid, last_seen_at AS seen FROM gateway_epochs WHERE epoch_id = $1', [owner])).rows[0];
  const first = await read();
  if (!first || first.closed) return true;
  if (first.host === hostname() && (first.pid === process.pid || !isRunning(first.pid))) return true;
  // A process of another machine or container, or a stranger's with the same number.
  for (let waited = 0; waited < SILENT_MS; waited += 500) {
    await sleep(500);
    const now = await read();
    if (!now || now.closed) return true;
    if (now.seen.getTime() !== first.seen.getTime()) return false;
  }
  return true;
}

function isRunning(pid: number): boolean {
  try { return process.kill(pid, 0); } catch (error) { return (error as NodeJS.ErrnoException).code === 'EPERM'; }
}

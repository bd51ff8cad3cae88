// Whether this database is the one that was last: an older one, restored from a backup, has rows again that are certified as gone.
import { readLatestCheckpoint } from '../checkpoint.view.js';
import type { LogKey } from '../log-key.js';
import type { Reader } from '../reader.js';
import type { Removals } from '../removals/keep-removals.js';
import { readKnown } from '../removals/removals.view.js';
import { readPublished } from './published-log.js';

/** `closed`: why nothing may be read, in one sentence; undefined when everything is as it was left. */
export interface Standing { readonly closed: string | undefined; /** Entries of the journal of removals that this database does not know. */ readonly removalsBehind: number; /** Published leaves it does not have. */ readonly leavesBehind: bigint }

const HOW = 'the database was restored from a backup; until `holdfast purge replay` has removed again what was purged since, nothing is read from it (docs/restore.md)';

export interface StandingDeps { readonly home: string; readonly anchorDir: string | undefined; readonly reader: Reader; readonly key: LogKey; readonly removals: Removals }

/** Compares. Files are read before the database, which is always ahead of them: what is written meanwhile never looks like a restore. */
export async function readStanding({ home, anchorDir, reader, key, removals }: StandingDeps): Promise<Standing> {
  const published = await readPublished({ home, anchorDir, firstKey: key.verifierKey }), disk = await removals.onDisk();
  const known = await readKnown(reader), size = (await readLatestCheckpoint(reader))?.treeSize ?? 0n;
  const leavesBehind = published && published.treeSize > size ? published.treeSize - size : 0n;
  const last = Math.max(disk.last, ...disk.heads.map((head) => head.entries)), removalsBehind = Math.max(0, last - (known?.number ?? 0));
  if (removalsBehind > 0) return { removalsBehind, leavesBehind, closed: `the journal of removals is ${removalsBehind} ${removalsBehind === 1 ? 'entry' : 'entries'} ahead of the database: ${HOW}` };
  if (leavesBehind > 0n) return { removalsBehind, leavesBehind, closed: `the published log is ${leavesBehind} ${leavesBehind === 1n ? 'leaf' : 'leaves'} ahead of the database: ${HOW}` };
  for (const head of disk.heads) {
    const same = head.entries === known?.number ? known : await readKnown(reader, head.entries);
    if (same?.sha256 !== head.sha256) return { removalsBehind, leavesBehind, closed: `removal ${head.entries} of the database is another than the journal has; this home belongs to another database, or the database went on after it was restored` };
  }
  return { closed: undefined, removalsBehind, leavesBehind };
}

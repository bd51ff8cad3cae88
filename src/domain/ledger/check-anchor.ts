// Before anything is signed: the checkpoint published outside the database must be a prefix of the database's tree.
import { coerceError } from '../../kernel/errors.js';
import type { Checkpoint } from './checkpoint.view.js';
import { foldNodes, perfectNodes } from './log/proof-nodes.js';
import type { LogKey } from './log-key.js';
import { anchorFile, readAnchor } from './publish-log.js';
import type { Reader } from './reader.js';
import { refused } from './seal-batches.js';
import { readNodes } from './tiles.view.js';

/**
 * The check for one HOME. It throws `verification_failed` when the database is behind what was published (restored from an old backup,
 * or cut) or went another way: signing on would give the log two histories, which no one could ever repair.
 */
export function createAnchorCheck({ home, reader, key }: { home: string; reader: Reader; key: LogKey }): (last: Checkpoint | undefined) => Promise<void> {
  return async (last) => {
    const note = await readAnchor(home);
    if (note === undefined || note === last?.note) return;
    const signed = open(key, note, home);
    const size = last?.treeSize ?? 0n;
    if (signed.treeSize > size) throw refused(`${anchorFile(home)} covers ${signed.treeSize} leaves and the database ${size}: it was restored from an older backup, or cut; restore the newer one`);
    if (signed.treeSize === 0n) return;
    const nodes = perfectNodes(0n, signed.treeSize);
    if (!foldNodes(nodes, await readNodes(reader, nodes)).equals(signed.root)) throw refused(`${anchorFile(home)} and the database hold different trees of ${signed.treeSize} leaves`);
  };
}

function open(key: LogKey, note: string, home: string): { treeSize: bigint; root: Buffer } {
  try { return key.open(note); } catch (error) { throw refused(`${anchorFile(home)} is not a checkpoint of this log (${coerceError(error).message})`); }
}

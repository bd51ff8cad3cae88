// Before anything is signed: the checkpoint published outside the database must be a prefix of the database's tree.
import { join } from 'node:path';
import { coerceError } from '../../kernel/errors.js';
import type { Checkpoint } from './checkpoint.view.js';
import { foldNodes, perfectNodes } from './log/proof-nodes.js';
import type { LogKey } from './log-key.js';
import { anchorFile, readNote } from './publish-log.js';
import type { Reader } from './reader.js';
import { refused } from './seal-batches.js';
import { readNodes } from './tiles.view.js';

/**
 * The check for one HOME. It throws `verification_failed` when the database is behind what was published (restored from an old backup,
 * or cut) or went another way: signing on would give the log two histories, which no one could ever repair.
 */
export function createAnchorCheck({ home, anchorDir, reader, key }: { home: string; anchorDir?: string | undefined; reader: Reader; key: LogKey }): (last: Checkpoint | undefined) => Promise<void> {
  const files = [anchorFile(home), ...(anchorDir === undefined ? [] : [join(anchorDir, 'checkpoint')])];
  return async (last) => { for (const file of files) await check(file, last); };

  async function check(file: string, last: Checkpoint | undefined): Promise<void> {
    const note = await readNote(file);
    if (note === undefined || note === last?.note) return;
    const signed = open(key, note, file), size = last?.treeSize ?? 0n;
    if (signed.treeSize > size) throw refused(`${file} covers ${signed.treeSize} leaves and the database ${size}: it was restored from an older backup, or cut; restore the newer one`);
    if (signed.treeSize === 0n) return;
    const nodes = perfectNodes(0n, signed.treeSize);
    if (!foldNodes(nodes, await readNodes(reader, nodes)).equals(signed.root)) throw refused(`${file} and the database hold different trees of ${signed.treeSize} leaves`);
  }
}

function open(key: LogKey, note: string, file: string): { treeSize: bigint; root: Buffer } {
  try { return key.open(note); } catch (error) { throw refused(`${file} is not a checkpoint of this log (${coerceError(error).message})`); }
}

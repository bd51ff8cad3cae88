// Reads which leaves of the ledger rows stand for, before the rows go.
import { HoldfastError } from '../../kernel/errors.js';
import { managerOf, type Tx } from '../../platform/db/index.js';
import { onlyGone, type DayPartition } from './partitions.store.js';
import { LeafList, mergeLeaves } from './purged-leaves.js';

/** Words of 64 leaves that come over the wire at once: 160 kB. */
const PAGE = 10_000;
const WORD = 64, WORD_BYTES = 16;

/** What goes with an old partition: its leaves, how many rows, and the time of the oldest and the newest. */
export interface GoneLeaves { readonly leaves: LeafList; readonly minAt: Date | null; readonly maxAt: Date | null }

/**
 * The leaves of everything that goes with the old partition. PostgreSQL reads each row once and makes a bit of it in a word of its batch,
 * so that some bytes a batch come over the wire and nothing is held here but the list itself. Throws `conflict` while a record is not
 * sealed, and an Error when two rows claim one leaf.
 */
export async function readGoneLeaves(tx: Tx, part: DayPartition, live: boolean): Promise<GoneLeaves> {
  const manager = managerOf(tx), leaves = new LeafList();
  // 64 MB hold the words of some ten million rows; more would go to disk and take longer.
  await manager.query("SET LOCAL work_mem = '64MB'");
  // One scalar query a batch, by its key: a join would read all batches there ever were.
  await manager.query(`CREATE TEMPORARY TABLE gone_leaves ON COMMIT DROP AS
    SELECT (SELECT b.first_leaf FROM ledger_batches b WHERE b.batch_id = g.batch_id) + ${WORD} * g.word AS first, g.bits, g.records, g.min_at, g.max_at
    FROM (SELECT t.batch_id, t.batch_position / ${WORD} AS word, bit_or(1::bigint << t.batch_position % ${WORD}) AS bits, count(*) AS records, min(t.at) AS min_at, max(t.at) AS max_at
      FROM ${part.gone} t WHERE ${onlyGone(part, live)} GROUP BY 1, 2) g`);
  const [all] = await manager.query('SELECT coalesce(sum(records), 0) AS records, count(*) FILTER (WHERE first IS NULL) AS unsealed, min(min_at) AS min_at, max(max_at) AS max_at FROM gone_leaves') as
    { records: string; unsealed: string; min_at: Date | null; max_at: Date | null }[];
  if (all!.unsealed !== '0') throw notSealed(part.name);
  await manager.query(`DECLARE gone_pages NO SCROLL CURSOR FOR SELECT string_agg(int8send(first) || int8send(bits), '' ORDER BY first) AS words
    FROM (SELECT first, bits, row_number() OVER (ORDER BY first) / ${PAGE} AS page FROM gone_leaves) n GROUP BY page ORDER BY page`);
  for (;;) {
    const [page] = await manager.query('FETCH 1 FROM gone_pages') as { words: Buffer }[];
    if (!page) break;
    addWords(leaves, page.words);
  }
  await manager.query('CLOSE gone_pages');
  if (String(leaves.count) !== all!.records) throw new Error(`${part.gone} has ${all!.records} rows that stand for ${leaves.count} leaves: two claim the same place in a batch`);
  return { leaves, minAt: all!.min_at, maxAt: all!.max_at };
}

/** Adds the leaves of words: eight bytes of the first leaf, eight of bits, the lowest for the first. */
function addWords(leaves: LeafList, words: Buffer): void {
  for (let at = 0; at < words.length; at += WORD_BYTES) {
    const first = words.readUInt32BE(at) * 2 ** 32 + words.readUInt32BE(at + 4);
    for (const [half, from] of [[words.readUInt32BE(at + 12), first], [words.readUInt32BE(at + 8), first + 32]] as const) {
      for (let bits = half, leaf = from; bits !== 0; bits >>>= 1, leaf += 1) if (bits & 1) leaves.add(leaf);
    }
  }
}

/** A leaf index from a row. Throws `conflict` for a record that is not sealed: its removal could not be told from a loss. */
export function sealedLeaf(leaf: string | null, where: string): number {
  if (leaf === null) throw notSealed(where);
  return Number(leaf);
}

export function notSealed(where: string): HoldfastError {
  return new HoldfastError('conflict', `${where} has records that are not sealed yet, and only sealed records may go; the run goes on when the sealer has caught up`);
}

/** Keeps the leaves of one batch of an item, in the transaction that removes its rows. */
export async function insertLeafPart(tx: Tx, runId: string, position: number, leaves: LeafList): Promise<void> {
  await managerOf(tx).query(`INSERT INTO purge_item_leaves (run_id, position, part, leaves)
    SELECT $1, $2, coalesce(max(part), 0) + 1, $3 FROM purge_item_leaves WHERE run_id = $1 AND position = $2`, [runId, position, leaves.pack()]);
}

/** Takes the leaves of all batches of an item and leaves none behind. */
export async function takeLeafParts(tx: Tx, runId: string, position: number): Promise<LeafList> {
  const [rows] = await managerOf(tx).query('DELETE FROM purge_item_leaves WHERE run_id = $1 AND position = $2 RETURNING leaves', [runId, position]) as [{ leaves: Buffer }[], number];
  return mergeLeaves(rows.map((row) => row.leaves));
}

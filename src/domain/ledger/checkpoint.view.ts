import type pg from 'pg';
import { question, type Question } from '../../platform/db/index.js';

/** A signed checkpoint as stored. */
export interface Checkpoint { readonly treeSize: bigint; /** 32 bytes. */ readonly root: Buffer; /** The signed note. */ readonly note: string; readonly at: Date }

interface Row { tree_size: string; root: Buffer; signed_note: string; at: Date }

const LATEST = 'SELECT tree_size, root, signed_note, at FROM ledger_checkpoints ORDER BY tree_size DESC LIMIT 1';

/** The newest checkpoint; undefined before the first seal. */
export async function readLatestCheckpoint(reader: pg.Pool): Promise<Checkpoint | undefined> {
  const { rows: [row] } = await reader.query<Row>(LATEST);
  return row && toCheckpoint(row);
}

/** The same, to be asked together with others. */
export function latestCheckpoint(): Question<Checkpoint | undefined> { return question<Row, Checkpoint | undefined>(LATEST, [], ([row]) => row && toCheckpoint(row)); }

/** The first checkpoints with more than `after` leaves, smallest first, at most `limit`. */
export async function readCheckpointsAfter(reader: pg.Pool, after: bigint, limit: number): Promise<Checkpoint[]> {
  const { rows } = await reader.query<Row>('SELECT tree_size, root, signed_note, at FROM ledger_checkpoints WHERE tree_size > $1 ORDER BY tree_size LIMIT $2', [String(after), limit]);
  return rows.map(toCheckpoint);
}

function toCheckpoint(row: Row): Checkpoint { return { treeSize: BigInt(row.tree_size), root: row.root, note: row.signed_note, at: row.at }; }

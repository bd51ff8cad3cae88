// Runs the recorder's statements on the pool. A missing partition is made on the spot: a day nobody prepared must not stop the calls.
import type { Clock } from '../../kernel/clock.js';
import { ensurePartitions, type Database } from '../../platform/db/index.js';
import type { RecordStore } from './recorder.js';
import type { Statement } from './write-records.js';

const DAY_MS = 86_400_000;
/** Connections that are warm before the first call comes: as many statements fly at once. */
const WARM = 4;

export interface PooledRecordStore extends RecordStore {
  /** Runs these statements on the connections calls will use, and rolls them back: the first calls then wait for no connecting, parsing or reading of catalogues (10 to 40 ms). */
  warm(statements: () => readonly Statement[]): Promise<void>;
}

/** Each shape of statement is parsed by PostgreSQL once a connection. */
export function createRecordStore(database: Pick<Database, 'pool' | 'writer'>, clock: Clock): PooledRecordStore {
  const names = new Map<string, string>();
  const nameOf = (text: string): string => {
    let name = names.get(text);
    if (!name) names.set(text, name = `record_${names.size + 1}`);
    return name;
  };
  return {
    run: async (text, values, limitMs) => {
      const statement = { name: nameOf(text), text, values, query_timeout: limitMs };
      try { await database.writer.query(statement); } catch (error) {
        if (!isMissingPartition(error)) throw error;
        const now = clock.now().getTime();
        await ensurePartitions(database.pool, new Date(now - DAY_MS), new Date(now + DAY_MS));
        await database.writer.query(statement);
      }
    },
    hasBatch: async (batchIds, limitMs) => {
      const question = { text: 'SELECT 1 FROM ledger_batches WHERE batch_id = ANY($1::uuid[]) LIMIT 1', values: [batchIds], query_timeout: limitMs };
      const { rowCount } = await database.writer.query(question);
      return rowCount === 1;
    },
    warm: async (statements) => {
      const clients = await Promise.all(Array.from({ length: WARM }, () => database.writer.connect()));
      await Promise.all(clients.map(async (client) => {
        try {
          await client.query('BEGIN');
          for (const { text, values } of statements()) await client.query({ name: nameOf(text), text, values });
          await client.query('ROLLBACK');
          client.release();
        } catch (error) {
          client.release(true); // it may still be in its transaction
          throw error;
        }
      }));
    },
  };
}

/** PostgreSQL's check_violation for a row that no partition takes. */
function isMissingPartition(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23514' && error.message.startsWith('no partition of relation');
}

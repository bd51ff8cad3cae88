// Runs the recorder's statements on the pool. A missing partition is made on the spot: a day nobody prepared must not stop the calls.
import type { Clock } from '../../kernel/clock.js';
import { ensurePartitions, type Database } from '../../platform/db/index.js';
import type { RunStatement } from './recorder.js';

const DAY_MS = 86_400_000;

/** Each shape of statement is parsed by PostgreSQL once a connection. */
export function createRunStatement(database: Pick<Database, 'pool'>, clock: Clock): RunStatement {
  const names = new Map<string, string>();
  const nameOf = (text: string): string => {
    let name = names.get(text);
    if (!name) names.set(text, name = `record_${names.size + 1}`);
    return name;
  };
  return async (text, values) => {
    const statement = { name: nameOf(text), text, values };
    try { await database.pool.query(statement); } catch (error) {
      if (!isMissingPartition(error)) throw error;
      const now = clock.now().getTime();
      await ensurePartitions(database.pool, new Date(now - DAY_MS), new Date(now + DAY_MS));
      await database.pool.query(statement);
    }
  };
}

/** PostgreSQL's check_violation for a row that no partition takes. */
function isMissingPartition(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23514' && error.message.startsWith('no partition of relation');
}

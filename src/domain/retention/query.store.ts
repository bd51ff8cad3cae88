// One way to ask, on the reading pool or inside a transaction, so that both see the same rows by the same text.
import { borrowClient, managerOf, type Database, type Question, type Tx } from '../../platform/db/index.js';

/** Runs one statement with $1… parameters and answers its rows. */
export type Query = <Row extends object>(text: string, values?: readonly unknown[]) => Promise<Row[]>;

/** Asks one question by itself. */
export async function answerOf<T>(query: Query, question: Question<T>): Promise<T> { return question.read(await query(question.text, question.values)); }

/** Asks on the read-only pool. */
export function onReader(database: Database): Query {
  return async <Row extends object>(text: string, values: readonly unknown[] = []) => (await database.reader.query<Row>(text, [...values])).rows;
}

/** Asks inside the transaction. A statement with RETURNING answers what it returned. */
export function inTx(tx: Tx): Query {
  return async <Row extends object>(text: string, values: readonly unknown[] = []) => {
    const answer = await managerOf(tx).query(text, [...values]) as unknown;
    // TypeORM answers UPDATE and DELETE as [rows, count], everything else as rows.
    return (/^\s*(UPDATE|DELETE)\b/i.test(text) ? (answer as [Row[], number])[0] : answer) as Row[];
  };
}

/** How long a statement may wait for a lock, and how long it may take, from here to the end of the transaction. */
export async function limit(tx: Tx, { lockMs, statementMs }: { readonly lockMs: number; readonly statementMs: number }): Promise<void> {
  await managerOf(tx).query(`SET LOCAL lock_timeout = ${lockMs}; SET LOCAL statement_timeout = ${statementMs}`);
}

/** What reads or copies a whole partition may take that long; the reading pool, which people wait at, gives up after 30 s. */
export const WHOLE_PARTITION_MS = 30 * 60_000;

/** Asks read-only and with the patience that whole partitions need. For what no person waits for. */
export function onPatientReader(database: Database): Query {
  return <Row extends object>(text: string, values: readonly unknown[] = []) => borrowClient(database.pool, async (client) => {
    await client.query(`BEGIN READ ONLY; SET LOCAL lock_timeout = '10s'; SET LOCAL statement_timeout = ${WHOLE_PARTITION_MS}`);
    const { rows } = await client.query<Row>(text, [...values]);
    await client.query('COMMIT');
    return rows;
  });
}

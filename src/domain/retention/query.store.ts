// One way to ask, on the reading pool or inside a transaction, so that both see the same rows by the same text.
import { managerOf, type Database, type Tx } from '../../platform/db/index.js';

/** Runs one statement with $1… parameters and answers its rows. */
export type Query = <Row extends object>(text: string, values?: readonly unknown[]) => Promise<Row[]>;

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

// Several questions in one round trip: what one reading needs of many tables costs one wait instead of one for each.
import pg from 'pg';

export type Value = string | number | bigint | boolean | Date | null | readonly string[];

/** A statement that reads, its $1… values, and what its rows mean. */
export interface Question<T> { readonly text: string; readonly values: readonly Value[]; read(rows: readonly unknown[]): T }

/** A question whose rows are of this shape. */
export function question<Row extends object, T>(text: string, values: readonly Value[], read: (rows: readonly Row[]) => T): Question<T> {
  return { text, values, read: (rows) => read(rows as readonly Row[]) };
}

export type Questions = Readonly<Record<string, Question<unknown>>>;
export type Answers<Q extends Questions> = { readonly [Name in keyof Q]: ReturnType<Q[Name]['read']> };

/**
 * Asks all of them on one connection, in their order, each seeing what was committed before it began. Values travel as literals, quoted by the
 * driver, so that PostgreSQL chooses partitions by them when it plans. Throws TypeError for a value with a NUL; the first that fails fails all.
 */
export async function askTogether<Q extends Questions>(pool: pg.Pool, questions: Q): Promise<Answers<Q>> {
  const names = Object.keys(questions);
  const results: unknown = await pool.query(names.map((name) => withLiterals(questions[name]!)).join(';\n'));
  const all = (Array.isArray(results) ? results : [results]) as pg.QueryResult<object>[];
  if (all.length !== names.length) throw new TypeError('a question must be one statement');
  return Object.fromEntries(names.map((name, at) => [name, questions[name]!.read(all[at]!.rows)])) as Answers<Q>;
}

/** The text with its values in it. */
export function withLiterals({ text, values }: Pick<Question<unknown>, 'text' | 'values'>): string {
  return text.replaceAll(/\$(\d+)/g, (parameter, number: string) => {
    const at = Number(number) - 1;
    if (at >= values.length) throw new TypeError(`${parameter} has no value`);
    return literal(values[at]!);
  });
}

function literal(value: Value): string { return value === null ? 'NULL' : pg.escapeLiteral(plain(value)); }

/** A value as PostgreSQL reads it, before quoting. */
function plain(value: Exclude<Value, null>): string {
  if (typeof value === 'object') return value instanceof Date ? value.toISOString() : `{${value.map((one) => `"${plain(one).replaceAll(/[\\"]/g, String.raw`\$&`)}"`).join(',')}}`;
  const text = String(value);
  // A NUL would end the message in the middle of the text.
  if (text.includes('\u0000')) throw new TypeError('a value holds a NUL');
  return text;
}

// What a list or a record of the console may show: columns by name, each with how it is read, filtered, sorted and drawn.
// A column that is not listed does not leave the database; secrets, hashes and salts are never listed.

/** How a value is drawn. `micros` is money in micro-units (the currency stands in column `currency`); `json` is sent as text. */
export type ColumnKind = 'id' | 'text' | 'code' | 'time' | 'day' | 'number' | 'bytes' | 'micros' | 'bool' | 'list' | 'json' | 'status' | 'place' | 'places';

export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
  /** SQL expression where it is not the column of that name. */
  readonly sql?: string;
  /** exact `=`; contains (small tables only); range of days; member of an array. Absent: cannot be filtered by. */
  readonly filter?: 'exact' | 'contains' | 'range' | 'member';
  /** uuid filters take nothing that is not a uuid. */
  readonly uuid?: true;
  /** The closed set of values, for a choice. */
  readonly values?: readonly string[];
  readonly sort?: true;
  /** Stands in the list; the rest only on the record's page. */
  readonly list?: true;
  /** What no value means, as a text `common.<word>`; otherwise a dash. */
  readonly nullMeans?: 'all' | 'every';
  /** The resource whose record the value names; 'lookup' is the page of a call. */
  readonly link?: string;
}

/** A table under a record: the account's keys, the items of a run. `sql` takes the record's id as $1. */
export interface Section { readonly name: string; readonly columns: readonly Column[]; readonly sql: string; readonly link?: { readonly resource: string; readonly filter: string } }

export interface ReadModel {
  /** Id of the resource, its address and its key in translations. */
  readonly id: string;
  /** FROM clause, with aliases where expressions use them. */
  readonly from: string;
  /** Name of the column that identifies a record. */
  readonly key: string;
  /** The key is a UUIDv7 minted at the row's time: days become bounds of ids, and newest first is highest id first. */
  readonly keyIsTime?: boolean;
  readonly title: string;
  readonly order: { readonly column: string; readonly direction: 'asc' | 'desc' };
  readonly columns: readonly Column[];
  readonly sections?: readonly Section[];
  /** Lists that can be opened with this record as their filter. */
  readonly related?: readonly { readonly resource: string; readonly filter: string }[];
}

/** The column of the name; undefined when the model has none. */
export function columnOf(model: ReadModel, name: string): Column | undefined {
  return model.columns.find((column) => column.name === name);
}

// Counters that several processes share: a total of what is settled, and holds of what is under way. Both are forgotten at any
// time without harm: totals are read again from the records, and holds end by themselves.

/** What a reservation takes from one counter. Amounts are whole and below 2^53. */
export interface Want {
  readonly counter: string;
  readonly amount: number;
  /** The reservation is given while total and holds together are below it. */
  readonly limit: number;
  /** A gauge has no total: only what is held counts. */
  readonly gauge: boolean;
}
export interface Level { readonly used: number; readonly held: number }
export type ReserveAnswer =
  | { readonly state: 'held'; readonly levels: readonly Level[] }
  /** `at`: the first want that found no room. Nothing was taken from any counter. */
  | { readonly state: 'full'; readonly at: number; readonly level: Level }
  /** These totals are not known: read them, tell them by `rebuild`, and ask again. Nothing was taken. */
  | { readonly state: 'unknown'; readonly counters: readonly string[] };

export interface Counters {
  /**
   * Takes from all counters or from none. The holds end after `ttlMs` unless renewed; one that ends so belonged to a process that died,
   * perhaps between a record and its settlement, and makes the total unknown.
   */
  reserve(id: string, wants: readonly Want[], ttlMs: number): Promise<ReserveAnswer>;
  /** Ends the holds of `id` and adds what was really used to the totals that are known. Answers these totals; undefined where unknown or a gauge. */
  settle(id: string, adds: readonly { readonly counter: string; readonly amount: number }[]): Promise<(number | undefined)[]>;
  /** Makes the holds of `id` last `ttlMs` from now; one that has ended stays so. */
  renew(id: string, counters: readonly string[], ttlMs: number): Promise<void>;
  /** Begins to rebuild a total: from now on settlements are noted beside it. False: it is known, or somebody is at it. */
  begin(counter: string): Promise<boolean>;
  /** Ends a rebuild: `total` as read after `begin`, and the ids of late settlements that are in it already. */
  finish(counter: string, total: number, counted: readonly string[], keepMs: number): Promise<void>;
  /** Forgets totals, for whoever may have missed settlements. */
  forget(counters: readonly string[]): Promise<void>;
  /** Total and holds now; undefined when the total is not known. */
  level(counter: string): Promise<Level | undefined>;
  /**
   * Takes up to `most` of a sliding minute (in slots of a second) that has room for it, unless one of `others` is full: then nothing.
   * Undefined `of`: only looks at the others.
   */
  takeMinute(of: MinuteWant | undefined, others: readonly MinuteLimit[]): Promise<MinuteAnswer>;
  /** Adds to a minute, whatever its limit; a negative amount gives back. */
  addMinute(counter: string, amount: number): Promise<void>;
  close(): Promise<void>;
}

export interface MinuteLimit { readonly counter: string; readonly limit: number }
export interface MinuteWant extends MinuteLimit { readonly most: number }
/** `wait`: whole seconds until there is room, 0 when there is. */
export interface MinuteLevel { readonly used: number; readonly wait: number }
export interface MinuteAnswer { readonly taken: number; /** After the taking; undefined when nothing was asked of it. */ readonly level: MinuteLevel | undefined; readonly others: readonly MinuteLevel[] }

/** How long a rebuild may take before another may begin one. */
export const REBUILD_MS = 15_000;
/** How long after its record a settlement may still come in and be known as counted. */
export const COUNTED_MS = 120_000;

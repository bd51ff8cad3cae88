// Cut-offs: the rules turned into instants, so that a table can be cut by a comparison. Pure.
import type { DataType } from '../../kernel/data-types.js';
import type { Jurisdiction } from '../../kernel/jurisdiction.js';
import { addPeriod, expiredBefore } from '../../kernel/period.js';
import { limitsFor } from './limit-rules.js';
import { LEGAL_LIMITS } from './legal-limits.js';
import { governingRules, OWN_CLOCK, type Rule, type RuleFacts } from './policy-rules.js';

export interface AccountFacts { readonly accountId: string; readonly jurisdiction: Jurisdiction; readonly closedAt: Date | null; readonly disputeClosedAt?: Date | null;
  /** An approved erasure keeps nothing of the account longer than the law asks, of rows made before the instant (null: of all). Unset: no erasure. */
  readonly erased?: { readonly before: Date | null } }
/** An item that a policy names, with the account it belongs to. */
export interface ItemFacts { readonly itemId: string; readonly accountId: string | null; /** By an approved erasure of single calls. */ readonly erased?: true }

export interface ItemCutOff { readonly at: Date | null; readonly accountId: string | null }
/** Items whose clock started before the cut-off are expired. Null: nothing is. Accounts and items that differ stand by name. */
export interface CutOffs { readonly standard: Date | null; readonly accounts: ReadonlyMap<string, Date | null>; readonly items: ReadonlyMap<string, ItemCutOff> }

/** The cut-offs of a data type at `now`. `standard` is for items of no account, and of every account not named. */
export function cutOffsAt(dataType: DataType, facts: RuleFacts, accounts: readonly AccountFacts[], now: Date, items: readonly ItemFacts[] = []): CutOffs {
  const known = new Map<string, Date | null>();
  const byOwnClock = (rule: Rule | null, jurisdiction: Jurisdiction | null): Date | null => {
    const key = `${rule?.keep}|${jurisdiction}`;
    let cutOff = known.get(key);
    if (cutOff === undefined) {
      const floors = limitsFor(dataType, facts.operator, jurisdiction, facts.limits ?? LEGAL_LIMITS).filter((limit) => limit.kind === 'floor').map((floor) => floor.period);
      const ends = [...(rule ? [rule.keep] : []), ...floors].map((period) => expiredBefore(now, period, facts.timeZone));
      known.set(key, cutOff = ends.length === 0 ? now : earliestDate(ends));
    }
    return cutOff;
  };
  const cutOffOf = (account: AccountFacts | null, itemId: string | null = null, itemErased = false): Date | null => {
    const jurisdiction = account?.jurisdiction ?? null;
    const cutOffs = governingRules(facts.rules, dataType, account?.accountId ?? null, jurisdiction, itemId).map((rule) => {
      if (rule.startsAt === OWN_CLOCK[dataType]) return byOwnClock(rule, jurisdiction);
      // A clock of the account: until it runs out nothing of the account goes, afterwards everything the minimums let go.
      const event = rule.startsAt === 'account-closed' ? account?.closedAt : rule.startsAt === 'dispute-closed' ? account?.disputeClosedAt : null;
      return event && addPeriod(event, rule.keep, facts.timeZone) <= now ? byOwnClock(null, jurisdiction) : null;
    });
    if (itemErased) return latestDate([...cutOffs, byOwnClock(null, jurisdiction)]);
    const erased = account?.erased && dataType !== 'payment_records' ? byOwnClock(null, jurisdiction) : null, before = account?.erased?.before ?? null;
    return latestDate([...cutOffs, erased && before ? earlier(erased, before) : erased]);
  };
  const standard = cutOffOf(null), byId = new Map(items.length === 0 ? [] : accounts.map((one) => [one.accountId, one]));
  const differing = accounts.map((one) => [one.accountId, cutOffOf(one)] as const).filter(([, cutOff]) => cutOff?.getTime() !== standard?.getTime());
  return { standard, accounts: new Map(differing), items: new Map(items.map(({ itemId, accountId, erased }) => [itemId, { at: cutOffOf(byId.get(accountId ?? '') ?? null, itemId, erased), accountId }])) };
}

/** Of two answers the one that keeps more, for every account and every item. */
export function keepMore(a: CutOffs, b: CutOffs): CutOffs {
  const named = new Set([...a.accounts.keys(), ...b.accounts.keys()]), items = new Map([...a.items, ...b.items]);
  return {
    standard: earlier(a.standard, b.standard), accounts: new Map([...named].map((id) => [id, earlier(cutOffFor(a, id), cutOffFor(b, id))])),
    items: new Map([...items].map(([id, { accountId }]) => [id, { at: earlier(cutOffFor(a, accountId, id), cutOffFor(b, accountId, id)), accountId }])),
  };
}

/** The cut-off of one item, of an account, or of items without one. */
export function cutOffFor(cutOffs: CutOffs, accountId: string | null, itemId: string | null = null): Date | null {
  const item = itemId === null ? undefined : cutOffs.items.get(itemId);
  if (item) return item.at;
  const own = accountId === null ? undefined : cutOffs.accounts.get(accountId);
  return own === undefined ? cutOffs.standard : own;
}

/** Every cut-off moved by `move`; nulls stay. */
export function mapCutOffs(cutOffs: CutOffs, move: (at: Date) => Date): CutOffs {
  const one = (at: Date | null): Date | null => at && move(at);
  return { standard: one(cutOffs.standard), accounts: new Map([...cutOffs.accounts].map(([id, at]) => [id, one(at)])),
    items: new Map([...cutOffs.items].map(([id, { at, accountId }]) => [id, { at: one(at), accountId }])) };
}

/** The latest cut-off of all: nothing whose clock started at or after it is expired. Null when nothing is. */
export function lastCutOff(cutOffs: CutOffs): Date | null {
  return latestDate([cutOffs.standard, ...cutOffs.accounts.values(), ...[...cutOffs.items.values()].map((item) => item.at)]);
}

function earlier(a: Date | null, b: Date | null): Date | null { return a === null || b === null ? null : a < b ? a : b; }
function earliestDate(dates: readonly Date[]): Date { return dates.reduce((a, b) => (b < a ? b : a)); }
function latestDate(dates: readonly (Date | null)[]): Date | null { return dates.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null); }

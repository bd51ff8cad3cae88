// What holds cover, as a question to a row: the parts of one hold narrow it, several holds add up. Pure.
import { idLowerBound } from '../../kernel/ids.js';
import type { Params } from './params.js';
import type { PurgeTarget } from './purge-targets.js';

/** The scope of one hold; null leaves that side open, and at least one side is set. */
export interface HoldScope {
  readonly accountId: string | null;
  readonly keyIds: readonly string[] | null;
  readonly requestIds: readonly string[] | null;
  readonly fromAt: Date | null;
  /** Excluded. */
  readonly untilAt: Date | null;
}

/** What all holds on a data type cover: whole accounts by name, everything narrower one by one. */
export interface HeldScope { readonly accounts: ReadonlySet<string>; readonly narrow: readonly HoldScope[] }

export const NOTHING_HELD: HeldScope = { accounts: new Set(), narrow: [] };

/** Puts the scopes of holds together. */
export function heldScope(holds: readonly HoldScope[]): HeldScope {
  const whole = (hold: HoldScope): boolean => hold.accountId !== null && !hold.keyIds && !hold.requestIds && !hold.fromAt && !hold.untilAt;
  return { accounts: new Set(holds.filter(whole).map((hold) => hold.accountId!)), narrow: holds.filter((hold) => !whole(hold)) };
}

/** The holds that can cover something of the days from `start` to `end`. */
export function heldWithin(held: HeldScope, start: Date, end: Date): HeldScope {
  return { accounts: held.accounts, narrow: held.narrow.filter((hold) => (!hold.fromAt || hold.fromAt < end) && (!hold.untilAt || hold.untilAt > start)) };
}

/** SQL for "row t is held": true or false, never null. 'false' where no hold can cover a row of the table. */
export function heldSql(held: HeldScope, target: PurgeTarget, params: Params): string {
  const parts = heldParts(held, target, params);
  if (held.accounts.size > 0) parts.unshift(`t.account_id = ANY(${params.add([...held.accounts], '::text[]')})`);
  return parts.length === 0 ? 'false' : `coalesce(${parts.join(' OR ')}, false)`;
}

/** What the narrow holds cover, one by one: each true for a row it covers, false or null for another. For a WHERE. */
export function heldParts(held: HeldScope, target: PurgeTarget, params: Params): string[] {
  return held.narrow.map((hold) => scopeSql(hold, target, params)).filter((part) => part !== null);
}

/** Null where the hold covers nothing in the table: it names keys or requests, and the rows know neither. */
function scopeSql(hold: HoldScope, { scope, key }: PurgeTarget, params: Params): string | null {
  if ((hold.keyIds && !scope.byKeys) || (hold.requestIds && !scope.byRequests)) return null;
  // What says nothing of a time of its own, such as an account, is held by whom or what the hold names; by a time alone it is not.
  if (scope.time === null && hold.accountId === null && !hold.keyIds && !hold.requestIds) return null;
  const bound = (at: Date): string => (scope.time === 'id' ? params.add(idLowerBound(at), '::uuid') : params.add(at, '::timestamptz'));
  const time = scope.time === 'id' ? `t.${key}` : scope.time;
  const parts = [
    hold.accountId === null ? null : `t.account_id = ${params.add(hold.accountId, '::text')}`,
    hold.keyIds && scope.byKeys!(params.add(hold.keyIds, '::uuid[]')), hold.requestIds && scope.byRequests!(params.add(hold.requestIds, '::uuid[]')),
    hold.fromAt && time && `${time} >= ${bound(hold.fromAt)}`, hold.untilAt && time && `${time} < ${bound(hold.untilAt)}`,
  ].filter((part) => part !== null);
  return `(${parts.join(' AND ')})`;
}

/** An item as a hold asks about it; what is not known matches no hold that asks for it. */
export interface HeldItem { readonly accountId: string | null; readonly keyId?: string | null; readonly requestId?: string | null; readonly at: Date }

/** Whether the scope covers the item: the same question as `heldSql`, of one item whose facts are at hand. */
export function coversItem(hold: HoldScope, item: HeldItem): boolean {
  return (hold.accountId === null || hold.accountId === item.accountId) && (!hold.keyIds || hold.keyIds.includes(item.keyId ?? ''))
    && (!hold.requestIds || hold.requestIds.includes(item.requestId ?? '')) && (!hold.fromAt || item.at >= hold.fromAt) && (!hold.untilAt || item.at < hold.untilAt);
}

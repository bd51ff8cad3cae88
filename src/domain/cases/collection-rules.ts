// From the facts of a case to the parameters of its frozen query. Pure.
import { DATA_TYPES } from '../../kernel/data-types.js';
import { addPeriod, startOfDay } from '../../kernel/period.js';
import type { CaseRow, CollectionParameters } from './case.js';
import type { Facts } from './machine.js';

/** Days are meant in the operator's zone, the last one included. A dispute without a window asks for its own calls alone. */
export function collectionOf(one: Pick<CaseRow, 'kind' | 'accountId'>, requestIds: readonly string[], facts: Facts, timeZone: string): Omit<CollectionParameters, 'notBefore'> {
  const day = (name: string): string | undefined => { const value = facts[name]; return typeof value === 'string' ? value : undefined; };
  const from = day('period_from'), to = day('period_to'), asked = facts['data_types'];
  const end = to === undefined ? null : addPeriod(startOfDay(to, timeZone), 'P1D', timeZone);
  const types = one.kind === 'dispute' ? DATA_TYPES.filter((type) => ['api_call_metadata', 'third_party_call_records', 'payment_records'].includes(type)) : DATA_TYPES.filter((type) => Array.isArray(asked) && asked.includes(type));
  const narrow = one.accountId === null || (one.kind === 'dispute' && from === undefined && to === undefined);
  return { accountId: one.accountId, from: from === undefined ? null : startOfDay(from, timeZone).toISOString(), to: end?.toISOString() ?? null, requestIds: narrow ? [...requestIds] : null, dataTypes: types };
}

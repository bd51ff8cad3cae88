// What a hold may say, checked for placing and for extending. Pure.
import { DATA_TYPES, type DataType } from '../../kernel/data-types.js';
import { isUuid } from '../../kernel/ids.js';
import { isDay } from '../../kernel/period.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { PlaceHoldInput } from './hold.js';

/** Ids one hold may name; more are another hold of the same matter. */
export const MAX_IDS = 1_000;
type ScopeInput = Pick<PlaceHoldInput, 'accountId' | 'keyIds' | 'requestIds'> & { readonly from?: Date | null; readonly until?: Date | null; readonly dataTypes?: readonly DataType[] | null; readonly reviewOn?: string };

/** Checks everything but whether accounts and keys exist. */
export function checkScope(input: ScopeInput): Refusal | undefined {
  if (input.reviewOn !== undefined && !isDay(input.reviewOn)) return refuse('invalid_request', 'reviewOn is a day, YYYY-MM-DD', 'reviewOn');
  for (const field of ['keyIds', 'requestIds'] as const) {
    const ids = input[field];
    if (!ids) continue;
    if (ids.length === 0 || ids.length > MAX_IDS) return refuse('invalid_request', `name 1 to ${MAX_IDS} ids, or leave ${field} out`, field);
    const wrong = ids.find((id) => !isUuid(id));
    if (wrong !== undefined) return refuse('invalid_request', `${wrong.slice(0, 60)} is not an id: a UUID in lower case`, field);
  }
  if (input.from && input.until && input.from >= input.until) return refuse('invalid_request', 'the window ends before it begins', 'until');
  const unknown = input.dataTypes?.find((type) => !DATA_TYPES.includes(type));
  if (unknown !== undefined) return refuse('invalid_request', `no data type ${unknown}; it is one of ${DATA_TYPES.join(', ')}`, 'dataTypes');
  if (input.dataTypes?.length === 0) return refuse('invalid_request', 'name at least one data type, or leave dataTypes out for all', 'dataTypes');
  return undefined;
}

/** Ids once each, in order, so that the same scope is the same text. */
export function sortedIds(ids: readonly string[] | undefined | null): string[] | null { return ids ? [...new Set(ids)].sort() : null; }
/** The given data types in the order of all; null for all. */
export function sortedTypes(types: readonly DataType[] | undefined | null): DataType[] | null { return types ? DATA_TYPES.filter((type) => types.includes(type)) : null; }

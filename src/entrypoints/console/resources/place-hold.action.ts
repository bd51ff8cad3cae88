import { z } from 'zod';
import type { Hold } from '../../../domain/retention/index.js';
import { DATA_TYPES, type DataType } from '../../../kernel/data-types.js';
import { isRefusal, type Refusal } from '../../../kernel/result.js';
import { consoleAction, type ActionInput, type ActionResult, type Field } from '../console-action.js';
import { addPeriod, startOfDay } from '../../../kernel/period.js';
import { day, ids, optional, slug, text } from './form-fields.js';

const NARROWER: readonly Field[] = [{ name: 'key_ids', type: 'area' }, { name: 'request_ids', type: 'area' }, { name: 'from_day', type: 'day' }, { name: 'to_day', type: 'day' }];
const FIELDS: readonly Field[] = [
  { name: 'matter', type: 'text', required: true }, { name: 'requester', type: 'text', required: true }, { name: 'hold_basis', type: 'area', required: true },
  { name: 'review_on', type: 'day', required: true }, { name: 'data_types', type: 'choices', values: DATA_TYPES }, ...NARROWER,
];
const shape = {
  matter: text(), requester: text(), hold_basis: text(500), review_on: day,
  data_types: z.array(z.enum(DATA_TYPES)).max(DATA_TYPES.length).nullish(), key_ids: optional(ids), request_ids: optional(ids), from_day: optional(day), to_day: optional(day),
};
interface HoldForm { matter: string; requester: string; hold_basis: string; review_on: string; data_types?: DataType[] | null | undefined; key_ids?: string[] | undefined; request_ids?: string[] | undefined; from_day?: string | undefined; to_day?: string | undefined }

async function place({ app, actor }: ActionInput<unknown>, accountId: string | undefined, form: HoldForm): Promise<ActionResult | Refusal> {
  const dataTypes: Hold['dataTypes'] = form.data_types?.length ? form.data_types : null;
  const zone = app.config.timeZone;
  const answer = await app.act(actor, (tx) => app.retention.placeHold(tx, {
    accountId, keyIds: form.key_ids, requestIds: form.request_ids,
    // Both days included, midnight to midnight of the operator's zone.
    ...(form.from_day ? { from: startOfDay(form.from_day, zone) } : {}), ...(form.to_day ? { until: addPeriod(startOfDay(form.to_day, zone), 'P1D', zone) } : {}),
    matter: form.matter, requester: form.requester, basis: form.hold_basis, reviewOn: form.review_on, ...(dataTypes ? { dataTypes } : {}),
  }));
  if (isRefusal(answer)) return answer;
  // What a run under way had already removed cannot come back; whoever places the hold must learn it now.
  const gone = answer.alreadyRemoved.map(({ runId, dataType, rows }) => `${dataType}: ${rows} (${runId})`);
  return { show: { hold_id: answer.holdId, ...(gone.length > 0 ? { already_removed: gone } : {}) } };
}

/** On the record of an account. */
export const placeHoldOnAccount = consoleAction({
  name: 'placeHold', on: 'record', permission: 'holds.write', fields: FIELDS, schema: z.strictObject(shape),
  run: (input) => place(input, input.recordId, input.payload),
});

/** In the list of holds, where the account is asked for. */
export const placeHold = consoleAction({
  name: 'place', on: 'resource', permission: 'holds.write', fields: [{ name: 'account_id', type: 'text' }, ...FIELDS],
  schema: z.strictObject({ account_id: optional(slug), ...shape }), run: (input) => place(input, input.payload.account_id, input.payload),
});

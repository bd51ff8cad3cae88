import { z } from 'zod';
import type { Hold } from '../../../domain/retention/index.js';
import { DATA_TYPES, type DataType } from '../../../kernel/data-types.js';
import { isRefusal, type Refusal } from '../../../kernel/result.js';
import { consoleAction, type ActionInput, type ActionResult, type Field } from '../console-action.js';
import { day, slug, text } from './form-fields.js';

const FIELDS: readonly Field[] = [
  { name: 'matter', type: 'text', required: true }, { name: 'requester', type: 'text', required: true }, { name: 'hold_basis', type: 'area', required: true },
  { name: 'review_on', type: 'day', required: true }, { name: 'data_types', type: 'choices', values: DATA_TYPES },
];
const shape = {
  matter: text(), requester: text(), hold_basis: text(500), review_on: day,
  data_types: z.array(z.enum(DATA_TYPES)).max(DATA_TYPES.length).nullish(),
};
interface HoldForm { matter: string; requester: string; hold_basis: string; review_on: string; data_types?: DataType[] | null | undefined }

async function place({ app, actor }: ActionInput<unknown>, accountId: string, form: HoldForm): Promise<ActionResult | Refusal> {
  const dataTypes: Hold['dataTypes'] = form.data_types?.length ? form.data_types : null;
  const answer = await app.act(actor, (tx) => app.retention.placeHold(tx, {
    accountId, matter: form.matter, requester: form.requester, basis: form.hold_basis, reviewOn: form.review_on, ...(dataTypes ? { dataTypes } : {}),
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
  name: 'place', on: 'resource', permission: 'holds.write', fields: [{ name: 'account_id', type: 'text', required: true }, ...FIELDS],
  schema: z.strictObject({ account_id: slug, ...shape }), run: (input) => place(input, input.payload.account_id, input.payload),
});

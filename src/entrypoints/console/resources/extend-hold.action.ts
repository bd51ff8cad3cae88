import { z } from 'zod';
import { DATA_TYPES } from '../../../kernel/data-types.js';
import { addPeriod, startOfDay } from '../../../kernel/period.js';
import { isRefusal } from '../../../kernel/result.js';
import { consoleAction } from '../console-action.js';
import { day, ids, optional, reason } from './form-fields.js';

/** Widens a hold or moves its review; whatever would narrow it is refused by the use case. */
export const extendHold = consoleAction({
  name: 'extend', on: 'record', permission: 'holds.write', when: (record) => record['state'] === 'in_force',
  fields: [
    { name: 'review_on', type: 'day', from: 'review_on' }, { name: 'data_types', type: 'choices', values: DATA_TYPES, from: 'data_types' }, { name: 'key_ids', type: 'area' }, { name: 'request_ids', type: 'area' },
    { name: 'to_day', type: 'day' }, { name: 'without_end', type: 'check' }, { name: 'reason', type: 'area', required: true },
  ],
  schema: z.strictObject({ review_on: optional(day), data_types: z.array(z.enum(DATA_TYPES)).max(DATA_TYPES.length).nullish(), key_ids: optional(ids), request_ids: optional(ids), to_day: optional(day),
    without_end: z.boolean().default(false), reason }),
  run: async ({ app, actor, recordId, payload: p }) => {
    const zone = app.config.timeZone, until = p.without_end ? null : p.to_day ? addPeriod(startOfDay(p.to_day, zone), 'P1D', zone) : undefined;
    const answer = await app.act(actor, (tx) => app.retention.extendHold(tx, recordId, {
      reason: p.reason, reviewOn: p.review_on, keyIds: p.key_ids, requestIds: p.request_ids, until, ...(p.data_types ? { dataTypes: p.data_types.length === 0 ? null : p.data_types } : {}),
    }));
    if (isRefusal(answer)) return answer;
    const gone = answer.alreadyRemoved.map(({ runId, dataType, rows }) => `${dataType}: ${rows} (${runId})`);
    return gone.length > 0 ? { show: { already_removed: gone } } : {};
  },
});

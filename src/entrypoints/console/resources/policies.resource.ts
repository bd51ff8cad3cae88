import { z } from 'zod';
import { CLOCKS } from '../../../domain/retention/index.js';
import { DATA_TYPES } from '../../../kernel/data-types.js';
import { startOfDay } from '../../../kernel/period.js';
import { isRefusal } from '../../../kernel/result.js';
import type { ResourceDefinition } from '../access.js';
import { consoleAction } from '../console-action.js';
import { policies } from '../views/policies.view.js';
import { day, ids, optional, period, place, reason, slug, text } from './form-fields.js';

const publish = consoleAction({
  name: 'publish', on: 'resource', permission: 'retention.write', grave: true,
  fields: [
    { name: 'data_type', type: 'choice', required: true, values: DATA_TYPES }, { name: 'keep', type: 'text', required: true },
    { name: 'starts_at', type: 'choice', values: CLOCKS }, { name: 'account_id', type: 'text' }, { name: 'jurisdiction', type: 'text' },
    { name: 'item_ids', type: 'area' },
    { name: 'source', type: 'area', required: true }, { name: 'legal_basis', type: 'text' }, { name: 'effective_from', type: 'day' }, { name: 'locked', type: 'check' }, { name: 'confirm_shortening', type: 'check' },
  ],
  schema: z.strictObject({
    data_type: z.enum(DATA_TYPES), keep: period, starts_at: optional(z.enum(CLOCKS)), account_id: optional(slug), jurisdiction: optional(place),
    item_ids: optional(ids),
    source: text(500), legal_basis: optional(text(300)), effective_from: optional(day), locked: z.boolean().default(false), confirm_shortening: z.boolean().default(false),
  }),
  run: async ({ app, actor, payload: p }) => {
    const answer = await app.act(actor, (tx) => app.retention.publishPolicy(tx, {
      dataType: p.data_type, keep: p.keep, source: p.source, confirmShortening: p.confirm_shortening, locked: p.locked, legalBasis: p.legal_basis, itemIds: p.item_ids,
      ...(p.effective_from ? { effectiveFrom: startOfDay(p.effective_from, app.config.timeZone) } : {}),
      ...(p.starts_at ? { startsAt: p.starts_at } : {}), ...(p.account_id ? { accountId: p.account_id } : {}), ...(p.jurisdiction ? { jurisdiction: p.jurisdiction } : {}),
    }));
    if (isRefusal(answer)) return answer;
    return { ...(answer.policyId ? { refresh: answer.policyId } : {}),
      ...(answer.approvalId && !answer.changed ? { show: { approval_id: answer.approvalId, ...(answer.advice.length > 0 ? { advice: answer.advice } : {}) } } : answer.advice.length > 0 ? { show: { advice: answer.advice } } : {}) };
  },
});

/** Between the approval of a shortening and its effect. */
const withdraw = consoleAction({
  name: 'withdraw', on: 'record', permission: 'retention.write', when: (record) => record['status'] === 'scheduled',
  fields: [{ name: 'reason', type: 'area', required: true }], schema: z.strictObject({ reason }),
  run: async ({ app, actor, recordId, payload }) => {
    const answer = await app.act(actor, (tx) => app.retention.withdrawPolicy(tx, recordId, payload.reason));
    return isRefusal(answer) ? answer : {};
  },
});

export const policiesResource: ResourceDefinition = { model: policies, group: 'retention', icon: 'Clock', read: 'retention.read', actions: [publish, withdraw] };

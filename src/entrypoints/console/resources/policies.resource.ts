import { z } from 'zod';
import { CLOCKS } from '../../../domain/retention/index.js';
import { DATA_TYPES } from '../../../kernel/data-types.js';
import { isRefusal } from '../../../kernel/result.js';
import type { ResourceDefinition } from '../access.js';
import { consoleAction } from '../console-action.js';
import { policies } from '../views/policies.view.js';
import { optional, period, place, slug, text } from './form-fields.js';

const publish = consoleAction({
  name: 'publish', on: 'resource', permission: 'retention.write', grave: true,
  fields: [
    { name: 'data_type', type: 'choice', required: true, values: DATA_TYPES }, { name: 'keep', type: 'text', required: true },
    { name: 'starts_at', type: 'choice', values: CLOCKS }, { name: 'account_id', type: 'text' }, { name: 'jurisdiction', type: 'text' },
    { name: 'source', type: 'area', required: true }, { name: 'confirm_shortening', type: 'check' },
  ],
  schema: z.strictObject({
    data_type: z.enum(DATA_TYPES), keep: period, starts_at: optional(z.enum(CLOCKS)), account_id: optional(slug), jurisdiction: optional(place),
    source: text(500), confirm_shortening: z.boolean().default(false),
  }),
  run: async ({ app, actor, payload: p }) => {
    const answer = await app.act(actor, (tx) => app.retention.publishPolicy(tx, {
      dataType: p.data_type, keep: p.keep, source: p.source, confirmShortening: p.confirm_shortening,
      ...(p.starts_at ? { startsAt: p.starts_at } : {}), ...(p.account_id ? { accountId: p.account_id } : {}), ...(p.jurisdiction ? { jurisdiction: p.jurisdiction } : {}),
    }));
    if (isRefusal(answer)) return answer;
    return { refresh: answer.policyId, ...(answer.advice.length > 0 ? { show: { advice: answer.advice } } : {}) };
  },
});

export const policiesResource: ResourceDefinition = { model: policies, group: 'retention', icon: 'Clock', read: 'retention.read', actions: [publish] };

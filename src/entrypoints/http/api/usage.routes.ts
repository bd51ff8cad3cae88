// Usage and charges, added up from the calls on record.
import { z } from 'zod';
import { USAGE_GROUPS } from '../../../domain/gateway/index.js';
import { jsonMicros } from '../../../kernel/money.js';
import { refuse } from '../../../kernel/result.js';
import { usageWindow } from '../../views/usage-window.js';
import { defineRoute } from './define-route.js';
import { EXAMPLE } from './examples.js';
import { count, currency, instant, micros, slug, text, window } from './fields.schemas.js';

const row = z.object({
  group: z.string().nullable().describe('Day, model, key id, provider or account; null: the calls had none'), currency: currency.nullable().describe('Null: nothing of it was priced'), calls: count,
  estimated_calls: count.describe('Of them, calls whose usage is estimated'),
  usage: z.object({ input: count, cache_read: count, cache_write: count, output: count, reasoning: count }), cost_micros: micros,
}).meta({ id: 'UsageRow' });

export const usageRoutes = [
  defineRoute({
    method: 'get', path: '/usage', id: 'readUsage', tag: 'calls', summary: 'Usage and charges of a window, by day, model, key, provider or account', permission: 'calls.read',
    description: "The sum of the calls of the list with the same filters, exactly; a call counts at its arrival, and a day is one of the operator's time zone. The last 30 days unless `from` or `to` is given; at most 400 days.",
    reading: { action: 'usage.read', subjectKind: 'calls', subjectId: () => 'usage' },
    query: z.strictObject({ account: slug.optional(), key: text(120).optional().describe('Key id, or the name of a key'), ...window, group_by: z.enum(USAGE_GROUPS).default('day') }),
    answer: z.object({ from: instant, to: instant, group_by: z.enum(USAGE_GROUPS), data: z.array(row) }),
    example: { query: { account: EXAMPLE.account, group_by: 'day' }, answer: { from: EXAMPLE.at, to: EXAMPLE.later, group_by: 'day', data: [{ group: '2026-11-24', currency: 'USD', calls: 128, estimated_calls: 2, usage: { input: 120_000, cache_read: 80_000, cache_write: 0, output: 35_000, reasoning: 12_000 }, cost_micros: 536_000 }] } },
    run: async ({ app, query }) => {
      const bounds = usageWindow(app, query.from, query.to);
      if ('refused' in bounds) return refuse(bounds.code, bounds.message, `query.${bounds.field ?? 'from'}`);
      const rows = await app.gateway.usage({ account: query.account, key: query.key, ...bounds, groupBy: query.group_by });
      return { from: bounds.from.toISOString(), to: bounds.to.toISOString(), group_by: query.group_by, data: rows.map((one) => ({
        group: one.group, currency: one.currency, calls: one.calls, estimated_calls: one.estimated, cost_micros: jsonMicros(one.costMicros),
        usage: { input: Number(one.input), cache_read: Number(one.cacheRead), cache_write: Number(one.cacheWrite), output: Number(one.output), reasoning: Number(one.reasoning) } })) };
    },
  }),
];

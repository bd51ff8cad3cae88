// Dispute tools: what providers say they served, held against our records; the calls around a call.
import { z } from 'zod';
import { CLASSES } from '../../../domain/cases/index.js';
import { refuse } from '../../../kernel/result.js';
import { change, defineRoute } from './define-route.js';
import { EXAMPLE } from './examples.js';
import { count, day, hex, instant, micros, slug, text, uuid } from './fields.schemas.js';
import { answerOf, jsonAnswer } from './json-answer.js';

const usageImport = z.object({ import_id: uuid, provider_id: slug, name: z.string(), sha256: hex, rows: count, by_request: z.boolean().describe('Every row names a request; else rows are sums of a day and model'), from_day: day, to_day: day, imported_by: z.string(), imported_at: instant }).meta({ id: 'UsageImport' });
const tokens = z.object({ input: count, output: count });
const counts = z.record(z.enum(CLASSES), count);
const line = z.object({ class: z.enum(CLASSES), day, model: z.string(), upstream_request_id: z.string().nullable(), request_id: uuid.nullable(), ours: tokens.nullable(), theirs: tokens.nullable(), amount_micros: micros.nullable(), currency: z.string().nullable() });
const reconciliation = z.object({ imported: usageImport, by_request: z.boolean(), total: counts, groups: z.array(z.object({ day, model: z.string(), counts, ours: tokens, theirs: tokens })), differences: z.array(line).describe('What is not matched, at most 1,000') });
const example = { import_id: EXAMPLE.id, provider_id: EXAMPLE.provider, name: 'november.csv', sha256: EXAMPLE.hash, rows: 1_204, by_request: true, from_day: '2026-11-01', to_day: '2026-11-30', imported_by: 'Ada', imported_at: EXAMPLE.at };
const none = { matched: 0, amount_differs: 0, ours_only: 0, theirs_only: 0 };
const around = z.object({ request_id: uuid, at: instant, model: z.string().nullable(), status: z.string(), http_status: z.int(), cost_micros: micros, currency: z.string().nullable() });

export const usageImportsRoutes = [
  defineRoute({
    method: 'post', path: '/usage-imports', id: 'importUsage', tag: 'payments', summary: "Take in a provider's usage file", permission: 'payments.write', status: 201, refusals: ['not_found'],
    description: 'CSV with day, model, input_tokens, output_tokens and, where the provider gives them, request_id, amount, currency; docs/cases.md has the other names. The same file again changes nothing.',
    body: z.strictObject({ provider_id: slug, name: text(200), csv: z.string().min(1).max(900_000) }), answer: usageImport.extend({ changed: z.boolean() }),
    example: { body: { provider_id: EXAMPLE.provider, name: 'november.csv', csv: 'day,model,input_tokens,output_tokens\n2026-11-20,gpt-5,120,30\n' }, answer: { ...example, changed: true } },
    run: async (input) => answerOf(await change(input, (tx) => input.app.cases.importUsage(tx, { providerId: input.body.provider_id, name: input.body.name, csv: input.body.csv }))),
  }),
  defineRoute({
    method: 'get', path: '/usage-imports', id: 'listUsageImports', tag: 'payments', summary: 'Imported usage files, newest first', permission: 'calls.read', answer: z.object({ data: z.array(usageImport) }), example: { answer: { data: [example] } },
    reading: { action: 'usage.list', subjectKind: 'usage_import', subjectId: () => 'list' },
    run: async ({ app }) => ({ data: jsonAnswer(await app.cases.usageImports()) }),
  }),
  defineRoute({
    method: 'get', path: '/usage-imports/{import_id}/reconciliation', id: 'reconcileUsage', tag: 'payments', summary: 'Ours against theirs, by class, per day and model', permission: 'calls.read',
    description: 'matched, amount_differs (beyond the tolerance), ours_only, theirs_only. Days are UTC.', params: z.strictObject({ import_id: uuid }),
    query: z.strictObject({ tolerance_tokens: z.coerce.number().int().min(0).max(1_000_000_000).default(0), tolerance_basis_points: z.coerce.number().int().min(0).max(10_000).default(0).describe('Share of theirs; 100 is one per cent. The larger of both counts') }),
    answer: reconciliation, example: { answer: { imported: example, by_request: true, total: { ...none, matched: 1_204 }, groups: [{ day: '2026-11-20', model: 'gpt-5', counts: { ...none, matched: 40 }, ours: { input: 1_000, output: 200 }, theirs: { input: 1_000, output: 200 } }], differences: [] } },
    reading: { action: 'usage.reconcile', subjectKind: 'usage_import', subjectId: ({ params }) => String(params['import_id']) },
    run: async ({ app, params, query }) => {
      const found = await app.cases.reconcileUsage(params.import_id, { tokens: BigInt(query.tolerance_tokens), basisPoints: BigInt(query.tolerance_basis_points) });
      if (!found) return refuse('not_found', 'there is no such import', 'params.import_id');
      const { byRequest, total, groups, differences } = found.result;
      // The keys of counts are classes, not fields: they stay as they are.
      return { imported: jsonAnswer(found.imported), by_request: byRequest, total: { ...total }, groups: groups.map((group) => ({ day: group.day, model: group.model, counts: { ...group.counts }, ours: jsonAnswer(group.ours), theirs: jsonAnswer(group.theirs) })), differences: differences.map((one) => jsonAnswer(one)) };
    },
  }),
  defineRoute({
    method: 'get', path: '/calls/{request_id}/around', id: 'readCallsAround', tag: 'calls', summary: 'Calls of the same key before and after a call', permission: 'calls.read', params: z.strictObject({ request_id: text(256) }),
    query: z.strictObject({ each: z.coerce.number().int().min(1).max(100).default(10).describe('How many on each side, within a day') }), answer: z.object({ data: z.array(around) }),
    example: { answer: { data: [{ request_id: EXAMPLE.other, at: EXAMPLE.at, model: 'gpt-5', status: 'completed', http_status: 200, cost_micros: 1_200, currency: 'USD' }] } },
    reading: { action: 'call.around', subjectKind: 'call', subjectId: ({ params }) => String(params['request_id']) },
    run: async ({ app, params, query }) => {
      const found = await app.gateway.findCall(params.request_id);
      if (!found) return refuse('not_found', 'no call on record has this id', 'params.request_id');
      return { data: (await app.cases.callsAround(found.call, query.each)).map((one) => ({ ...one, at: one.at.toISOString(), cost_micros: jsonAnswer({ costMicros: BigInt(one.cost_micros) }).cost_micros })) };
    },
  }),
];

// The price book: reading it, setting a price, and taking prices from the library.
import { z } from 'zod';
import { isRefusal } from '../../../kernel/result.js';
import { planImport } from '../../views/plan-import.js';
import { change, defineRoute } from './define-route.js';
import { EXAMPLE } from './examples.js';
import { answerOf } from './json-answer.js';
import * as schemas from './prices.schemas.js';

const amounts = { input_micros: 2_000_000, cache_read_micros: 200_000, cache_write_micros: 2_500_000, output_micros: 8_000_000 };
const facts = { model: 'gpt-*', provider_id: EXAMPLE.provider, currency: 'USD', effective_from: '2026-01-01', ...amounts, cache_write_1h_micros: null, unit_micros: null, long_context: null, source: null };

export const pricesRoutes = [
  defineRoute({
    method: 'get', path: '/prices', id: 'listPrices', tag: 'providers', summary: 'Every price there ever was', permission: 'providers.read', answer: z.object({ data: z.array(schemas.price) }),
    example: { answer: { data: [{ price_id: EXAMPLE.id, version: 1, ...facts }] } }, run: async ({ app }) => ({ data: (await app.billing.prices()).map(schemas.sayPrice) }),
  }),
  defineRoute({
    method: 'post', path: '/prices', id: 'setPrice', tag: 'providers', summary: 'Set a price from a day on', permission: 'prices.write', status: 201, refusals: ['not_found', 'conflict'],
    description: 'A price in effect never changes: a new amount gets a new day.', body: schemas.priceInput, answer: schemas.priceSet,
    example: { body: { model: 'gpt-*', provider_id: EXAMPLE.provider, currency: 'USD', effective_from: '2027-01-01', ...amounts }, answer: { price_id: EXAMPLE.id, changed: true, created: true, until: null } },
    run: async (input) => answerOf(await change(input, (tx) => input.app.billing.setPrice(tx, schemas.takePrice(input.body)))),
  }),
  defineRoute({
    method: 'post', path: '/prices/import-plan', id: 'planPriceImport', tag: 'providers', summary: 'What taking prices from the bundled library would change', permission: 'prices.write',
    description: 'Writes nothing. Models of the library whose price cannot be kept exactly are left out and say why.', body: schemas.importInput, answer: schemas.importPlan, refusals: ['not_found'],
    example: { body: { provider: EXAMPLE.provider }, answer: { source: 'genai-prices 0.1.8', digest: EXAMPLE.hash, rows: [{ state: 'added', model: 'gpt-*', provider_id: EXAMPLE.provider, library_model: 'gpt-5', effective_from: '2026-01-01', before: null, after: { ...facts, source: 'genai-prices 0.1.8 openai/gpt-5' }, note: null }] } },
    run: async ({ app, body }) => { const plan = await planImport(app, optionsOf(body)); return isRefusal(plan) ? plan : schemas.sayPlan(plan); },
  }),
  defineRoute({
    method: 'post', path: '/prices/import', id: 'importPrices', tag: 'providers', summary: 'Take prices from the library as a plan showed', permission: 'prices.write', refusals: ['not_found', 'conflict', 'confirmation_required'],
    description: 'With the questions of the plan and its digest. `conflict` when the plan is another one by now.', body: schemas.importInput.extend({ digest: z.string().optional() }), answer: schemas.imported,
    example: { body: { provider: EXAMPLE.provider, digest: EXAMPLE.hash }, answer: { added: 12, changed: 0 } },
    run: async (input) => {
      const plan = await planImport(input.app, optionsOf(input.body));
      return isRefusal(plan) ? plan : change(input, (tx) => input.app.billing.importPrices(tx, plan, input.body.digest));
    },
  }),
];

function optionsOf(body: z.output<typeof schemas.importInput>) {
  return { provider: body.provider, model: body.model, markupPercent: body.markup_percent, from: body.from, all: body.all };
}

import { z } from 'zod';
import type { ImportRow } from '../../../domain/billing/index.js';
import { formatMicros, toMicros } from '../../../kernel/money.js';
import { dayOf } from '../../../kernel/period.js';
import { isRefusal, type Refusal } from '../../../kernel/result.js';
import { planImport } from '../../views/plan-import.js';
import type { ResourceDefinition } from '../access.js';
import { consoleAction, type ActionInput, type Field } from '../console-action.js';
import { prices } from '../views/prices.view.js';
import { day, optional, slug, text } from './form-fields.js';

const amount = z.string('required').trim().regex(/^\d{1,9}(?:\.\d{1,6})?$/, 'an amount such as 2.50'), currency = z.string('required').trim().toUpperCase().regex(/^[A-Z]{3}$/, 'three letters, such as USD');

const set = consoleAction({
  name: 'set', on: 'resource', permission: 'prices.write',
  fields: [{ name: 'model', type: 'text', required: true }, { name: 'provider', type: 'text', required: true }, { name: 'currency', type: 'text', required: true, initial: 'USD' }, { name: 'effective_from', type: 'day' },
    { name: 'input_amount', type: 'text', required: true }, { name: 'cache_read_amount', type: 'text' }, { name: 'cache_write_amount', type: 'text' }, { name: 'output_amount', type: 'text', required: true }],
  schema: z.strictObject({ model: text(), provider: slug, currency, effective_from: optional(day), input_amount: amount, cache_read_amount: optional(amount), cache_write_amount: optional(amount), output_amount: amount }),
  run: async ({ app, actor, payload: p }) => {
    const answer = await app.act(actor, (tx) => app.billing.setPrice(tx, {
      model: p.model, providerId: p.provider, currency: p.currency, effectiveFrom: p.effective_from ?? dayOf(app.clock.now(), app.config.timeZone), inputMicros: toMicros(p.input_amount),
      cacheReadMicros: toMicros(p.cache_read_amount ?? p.input_amount), cacheWriteMicros: toMicros(p.cache_write_amount ?? p.input_amount), outputMicros: toMicros(p.output_amount),
    }));
    return isRefusal(answer) ? atField(answer) : { refresh: answer.priceId };
  },
});

const questions: readonly Field[] = [{ name: 'provider', type: 'text' }, { name: 'model', type: 'text' }, { name: 'markup_percent', type: 'text' }, { name: 'effective_from', type: 'day' }, { name: 'all_models', type: 'check' }];
const asked = {
  provider: optional(slug), model: optional(text()), markup_percent: optional(z.string().trim().regex(/^-?\d{1,5}(?:\.\d{1,2})?$/, 'a number such as 10 or 12.5')), effective_from: optional(day),
  all_models: z.preprocess((value) => value === true || value === 'true', z.boolean()),
};
type Asked = z.output<z.ZodObject<typeof asked>>;
const planOf = ({ app, payload: p }: ActionInput<Asked>) => planImport(app, { provider: p.provider, model: p.model, markupPercent: p.markup_percent === undefined ? undefined : Number(p.markup_percent), from: p.effective_from, all: p.all_models });

const plan = consoleAction({
  name: 'planImport', on: 'resource', permission: 'prices.write', fields: questions, schema: z.strictObject(asked),
  run: async (input) => {
    const planned = await planOf(input);
    return isRefusal(planned) ? atField(planned) : { show: { plan: planned.rows.map(lineOf), digest: planned.digest } };
  },
});

const take = consoleAction({
  name: 'import', on: 'resource', permission: 'prices.write', fields: [...questions, { name: 'digest', type: 'text', required: true }], schema: z.strictObject({ ...asked, digest: text(64) }),
  run: async (input) => {
    const planned = await planOf(input);
    if (isRefusal(planned)) return atField(planned);
    const answer = await input.app.act(input.actor, (tx) => input.app.billing.importPrices(tx, planned, input.payload.digest));
    return isRefusal(answer) ? answer : { show: { added: answer.added, changed: answer.changed } };
  },
});

/** One row of a plan as a line: state, model, provider, day, input and output, why. */
function lineOf({ state, model, providerId, effectiveFrom, before, after, note }: ImportRow): string {
  const amounts = after ? `${before && state === 'changed' ? `${formatMicros(before.inputMicros)} / ${formatMicros(before.outputMicros)} → ` : ''}${formatMicros(after.inputMicros)} / ${formatMicros(after.outputMicros)}` : '';
  return [state.replace('_', ' '), model, providerId, effectiveFrom, amounts, note ?? ''].filter((part) => part !== '').join(' · ');
}

/** Use cases and the form name some fields differently. */
function atField(refusal: Refusal): Refusal {
  const names: Readonly<Record<string, string>> = { providerId: 'provider', effectiveFrom: 'effective_from', from: 'effective_from', markup: 'markup_percent', inputMicros: 'input_amount', outputMicros: 'output_amount' };
  return refusal.field !== undefined && names[refusal.field] ? { ...refusal, field: names[refusal.field]! } : refusal;
}

export const pricesResource: ResourceDefinition = { model: prices, group: 'thirdParties', icon: 'DollarSign', read: 'providers.read', actions: [set, plan, take] };

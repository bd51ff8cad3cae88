// Models and their routes, availability and redaction rules.
import { z } from 'zod';
import { change, defineRoute } from './define-route.js';
import { EXAMPLE } from './examples.js';
import { changed } from './fields.schemas.js';
import { answerOf, jsonAnswer } from './json-answer.js';
import * as schemas from './providers.schemas.js';

export const modelsRoutes = [
  defineRoute({
    method: 'get', path: '/models', id: 'listModels', tag: 'providers', summary: 'Models with their routes', permission: 'providers.read', answer: z.object({ data: z.array(schemas.model) }),
    example: { answer: { data: [{ model_id: 'gpt-*', routes: [{ provider_id: EXAMPLE.provider, upstream_model: null }] }] } },
    run: async ({ app }) => ({ data: jsonAnswer(await app.providers.models()) }),
  }),
  defineRoute({
    method: 'post', path: '/models/{model_id}/routes', id: 'setRoutes', tag: 'providers', summary: 'Set the routes of a model, in order of preference', permission: 'providers.write', refusals: ['not_found'],
    description: 'They replace those it had; an empty list closes the model. Write a * in the path as it is.', params: schemas.modelParams, body: schemas.routesInput, answer: schemas.routesSet,
    example: { params: { model_id: 'gpt-*' }, body: { routes: [{ provider_id: EXAMPLE.provider }] }, answer: { changed: true, created: true } },
    run: async (input) => {
      const routes = input.body.routes.map((route) => ({ providerId: route.provider_id, upstreamModel: route.upstream_model ?? null }));
      return answerOf(await change(input, (tx) => input.app.providers.setRoutes(tx, input.params.model_id, routes)));
    },
  }),
  defineRoute({
    method: 'get', path: '/availability-rules', id: 'listAvailabilityRules', tag: 'providers', summary: 'Availability rules in the order they are tried', permission: 'providers.read',
    answer: z.object({ data: z.array(schemas.rule) }), example: { answer: { data: [{ rule_id: EXAMPLE.id, conditions: { model: 'gpt-*', caller_region: 'KP' }, outcome: 'suspend', reason: 'local-law' }] } },
    run: async ({ app }) => ({ data: (await app.providers.availabilityRules()).map(({ ruleId, conditions: { callerRegion, ...rest }, outcome, reason }) => (
      { rule_id: ruleId, conditions: { ...rest, ...(callerRegion === undefined ? {} : { caller_region: callerRegion }) }, outcome, reason })) }),
  }),
  defineRoute({
    method: 'post', path: '/availability-rules', id: 'setAvailabilityRules', tag: 'providers', summary: 'Replace the availability rules', permission: 'availability.write', refusals: ['not_found'],
    body: schemas.rulesInput, answer: changed, example: { body: { rules: [{ conditions: { model: 'gpt-*', caller_region: 'KP' }, outcome: 'suspend', reason: 'local-law' }] }, answer: { changed: true } },
    run: async (input) => {
      const rules = input.body.rules.map(({ conditions: { caller_region: callerRegion, ...rest }, outcome, reason }) => ({ conditions: { ...rest, callerRegion }, outcome, reason }));
      return answerOf(await change(input, (tx) => input.app.providers.setAvailabilityRules(tx, rules)));
    },
  }),
  defineRoute({
    method: 'get', path: '/redaction-rules', id: 'listRedactionRules', tag: 'providers', summary: 'Redaction rules in the order they are tried', permission: 'providers.read',
    answer: z.object({ data: z.array(schemas.redactionRule) }), example: { answer: { data: [{ rule_id: EXAMPLE.id, conditions: { cross_border: true }, outcome: 'mask', kinds: ['card', 'resident_id'] }] } },
    run: async ({ app }) => ({ data: (await app.crossBorder.redactionRules()).map(({ ruleId, conditions: { crossBorder, ...rest }, outcome, kinds }) => (
      { rule_id: ruleId, conditions: { ...rest, ...(crossBorder === undefined ? {} : { cross_border: crossBorder }) }, outcome, kinds: [...kinds] })) }),
  }),
  defineRoute({
    method: 'post', path: '/redaction-rules', id: 'setRedactionRules', tag: 'providers', summary: 'Replace the redaction rules', permission: 'availability.write', refusals: ['not_found'],
    description: 'What is looked for in the JSON of calls before they leave, and what becomes of it. None means that nothing is looked for.',
    body: schemas.redactionInput, answer: changed, example: { body: { rules: [{ conditions: { cross_border: true }, outcome: 'mask', kinds: ['card', 'resident_id'] }] }, answer: { changed: true } },
    run: async (input) => {
      const rules = input.body.rules.map(({ conditions: { cross_border: crossBorder, ...rest }, outcome, kinds }) => ({ conditions: { ...rest, crossBorder }, outcome, kinds }));
      return answerOf(await change(input, (tx) => input.app.crossBorder.setRedactionRules(tx, rules)));
    },
  }),
];

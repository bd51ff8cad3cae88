// Third parties and their terms.
import { z } from 'zod';
import { refuse } from '../../../kernel/result.js';
import { change, defineRoute } from './define-route.js';
import { EXAMPLE } from './examples.js';
import { changed, exampleChanged, reason, slug } from './fields.schemas.js';
import { answerOf, jsonAnswer } from './json-answer.js';
import * as schemas from './providers.schemas.js';

const exampleTerms = { version: '2026-01-01', effective_from: '2026-01-01', url: 'https://example.com/terms', trains_on_inputs: false, retention_days: 30 };
const exampleProvider = {
  provider_id: 'example-ai', name: 'Example AI', category: 'model' as const, legal_entity: 'Example AI, Inc.', jurisdictions: ['US'], protocol: 'openai' as const, base_url: 'https://api.example.com/v1',
  credential_source: 'api', dpa_signed_on: '2026-01-15', dpa_reference: 'DPA-2026-001', stand_in: false, status: 'active' as const, created_at: EXAMPLE.at, terms: [exampleTerms],
};
/** What the record says of a credential that came this way. */
const CREDENTIAL_SOURCE = 'api';
type Changes = z.output<typeof schemas.providerChanges>;

export const providersRoutes = [
  defineRoute({
    method: 'get', path: '/providers', id: 'listProviders', tag: 'providers', summary: 'Third parties with their terms, by id', permission: 'providers.read',
    answer: z.object({ data: z.array(schemas.provider) }), example: { answer: { data: [exampleProvider] } },
    run: async ({ app }) => ({ data: jsonAnswer(await app.providers.providers()) }),
  }),
  defineRoute({
    method: 'get', path: '/providers/{provider_id}', id: 'readProvider', tag: 'providers', summary: 'One third party', permission: 'providers.read', params: schemas.providerParams,
    answer: schemas.provider, example: { answer: exampleProvider },
    run: async ({ app, params }) => {
      const found = await app.providers.findProvider(params.provider_id);
      return found ? jsonAnswer(found) : refuse('not_found', 'there is no such provider', 'params.provider_id');
    },
  }),
  defineRoute({
    method: 'post', path: '/providers', id: 'registerProvider', tag: 'providers', summary: 'Register a third party', permission: 'providers.write', status: 201, refusals: ['conflict'],
    body: schemas.providerInput, answer: z.object({ provider_id: slug }),
    example: {
      body: { provider_id: 'example-ai', name: 'Example AI', category: 'model', legal_entity: 'Example AI, Inc.', jurisdictions: ['US'], protocol: 'openai', base_url: 'https://api.example.com/v1', credential: 'sk-…' },
      answer: { provider_id: 'example-ai' },
    },
    run: async (input) => {
      const { provider_id: providerId, name, category, legal_entity: legalEntity, jurisdictions } = input.body;
      return answerOf(await change(input, (tx) => input.app.providers.registerProvider(tx, { ...namesOf(input.body), providerId, name, category, legalEntity, jurisdictions })));
    },
  }),
  defineRoute({
    method: 'post', path: '/providers/{provider_id}/update', id: 'updateProvider', tag: 'providers', summary: 'Change what is named; null takes a field away', permission: 'providers.write', refusals: ['conflict'],
    params: schemas.providerParams, body: schemas.providerChanges, answer: changed, example: { body: { jurisdictions: ['US', 'IE'] }, answer: { changed: true } },
    run: async (input) => answerOf(await change(input, (tx) => input.app.providers.updateProvider(tx, input.params.provider_id, namesOf(input.body)))),
  }),
  defineRoute({
    method: 'post', path: '/providers/{provider_id}/suspend', id: 'suspendProvider', tag: 'providers', summary: 'Send it nothing more, on every gateway within a second', permission: 'providers.write',
    params: schemas.providerParams, body: z.strictObject({ reason }), answer: changed, example: exampleChanged('incident'),
    run: async (input) => answerOf(await change(input, (tx) => input.app.providers.suspendProvider(tx, input.params.provider_id, input.body.reason))),
  }),
  defineRoute({
    method: 'post', path: '/providers/{provider_id}/resume', id: 'resumeProvider', tag: 'providers', summary: 'Send it calls again', permission: 'providers.write',
    params: schemas.providerParams, body: z.strictObject({ reason }), answer: changed, example: exampleChanged('incident is over'),
    run: async (input) => answerOf(await change(input, (tx) => input.app.providers.resumeProvider(tx, input.params.provider_id, input.body.reason))),
  }),
  defineRoute({
    method: 'post', path: '/providers/{provider_id}/terms', id: 'addTerms', tag: 'providers', summary: 'Put a version of its terms on file', permission: 'providers.write', status: 201,
    description: 'A version never changes and is never removed, since transfers name it.', refusals: ['conflict'], params: schemas.providerParams, body: schemas.termsInput, answer: changed,
    example: { body: exampleTerms, answer: { changed: true } },
    run: async (input) => {
      const { version, url, effective_from: effectiveFrom, trains_on_inputs: trainsOnInputs, retention_days: retentionDays } = input.body;
      return answerOf(await change(input, (tx) => input.app.providers.addTerms(tx, input.params.provider_id, { version, url, effectiveFrom, trainsOnInputs, retentionDays })));
    },
  }),
];

function namesOf({ legal_entity: legalEntity, base_url: baseUrl, credential, dpa, ...rest }: Changes) {
  return {
    ...rest, legalEntity, baseUrl, dpa: dpa && { signedOn: dpa.signed_on, reference: dpa.reference },
    credential: typeof credential === 'string' ? { source: CREDENTIAL_SOURCE, secret: credential } : credential,
  };
}

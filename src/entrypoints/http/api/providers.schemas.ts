// Third parties, their terms, models and availability rules, as the API takes and says them.
import { REDACTION_OUTCOMES, SENSITIVE_KINDS } from '../../../domain/cross-border/index.js';
import { z } from 'zod';
import { CATEGORIES } from '../../../domain/providers/index.js';
import { count, day, instant, jurisdiction, slug, text, uuid } from './fields.schemas.js';

const category = z.enum(CATEGORIES);
const protocol = z.enum(['openai', 'anthropic']);
const dpa = z.strictObject({ signed_on: day, reference: text(200) }).describe('Data processing agreement');

export const terms = z.object({
  version: z.string(), effective_from: day, url: z.string(), trains_on_inputs: z.boolean().describe('True closes the provider to calls from that day'), retention_days: count.describe('How long the provider keeps inputs'),
});
export const termsInput = z.strictObject({ version: text(100), effective_from: day, url: text(2000), trains_on_inputs: z.boolean(), retention_days: z.int().min(0).max(36_500) });
export const provider = z.object({
  provider_id: slug, name: z.string(), category, legal_entity: z.string(), jurisdictions: z.array(jurisdiction).describe('Everywhere inputs are processed or can be accessed from'),
  protocol: protocol.nullable(), base_url: z.string().nullable(), credential_source: z.string().nullable().describe('Where the credential came from; the credential itself is never told'),
  dpa_signed_on: day.nullable(), dpa_reference: z.string().nullable(), stand_in: z.boolean(), status: z.enum(['active', 'suspended']), created_at: instant, terms: z.array(terms).describe('Oldest first'),
}).meta({ id: 'Provider' });
const facts = {
  name: text(200), category, legal_entity: text(200), jurisdictions: z.array(jurisdiction).min(1).max(60),
  protocol: protocol.nullable().optional().describe('Model providers only'), base_url: text(2000).nullable().optional(),
  credential: text(4096).nullable().optional().describe('Sent to the provider; stored sealed. Null takes it away'), dpa: dpa.nullable().optional(),
};
export const providerInput = z.strictObject({ provider_id: slug, ...facts });
export const providerChanges = z.strictObject(facts).partial();
export const providerParams = z.strictObject({ provider_id: slug });

const modelId = z.string().min(1).max(200).describe('A trailing * matches any ending');
export const model = z.object({ model_id: modelId, routes: z.array(z.object({ provider_id: slug, upstream_model: z.string().nullable() })).describe('In order of preference') }).meta({ id: 'Model' });
export const modelParams = z.strictObject({ model_id: text(200) });
export const routesInput = z.strictObject({ routes: z.array(z.strictObject({ provider_id: slug, upstream_model: text(200).nullable().optional().describe("Null: the provider knows it by the same name") })).max(50) });
export const routesSet = z.object({ changed: z.boolean(), created: z.boolean() });

const conditions = z.object({
  model: z.string().optional(), caller_region: z.string().optional(), account: z.string().optional(), provider: z.string().optional(),
}).describe('All that are named must hold');
export const rule = z.object({ rule_id: uuid, conditions, outcome: z.enum(['allow', 'suspend']), reason: z.string() }).meta({ id: 'AvailabilityRule' });
const redactionConditions = z.strictObject({ model: text(200).optional(), account: slug.optional(), provider: slug.optional(), cross_border: z.boolean().optional().describe("Whether the provider processes outside the account's jurisdiction"), destination: jurisdiction.optional() }).describe('All that are named must hold');
const redactionOutcome = z.enum(REDACTION_OUTCOMES).describe('off: as it came; flag: kinds and numbers go on record; mask: values are replaced before they leave; refuse: the call does not go there');
const kinds = z.array(z.enum(SENSITIVE_KINDS)).min(1);
export const redactionRule = z.object({ rule_id: uuid, conditions: redactionConditions, outcome: redactionOutcome, kinds }).meta({ id: 'RedactionRule' });
export const redactionInput = z.strictObject({ rules: z.array(z.strictObject({ conditions: redactionConditions, outcome: redactionOutcome, kinds: kinds.optional().describe('All kinds when absent') })).max(500).describe('The first match decides; these replace all there were') });
export const rulesInput = z.strictObject({ rules: z.array(z.strictObject({
  conditions: z.strictObject({ model: text(200).optional(), caller_region: jurisdiction.optional(), account: slug.optional(), provider: slug.optional() }),
  outcome: z.enum(['allow', 'suspend']), reason: text(63).describe('local-law, payment, network, provider-restriction, compliance-risk'),
})).max(500).describe('The first match decides; these replace all there were') });

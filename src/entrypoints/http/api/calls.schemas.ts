// What the API says about a call: the row of a list, and the whole story.
import { z } from 'zod';
import { PACK_STATES } from '../../../domain/evidence/index.js';
import { UNITS } from '../../../domain/billing/index.js';
import { CALL_STATUSES, OPEN_STATES, USAGE_SOURCES } from '../../../domain/gateway/index.js';
import { count, currency, dataType, hex, instant, micros, paging, slug, text, uuid, window } from './fields.schemas.js';

export const usage = z.object({
  input: count.describe('Uncached input tokens'), cache_read: count, cache_write: count, output: count, reasoning: count.describe('Part of output'),
  units: z.partialRecord(z.enum(UNITS), count).optional().describe('Audio, pictures, characters, where a call used any; *_tokens are parts of input and output'),
}).meta({ id: 'Usage' });

const callFields = {
  request_id: uuid.describe('Ours; also the header x-request-id of the answer'), at: instant, ended_at: instant,
  account: slug.nullable(), key: uuid.nullable().describe('Id of the API key'), key_name: z.string().nullable().describe('Null once account information is purged'),
  path: z.string(), model: z.string().nullable().describe('As asked for'), served_model: z.string().nullable().describe('As the provider named it'),
  stream: z.boolean(), status: z.enum(CALL_STATUSES), http_status: z.int(), refusal_code: z.string().nullable(),
  usage, usage_source: z.enum(USAGE_SOURCES).describe('reported: by the provider; estimated: by us; none: nothing was used; counted: charged with another call for the same answer'), cost_micros: micros, currency: currency.nullable(),
};
export const callRow = z.object(callFields).meta({ id: 'CallRow' });

const outcome = z.object({
  at: instant, outcome: z.string().describe('answered, rejected, cut, aborted, unreachable, timeout, not_sent or unknown'), http_status: z.int().nullable(),
  upstream_request_id: z.string().nullable(), response_bytes: count, first_byte_ms: count.nullable(), duration_ms: count,
});
const transfer = z.object({
  transfer_id: uuid, at: instant, attempt: z.int(), provider: slug, provider_name: z.string(), legal_entity: z.string(), category: z.string(),
  origin: z.string(), jurisdictions: z.array(z.string()).describe('Where the provider processes'), cross_border: z.boolean(),
  terms_version: z.string().nullable(), basis: z.string().nullable(), confirmation_ids: z.array(uuid), data_categories: z.array(z.string()),
  model: z.string(), upstream_model: z.string(), upstream_host: z.string(), request_bytes: count,
  outcome: outcome.nullable().describe('Null while the call runs; a call that died is closed as unknown'),
}).meta({ id: 'Transfer' });

const policyRef = z.object({ policy_id: uuid.nullable(), version: z.int().nullable(), keep: z.string(), starts_at: z.string(), source: z.string().nullable() });
const retention = z.object({
  stored: z.boolean().describe('Whether anything of this type is stored for the call'),
  policy: policyRef.nullable(), retain_until: instant.nullable(), delete_at: instant.nullable(),
  waiting_for: z.string().nullable().describe('What has to happen before the clock starts'),
}).meta({ id: 'Retention' });
const hold = z.object({ hold_id: uuid, matter: z.string(), data_types: z.array(dataType).nullable().describe('Null: every data type'), placed_at: instant, review_on: z.string() }).meta({ id: 'CallHold' });

const recordProof = z.object({
  table: z.string(), id: uuid, state: z.enum(['sealed', 'unsealed']), commitment: hex.describe('The leaf entry of the log'),
  leaf_index: count.nullable(), path: z.array(hex).describe("Sibling hashes from the leaf's upward, RFC 6962"),
});
const proof = recordProof.extend({
  tree_size: count.nullable(), root: hex.nullable(), checkpoint: z.string().nullable().describe('Signed note; the path leads to its root'),
  records: z.array(recordProof).describe('Every record of the call: the call, its transfers, their outcomes'),
}).meta({ id: 'Proof' });

const chargeLine = z.object({ bucket: z.string(), units: count, micros_per_million: micros, cost_micros: micros.describe('units × micros_per_million ÷ 1000000, rounded half up') });
const charge = z.object({
  price_id: uuid, model: z.string().describe('Model pattern of the price'), provider: slug, effective_from: z.string(), effective_until: z.string().nullable().describe('First day another price takes its place'),
  version: count, source: z.string().nullable().describe('Where the amounts come from; null: set by hand'), currency,
  long_context_above: count.nullable().describe('Set when the rates for an input above so many tokens hold'), lines: z.array(chargeLine),
  unpriced_units: z.array(z.string()).describe('What was used and the price does not name: it cost nothing'),
  total_micros: micros, matches_record: z.boolean().describe('The cost worked out again from price and usage equals the cost on record'),
}).meta({ id: 'Charge' });
const packRef = z.object({ pack_id: uuid, state: z.enum(PACK_STATES), language: z.string(), requested_at: instant, ready_at: instant.nullable(), sha256: z.string().nullable() });
const access = z.object({ record_id: uuid, at: instant, actor: z.string(), action: z.string(), purpose: z.string().nullable(), reason: z.string().nullable() });

export const callStory = z.object({
  ...callFields,
  status: z.enum([...CALL_STATUSES, ...OPEN_STATES]).describe('in_progress: it has left and not ended; being_closed: its gateway died, and it is about to be closed as unknown. Of both the transfers alone are on record'),
  method: z.string(), protocol: z.string().nullable(), client_request_id: z.string().nullable(), upstream_request_id: z.string().nullable(),
  answer_id: z.string().nullable().describe("The answer's own id: chatcmpl-, resp_, msg_"), session_id: z.string().nullable(), caller_region: z.string().nullable(), provider: slug.nullable(), attempts: z.int(),
  request_bytes: count, response_bytes: count, first_byte_ms: count.nullable(), registry_version: count,
  epoch_id: uuid, account_seq: count.nullable().describe('Gap-free number of the call in its account and gateway epoch'),
  charge: charge.nullable().describe('Null when the call names no price'),
  charge_reason: z.enum(['priced', 'nothing_used', 'refused', 'no_price', 'unknown']).describe('Why the call cost what it cost'), transfers: z.array(transfer),
  retention: z.partialRecord(dataType, retention).describe('By data type'), holds: z.array(hold), proof: proof.nullable(),
  packs: z.array(packRef), access: z.array(access).describe('Who read or exported it, latest 100'),
}).meta({ id: 'Call' });

export const callParams = z.strictObject({ request_id: text(200).describe("Our request id, the provider's, the answer's, or the client's own") });
export const callsQuery = z.strictObject({
  account: slug.optional(), key: text(120).optional().describe('Key id, or the name of a key'), ...window, model: text(200).optional().describe('Model as asked for'),
  status: z.enum(CALL_STATUSES).optional(), session: text(256).optional().describe('Session id of Claude Code or Codex'),
  id: text(256).optional().describe("Any id: ours, the provider's, the answer's or the client's own; several calls may carry the last"), ...paging,
});
export type CallRow = z.output<typeof callRow>;
export type CallStoryAnswer = z.output<typeof callStory>;

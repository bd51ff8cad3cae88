// Evidence packs, as the API takes and says them.
import { z } from 'zod';
import { PACK_DATA_TYPES, PACK_KINDS, PACK_LANGUAGES, PACK_STATES, REDACTABLE } from '../../../domain/evidence/index.js';
import { count, day, instant, instantIn, ordered, purpose, slug, text, uuid } from './fields.schemas.js';

const language = z.enum(PACK_LANGUAGES);
export { PACK_STATES };
const kind = z.enum(PACK_KINDS);
const packDataType = z.enum(PACK_DATA_TYPES);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/).describe('SHA-256, hex');

export const pack = z.object({
  pack_id: uuid, kind, case_number: z.string().nullable(), request_id: uuid.nullable(), account_id: slug.nullable(), purpose: z.string(), reason: z.string().nullable(), language,
  state: z.enum(PACK_STATES), requested_by: z.string(), requested_at: instant, ready_at: instant.nullable(), sha256: z.string().nullable().describe('Of the file, hex'),
  bytes: count.nullable(), pages: count.nullable(), volumes: count.nullable().describe('Files that hold the records, when there are too many for one; the file itself is then the master that names them'),
  progress: z.object({ phase: z.enum(['collecting', 'printing', 'sealing', 'checking']), rows: count, of_rows: count, pages: count, volume: count, of_volumes: count }).nullable().describe('How far the assembly is'),
  purged_at: instant.nullable().describe('When the file was removed, its data being due'), failure: z.string().nullable().describe('What it waits for or broke on'),
}).meta({ id: 'Pack' });
export const packInput = z.strictObject({
  kind: kind.default('dispute'), request_id: text(200).optional().describe("Of the call: ours, the provider's or the client's; for a dispute and a scheme exhibit"),
  account_id: slug.optional().describe('For a lawful request and a subject access; narrows an audit'), run_id: uuid.optional().describe('Of the purge run, for a purge certificate'),
  from: instantIn.optional().describe('At or after; for an audit period'), until: instantIn.optional().describe('Before'), data_types: z.array(packDataType).min(1).max(3).optional(),
  case_number: text(60).optional(), redact: z.array(z.enum(REDACTABLE)).max(20).optional().describe("Columns to take out beside those of the kind's template"),
  legal: z.strictObject({ authority: text(200), instrument: text(200), served_on: day.optional(), due_on: day.optional(), articles: text(300).optional() }).optional().describe('For a lawful request'),
  purpose, language: language.default('both'),
  reason: text(500).optional().describe('The question the pack answers; printed on its cover'),
});
export const requested = z.object({ pack_id: uuid });
export const packParams = z.strictObject({ pack_id: uuid });
export const fileQuery = z.strictObject({ volume: z.coerce.number().int().min(0).max(999).default(0).describe('0 is the pack, or the master of its volumes') });
export const files = z.object({ data: z.array(z.object({ volume: count, sha256, bytes: count, pages: count, records: count, first_item: z.string(), last_item: z.string() })) });
export const stopped = z.object({ pack_id: uuid, stopped: z.literal(true) });
export const comparison = z.object({
  same: z.boolean(), records: count, by_record: z.boolean().describe('False when the file is gone, so that only a digest could be compared'), summary: z.string(),
  counts: z.object({ purged: count, missing: count, new: count, changed: count }),
  differences: z.array(z.object({ table: z.string(), id: z.string(), what: z.enum(['purged', 'missing', 'new', 'changed']), certificate: uuid.optional() })).describe('The first hundred'),
});
export const linkInput = z.strictObject({ recipient: text(200).describe('Who gets it'), days: z.int().min(1).max(30).default(7), most_downloads: z.int().min(1).max(100).default(3) });
export const linkParams = z.strictObject({ pack_id: uuid, link_id: uuid });
export const newLink = z.object({ link_id: uuid, path: z.string().describe('Below the public address; holds the token, which is shown once and kept nowhere'), expires_at: instant });
export const links = z.object({ data: z.array(z.object({ link_id: uuid, recipient: z.string(), made_by: z.string(), made_at: instant, expires_at: instant, most_downloads: count, downloads: count, revoked_at: instant.nullable() })) });
export const revoked = z.object({ link_id: uuid, revoked: z.literal(true) });
export const packsQuery = z.strictObject({ request_id: uuid.optional(), account: slug.optional(), state: z.enum(PACK_STATES).optional(), kind: kind.optional(), case_number: text(60).optional(), ...ordered });

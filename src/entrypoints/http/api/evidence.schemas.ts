// Evidence packs, as the API takes and says them.
import { z } from 'zod';
import { PACK_LANGUAGES } from '../../../domain/evidence/index.js';
import { count, ordered, purpose, slug, text, uuid, instant } from './fields.schemas.js';

const language = z.enum(PACK_LANGUAGES);
export const PACK_STATES = ['requested', 'ready', 'failed'] as const;

export const pack = z.object({
  pack_id: uuid, kind: z.string(), request_id: uuid.nullable(), account_id: slug.nullable(), purpose: z.string(), reason: z.string().nullable(), language,
  state: z.enum(PACK_STATES), requested_by: z.string(), requested_at: instant, ready_at: instant.nullable(), sha256: z.string().nullable().describe('Of the file, hex'),
  bytes: count.nullable(), pages: count.nullable(), failure: z.string().nullable().describe('What it waits for or broke on'),
}).meta({ id: 'Pack' });
export const packInput = z.strictObject({
  request_id: text(200).describe("Of the call: ours, the provider's or the client's"), purpose, language: language.default('both'),
  reason: text(500).optional().describe('The question the pack answers; printed on its cover'),
});
export const requested = z.object({ pack_id: uuid });
export const packParams = z.strictObject({ pack_id: uuid });
export const packsQuery = z.strictObject({ request_id: uuid.optional(), account: slug.optional(), state: z.enum(PACK_STATES).optional(), ...ordered });

// Cases, disclosures and deadlines, as the API takes and says them.
import { z } from 'zod';
import { CASE_KINDS, FILE_ROLES, STAGES } from '../../../domain/cases/index.js';
import { count, day, hex, instant, slug, text, uuid } from './fields.schemas.js';

const kind = z.enum(CASE_KINDS);
/** Answers of a form: text, true or false, or a list of text, by field. */
const fieldValue = z.union([z.string().max(4_000), z.boolean(), z.array(z.string().max(200)).max(50)]);
const fields = z.record(z.string().max(60), fieldValue);
const free = z.record(z.string(), z.unknown());

export const caseRow = z.object({
  case_id: uuid, number: z.string().describe('For people: D-2026-0001'), kind, state: z.string(), account_id: slug.nullable(), received_at: instant, opened_at: instant, opened_by: z.string(), owner_id: z.string().nullable(),
  moved_at: instant, ended_at: instant.nullable(), hold_id: uuid.nullable(), release_asked_at: instant.nullable().describe('When the release of the hold of an ended case was asked for'),
}).meta({ id: 'Case' });
const clock = z.object({ name: z.string(), preset: z.string(), source: z.string(), stage: z.enum(STAGES).nullable().describe('Null when it stopped'), started_at: instant, amber_at: instant, red_at: instant, due_at: instant, extended_at: instant.nullable(), stopped_at: instant.nullable() });
const file = z.object({ file_id: uuid, role: z.enum(FILE_ROLES), name: z.string(), media_type: z.string(), bytes: count, sha256: hex, stored_by: z.string(), stored_at: instant, destroyed_at: instant.nullable() });
export const wholeCase = caseRow.extend({
  facts: fields, request_ids: z.array(uuid), clocks: z.array(clock), files: z.array(file),
  moves: z.array(z.object({ move_id: uuid, at: instant, move: z.string(), from_state: z.string().nullable(), to_state: z.string(), actor_name: z.string(), fields, effects: free })),
  collections: z.array(z.object({ collection_id: uuid, at: instant, collected_by: z.string(), parameters: free, counts: free, digest: hex, snapshot: z.string() })),
  next_moves: z.array(z.string()).describe('Moves the state allows; who may make them is decided when one is made'),
}).meta({ id: 'WholeCase' });
export const caseParams = z.strictObject({ case_id: text(60).describe('Id or number') });
export const casesQuery = z.strictObject({ kind: kind.optional(), state: text(60).optional(), account: slug.optional(), open: z.enum(['true', 'false']).optional().describe('true: only those that have not ended'), request_id: uuid.optional(), limit: z.coerce.number().int().min(1).max(1_000).default(100) });

export const openInput = z.strictObject({ kind, account_id: slug.optional(), request_ids: z.array(text(200)).max(100).optional().describe("Ours, the provider's or the client's"), fields: fields.describe('By the kind; docs/cases.md lists them') });
export const opened = z.object({ case_id: uuid, number: z.string(), hold_id: uuid.nullable() });
export const moveInput = z.strictObject({ move: text(60), fields: fields.optional(), expected_state: text(60).optional().describe('Refused when the case is in another state by now') });
export const moved = z.object({ case_id: uuid, number: z.string(), state: z.string(), effects: free });
export const linkInput = z.strictObject({ account_id: slug.optional(), request_ids: z.array(text(200)).max(100).optional() });
export const linked = z.object({ changed: z.boolean(), account_id: slug.nullable() });
export const fileInput = z.strictObject({ role: z.enum(FILE_ROLES), name: text(200), media_type: text(120), base64: z.base64().max(1_000_000).describe('At most 700 KB here, the body being JSON; larger files go in at the console') });
export const storedFile = file.extend({ case_id: uuid });
export const compareParams = z.strictObject({ case_id: text(60), collection_id: uuid });
export const compared = z.object({ same: z.boolean(), found: free, collected: free });

export const disclosuresQuery = z.strictObject({ from: day.optional(), to: day.optional().describe('This day included'), limit: z.coerce.number().int().min(1).max(1_000).default(100) });
export const disclosure = z.object({
  disclosure_id: uuid, case_id: uuid, number: z.string(), at: instant, authority: z.string(), country: z.string(), instrument_type: z.string(), reference: z.string(), served_on: z.string(), due_at: instant.nullable(), legal_basis: z.string(), selectors: free,
  account_ids: z.array(slug), data_types: z.array(z.string()), includes_bodies: z.boolean(), rows: count, collection_digest: hex, narrowing: z.string().nullable(), rejected_part: z.string().nullable(), taken_out: z.string(), reviewer: z.string(),
  approvers: z.array(z.string()), extractor: z.string(), released_by: z.string(), pack_sha256: hex.nullable(), recipient: z.string(), delivery: z.string(), emergency: z.boolean(), cost: z.string().nullable(), received_on: z.string().nullable(), receipt: z.string().nullable(),
  notice_on: z.string().nullable(), gag_until: z.string().nullable(),
}).meta({ id: 'Disclosure' });
export const reportQuery = z.strictObject({ from: day, to: day.describe('This day included') });
const cells = z.record(z.string(), z.union([z.int(), z.string()])).describe('A number, or text that says no more than may be told: "<5", "≥6", "0-999"');
export const report = z.object({ figures: z.array(z.string()), rows: z.array(z.object({ country: z.string(), instrument_type: z.string(), cells })), total: cells });

const span = z.string().min(2).max(10).describe('P10D, P1M, PT8H, or B10 for working days');
export const preset = z.object({ id: z.string(), kind, clock: z.string(), due: span, amber: span, red: span, extension: span.nullable(), source: z.string(), set_by: z.string().nullable().describe('Who changed it; null for the preset as it came') });
export const presetParams = z.strictObject({ preset_id: text(60) });
export const presetInput = z.strictObject({ due: span, amber: span, red: span, source: text(300) });

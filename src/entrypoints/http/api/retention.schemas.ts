// Policies, holds and the schedule, as the API takes and says them.
import { z } from 'zod';
import { CLOCKS, POLICY_STATES } from '../../../domain/retention/index.js';
import { count, dataType, day, instant, instantIn, jurisdiction, period, reason, slug, text, uuid } from './fields.schemas.js';

const clock = z.enum(CLOCKS).describe('What starts the clock; the last three wait for their event');

const ids = z.array(uuid).min(1).max(1000);

export const policy = z.object({
  policy_id: uuid, data_type: dataType, account_id: slug.nullable(), jurisdiction: jurisdiction.nullable(), item_ids: z.array(uuid).nullable().describe('Single items it is for'), version: z.int(), keep: period,
  starts_at: clock, purpose: z.string(), source: z.string().nullable(), legal_basis: z.string().nullable(), locked: z.boolean().describe('One-way: may only be lengthened'),
  shortens: z.boolean(), approval_id: uuid.nullable(), status: z.enum(POLICY_STATES), published_by: z.string(), published_at: instant, effective_from: instant, superseded_at: instant.nullable(),
}).meta({ id: 'Policy' });
const draft = {
  data_type: dataType, keep: period, starts_at: clock.optional(), account_id: slug.optional(), jurisdiction: jurisdiction.optional(), item_ids: ids.optional().describe('Single items: ids of calls, events or payments'),
};
export const policyInput = z.strictObject({
  ...draft, purpose: text(300).optional(), source: text(300).optional().describe('A law, a contract'), legal_basis: text(300).optional(), locked: z.boolean().optional().describe('Sets the one-way lock; it is never taken off'),
  effective_from: instantIn.optional().describe('Unset: at once. A shortening takes effect after its grace period at the earliest'),
  confirm_shortening: z.boolean().optional().describe('Set to true to ask a second person for a policy that deletes sooner than the one in force'),
});
export const simulationInput = z.strictObject(draft);
const side = z.object({ rows: count, bytes: count.describe('Estimate'), accounts: count, oldest: instant.nullable(), held_rows: count, held_accounts: count, cut_off: instant.nullable() });
export const simulation = z.object({ data_type: dataType, today: side, draft: side, days: z.array(z.object({ day: z.string(), today: count, draft: count, held: count })), took_ms: count }).meta({ id: 'Simulation' });
export const publishedPolicy = z.object({ policy_id: uuid.nullable(), version: z.int(), changed: z.boolean(), advice: z.array(z.string()), effective_from: instant.nullable(),
  approval_id: uuid.nullable().describe('Set when a second person was asked: nothing is published before he approves') });
export const policyParams = z.strictObject({ policy_id: uuid });
export const withdrawn = z.object({ withdrawn: z.literal(true) });
const preset = z.object({ id: z.string(), data_type: dataType, region: z.enum(['CN', 'EEA', 'US', 'GLOBAL']), jurisdiction: jurisdiction.nullable(), starts_at: clock, min: period.nullable(), suggested: period, max: period.nullable(),
  basis: z.string(), source: z.string(), applies_if: z.string().nullable() });
export const presets = z.object({ note: z.string(), data: z.array(preset) });
export const waiting = z.object({ data: z.array(z.object({ data_type: dataType, clock, policy_id: uuid, account_id: slug.nullable(), rows: count, accounts: count, since: instant.nullable() })) });
export const disputeInput = z.strictObject({ account_id: slug, reference: text(200), state: z.enum(['open', 'closed']) });
export const policiesQuery = z.strictObject({ in_force: z.enum(['true', 'false']).default('true').describe('false: superseded ones too') });

export const hold = z.object({
  hold_id: uuid, account_id: slug.nullable(), key_ids: z.array(uuid).nullable(), request_ids: z.array(uuid).nullable(), from_at: instant.nullable(), until_at: instant.nullable().describe('Excluded; null: without end'),
  data_types: z.array(dataType).nullable().describe('Null: every data type'), matter: z.string(), requester: z.string(), basis: z.string(),
  review_on: day, placed_by: z.string(), placed_at: instant, released_by: z.string().nullable(), released_at: instant.nullable(),
  protects_until: instant.nullable().describe('A released hold still protects until then'),
}).meta({ id: 'Hold' });
export const holdInput = z.strictObject({
  account_id: slug.optional(), key_ids: ids.optional(), request_ids: ids.optional(), from: instantIn.optional(), until: instantIn.optional().describe('Excluded; unset: without end'),
  data_types: z.array(dataType).min(1).optional().describe('Unset: every data type'), matter: text(200).describe('Case, dispute or order'),
  requester: text(200), basis: text(300).describe('Legal basis'), review_on: day,
});
export const extendInput = z.strictObject({
  key_ids: ids.optional(), request_ids: ids.optional(), from: instantIn.nullable().optional().describe('Null takes the bound away'), until: instantIn.nullable().optional().describe('Null takes the bound away'),
  data_types: z.array(dataType).min(1).nullable().optional().describe('Null: every data type'), review_on: day.optional(), reason,
});
export const heldRows = z.object({ rows: count, tables: z.array(z.object({ table: z.string(), data_type: dataType, rows: count })) });
export const placedHold = z.object({
  hold_id: uuid, changed: z.boolean(),
  already_removed: z.array(z.object({ run_id: uuid, data_type: dataType, rows: count })).describe('What runs under way had removed before'),
});
export const releaseInput = z.strictObject({ reason });
export const releasedHold = z.object({ hold_id: uuid, changed: z.boolean(), protects_until: instant.nullable(), approval_id: uuid.nullable().describe('The second person is asked here; the hold is in force until he approves') });
export const holdParams = z.strictObject({ hold_id: uuid });
export const holdsQuery = z.strictObject({ account: slug.optional(), in_force: z.enum(['true', 'false']).default('false').describe('true: only those not released') });

export const explainQuery = z.strictObject({
  data_type: dataType, id: z.string().min(1).max(80).optional().describe('A record: its own id, or that of its call. Without one, say when it was made'),
  created_at: instantIn.optional(), account: slug.optional(), jurisdiction: jurisdiction.optional(), clock_start: instantIn.optional().describe('When its event happened'),
});
export const explanation = z.object({
  record: z.object({ table: z.string(), id: z.string(), at: instant, account_id: slug.nullable(), key_id: uuid.nullable(), request_id: uuid.nullable(), item_id: uuid.nullable(), clock_start: instant.nullable() }).nullable(),
  policy: policy.nullable(), considered: z.array(z.object({ policy, level: z.enum(['item', 'account', 'jurisdiction', 'all']), ends_at: instant.nullable(), decides: z.boolean() })).describe('Every policy that speaks of it, the most explicit first'),
  retain_until: instant.nullable(), delete_at: instant.nullable(), waiting_for: z.enum(['account-closed', 'dispute-closed', 'fiscal-year-end']).nullable(),
  minimums: z.array(z.object({ id: z.string(), keep: period, source: z.string(), ends_at: instant.nullable() })), holds: z.array(hold),
  restricted: z.object({ erasure_id: uuid, since: instant }).nullable().describe('An erasure of the account: no policy keeps the record, and it goes by the minimums alone'),
});

export const schedule = z.strictObject({ cron: text(100).describe('Five fields'), time_zone: text(60).describe('IANA name'), paused: z.boolean() });
export const scheduleAnswer = schedule.extend({ upcoming: z.array(instant).describe('Empty while paused') });
export const scheduleChanged = z.object({ changed: z.boolean() });

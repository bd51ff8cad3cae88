// Policies, holds and the schedule, as the API takes and says them.
import { z } from 'zod';
import { CLOCKS } from '../../../domain/retention/index.js';
import { count, dataType, day, instant, instantIn, jurisdiction, period, reason, slug, text, uuid } from './fields.schemas.js';

const clock = z.enum(CLOCKS).describe('What starts the clock; the last two wait for their event');

export const policy = z.object({
  policy_id: uuid, data_type: dataType, account_id: slug.nullable(), jurisdiction: jurisdiction.nullable(), version: z.int(), keep: period, starts_at: clock,
  purpose: z.string(), source: z.string().nullable(), status: z.enum(['in_force', 'superseded']), published_by: z.string(), effective_from: instant, superseded_at: instant.nullable(),
}).meta({ id: 'Policy' });
export const policyInput = z.strictObject({
  data_type: dataType, keep: period, starts_at: clock.optional(), account_id: slug.optional(), jurisdiction: jurisdiction.optional(),
  purpose: text(300).optional(), source: text(300).optional().describe('A law, a contract'),
  confirm_shortening: z.boolean().optional().describe('Set to true to publish a policy that deletes sooner than the one in force'),
});
export const publishedPolicy = z.object({ policy_id: uuid, version: z.int(), changed: z.boolean(), advice: z.array(z.string()) });
export const policiesQuery = z.strictObject({ in_force: z.enum(['true', 'false']).default('true').describe('false: superseded ones too') });

export const hold = z.object({
  hold_id: uuid, account_id: slug, data_types: z.array(dataType).nullable().describe('Null: every data type'), matter: z.string(), requester: z.string(), basis: z.string(),
  review_on: day, placed_by: z.string(), placed_at: instant, released_by: z.string().nullable(), released_at: instant.nullable(),
  protects_until: instant.nullable().describe('A released hold still protects until then'),
}).meta({ id: 'Hold' });
export const holdInput = z.strictObject({
  account_id: slug, data_types: z.array(dataType).min(1).optional().describe('Unset: every data type'), matter: text(200).describe('Case, dispute or order'),
  requester: text(200), basis: text(300).describe('Legal basis'), review_on: day,
});
export const placedHold = z.object({
  hold_id: uuid, changed: z.boolean(),
  already_removed: z.array(z.object({ run_id: uuid, data_type: dataType, rows: count })).describe('What runs under way had removed before'),
});
export const releaseInput = z.strictObject({ reason });
export const releasedHold = z.object({ hold_id: uuid, changed: z.boolean(), protects_until: instant });
export const holdParams = z.strictObject({ hold_id: uuid });
export const holdsQuery = z.strictObject({ account: slug.optional(), in_force: z.enum(['true', 'false']).default('false').describe('true: only those not released') });

export const explainQuery = z.strictObject({
  data_type: dataType, created_at: instantIn, account: slug.optional(), jurisdiction: jurisdiction.optional(), clock_start: instantIn.optional().describe('When its event happened'),
});
export const explanation = z.object({
  policy: policy.nullable(), retain_until: instant.nullable(), delete_at: instant.nullable(), waiting_for: z.enum(['account-closed', 'fiscal-year-end']).nullable(),
  minimums: z.array(z.object({ id: z.string(), keep: period, source: z.string() })), holds: z.array(hold),
});

export const schedule = z.strictObject({ cron: text(100).describe('Five fields'), time_zone: text(60).describe('IANA name'), paused: z.boolean() });
export const scheduleAnswer = schedule.extend({ upcoming: z.array(instant).describe('Empty while paused') });
export const scheduleChanged = z.object({ changed: z.boolean() });

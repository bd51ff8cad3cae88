// Previews, runs and certificates, as the API takes and says them.
import { z } from 'zod';
import { CLOCKS, RUN_STATES } from '../../../domain/retention/index.js';
import { count, dataType, hex, instant, jurisdiction, ordered, period, reason, slug, uuid } from './fields.schemas.js';

const method = z.enum(['drop_partition', 'replace_partition', 'delete_rows', 'erase_fields']);
const clock = z.enum(CLOCKS);

export const previewInput = z.strictObject({
  data_type: dataType.optional().describe('Unset: all of them'),
  policy: z.strictObject({ keep: period, starts_at: clock.optional(), account_id: slug.optional(), jurisdiction: jurisdiction.optional() }).optional()
    .describe('A policy that is not published: what would it delete?'),
});
const part = z.object({
  table: z.string(), partition: z.string().nullable(), rows_total: count, rows_due: count, rows_held: count, accounts_held: count, bytes_due: count,
  min_at: instant.nullable(), max_at: instant.nullable(), method: method.nullable(),
});
export const preview = z.object({
  data_type: dataType,
  policies: z.array(z.object({ policy_id: uuid.nullable(), scope: z.string(), keep: period, starts_at: clock, version: z.int().nullable() })),
  cut_off: instant.nullable().describe('Nothing created at or after this instant would go'), rows_due: count, rows_held: count, accounts_held: count,
  bytes_due: count.describe('Estimate'), oldest: instant.nullable(), overdue_since: instant.nullable(), parts: z.array(part),
}).meta({ id: 'PurgePreview' });

export const planInput = z.strictObject({ data_type: dataType });
export const planned = z.object({ run_id: uuid, approval_id: uuid.nullable().describe('A second person has to approve this first') });
export const why = z.strictObject({ reason });
export const controlled = z.object({ run_id: uuid, state: z.enum(RUN_STATES) });
export const started = z.object({ run_id: uuid, started: z.literal(true) });
export const runParams = z.strictObject({ run_id: uuid });

export const runRow = z.object({
  run_id: uuid, data_type: dataType, state: z.enum(RUN_STATES), trigger: z.string(), cut_off: instant, rows_deleted: count, rows_held: count,
  survivors: count.nullable().describe('Rows found after the run that should be gone; 0 in every certified run'), failure: z.string().nullable().describe('What it waits for, or why it failed'),
  failures: z.int(), retry_at: instant.nullable().describe('When it goes on by itself'), needs_approval: z.boolean().describe('It waits for a second person'), approval_id: uuid.nullable(),
  planned_at: instant, started_at: instant.nullable(), finished_at: instant.nullable(),
}).meta({ id: 'PurgeRunRow' });
const item = z.object({
  position: z.int(), table: z.string(), partition: z.string().nullable(), method, state: z.enum(['planned', 'detached', 'done']), rows_total: count, rows_due: count.describe('When it was planned'), rows_deleted: count,
  rows_held: count, min_at: instant.nullable(), max_at: instant.nullable(), bytes_freed: count, done_at: instant.nullable(),
});
const progress = z.object({ rows_due: count, rows_done: count, items_done: count, items: count, rows_per_second: count.nullable(), remaining_ms: count.nullable() });
export const run = runRow.extend({ items: z.array(item), progress }).meta({ id: 'PurgeRun' });
export const runsQuery = z.strictObject({ data_type: dataType.optional(), state: z.enum(RUN_STATES).optional(), ...ordered });

export const certificate = z.object({
  certificate_id: uuid, run_id: uuid, body: z.record(z.string(), z.unknown()).describe('What is signed, as RFC 8785 text'), body_digest: hex, signature: hex.describe('Ed25519'),
  public_key: hex, issued_at: instant,
}).meta({ id: 'PurgeCertificate' });

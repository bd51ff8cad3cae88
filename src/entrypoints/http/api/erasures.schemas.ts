// Erasures of one subject, as the API takes and says them.
import { z } from 'zod';
import { ERASURE_GROUNDS, ERASURE_STATES } from '../../../domain/retention/index.js';
import { count, dataType, instant, paging, reason, slug, text, uuid } from './fields.schemas.js';

const subject = {
  account_id: slug.describe('The account, which is the subject unless sessions are named'),
  sessions: z.array(text(256)).min(1).max(100).optional().describe('One end user of the account: the ids of his sessions, as his calls bear them'),
  data_types: z.array(dataType).min(1).max(7).optional().describe('Unset: all; of sessions those that know calls'),
};
export const previewInput = z.strictObject(subject);
export const planInput = z.strictObject({ ...subject, ground: z.enum(ERASURE_GROUNDS).describe('On which ground it is asked for'), reason });
const why = z.object({ kind: z.enum(['floor', 'books', 'hold', 'approval']), id: z.string(), says: z.string() }).describe('A law, the duty to keep books, a hold, or that nobody has approved yet');
export const counted = z.object({
  data_type: dataType, rows: count.describe('Of the subject, on record'), rows_erased: count.describe('May go now'), rows_held: count.describe('Stay because of a hold'), rows_kept: count.describe('Stay because of a law or the books'),
  goes_at: instant.nullable().describe('When the last of what is kept may go'), why: z.array(why),
}).meta({ id: 'ErasureCount' });
export const planned = z.object({ erasure_id: uuid, state: z.enum(ERASURE_STATES), approval_id: uuid.nullable().describe('A second person has to approve this first'), counts: z.array(counted) });
const outcome = z.record(z.string(), z.object({ erased: z.string(), run_id: uuid.nullable(), restricted: z.string(), goes_at: instant.nullable(), why: z.array(z.string()) }));
export const erasure = z.object({
  erasure_id: uuid, account_id: z.string(), by_sessions: z.boolean(), ground: z.enum(ERASURE_GROUNDS), reason: z.string(), data_types: z.array(dataType), case_number: z.string().nullable(), state: z.enum(ERASURE_STATES),
  before: instant.nullable().describe('Rows made from then on are no part of it; null while the account is to close'), asked_by: z.string(), asked_at: instant, approval_id: uuid.nullable(), approved_by: z.string().nullable(), approved_at: instant.nullable(),
  started_at: instant.nullable(), finished_at: instant.nullable(), failure: z.string().nullable().describe('What it waits for'), outcome: outcome.nullable().describe('By type, once it is over'),
  restrictions: z.array(z.object({ data_type: dataType, rows: count, why: z.array(why), since: instant, goes_at: instant.nullable(), lifted_at: instant.nullable() })),
}).meta({ id: 'Erasure' });
export const whole = erasure.extend({ runs: z.array(z.object({ run_id: uuid, data_type: dataType, state: z.string(), rows_due: count, rows_done: count, certified: z.boolean() })) });
export const params = z.strictObject({ erasure_id: uuid });
export const query = z.strictObject({ account: slug.optional(), state: z.enum(ERASURE_STATES).optional(), limit: paging.limit });
export const cancelInput = z.strictObject({ reason });
export const controlled = z.object({ erasure_id: uuid, state: z.enum(ERASURE_STATES) });

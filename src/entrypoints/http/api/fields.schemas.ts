// The fields that several schemas share, described once; every string is bounded and storable.
import { z } from 'zod';
import { PURPOSES, ROLES } from '../../../kernel/actor.js';
import { DATA_TYPES } from '../../../kernel/data-types.js';
import { ERRORS, type ErrorCode } from '../../../kernel/errors.js';
import { isJurisdiction } from '../../../kernel/jurisdiction.js';
import { isPeriod } from '../../../kernel/period.js';

/** Text of 1 to `max` characters that PostgreSQL and canonical JSON can hold: no NUL, no lone surrogate. */
export const text = (max = 200) => z.string().min(1).max(max)
  .refine((value) => value.isWellFormed() && !value.includes('\u0000'), 'must not contain NUL or half a surrogate pair');

export const uuid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, 'must be a UUID in lower case').meta({ format: 'uuid' });
export const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens, at most 63');
/** An instant as answered: UTC, milliseconds. */
export const instant = z.iso.datetime({ precision: 3 }).describe('RFC 3339, UTC, milliseconds');
/** An instant as asked for: any offset. */
export const instantIn = z.iso.datetime({ offset: true }).describe('RFC 3339 with an offset or Z');
export const day = z.iso.date().describe('Calendar day, YYYY-MM-DD');
export const jurisdiction = z.string().regex(/^[A-Z]{2}$/).refine(isJurisdiction, 'must be an ISO 3166-1 alpha-2 code').describe('ISO 3166-1 alpha-2');
export const period = z.string().max(40).refine(isPeriod, 'must be an ISO 8601 duration of whole hours or longer').describe('ISO 8601 duration: P12M, P3Y, PT72H');
export const currency = z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code').describe('ISO 4217');
export const micros = z.union([z.int(), z.string().regex(/^-?[1-9]\d{15,}$/)]).describe('Micro-units of the currency: 1000000 is 1.00. A number; beyond 2^53 - 1 decimal text, since a JSON number would be rounded')
  .meta({ id: 'Micros' });
/** An amount as asked for: a number, or decimal text of any size. */
export const microsIn = z.union([z.int().min(0), z.string().regex(/^(?:0|[1-9]\d{0,18})$/, 'must be a whole number of micro-units')]).describe('Micro-units of the currency; as decimal text where a JSON number would be rounded');
export const count = z.int().min(0);
export const hex = z.string().regex(/^([0-9a-f]{2})*$/).describe('Bytes in lower-case hex');
export const purpose = z.enum(PURPOSES).describe('One of the published purposes (promise P1)');
export const roles = z.array(z.enum(ROLES)).min(1).max(ROLES.length);
export const dataType = z.enum(DATA_TYPES).describe('One of the seven published data types');
export const reason = text(500).describe('Why; kept on the ledger');

/** limit and cursor of every list. */
export const paging = {
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe('Rows of one answer'),
  cursor: z.string().min(1).max(200).optional().describe('next_cursor of the answer before'),
};
/** Lists that also run backwards. */
export const ordered = { order: z.enum(['oldest', 'newest']).default('oldest').describe('Which end to begin at'), ...paging };
/** from (included) and to (excluded) of lists over time. */
export const window = { from: instantIn.optional().describe('At or after this instant'), to: instantIn.optional().describe('Before this instant') };

/** `{data, next_cursor}` of a row schema. */
export function page<T extends z.ZodType>(row: T) {
  return z.object({ data: z.array(row), next_cursor: z.string().nullable().describe('Give it as cursor for the next rows; null at the end') });
}

/** Answer of changes that may find nothing to do: false when the thing was so already. */
export const changed = z.object({ changed: z.boolean() });
/** Example of a change that only takes a reason. */
export const exampleChanged = (why: string) => ({ body: { reason: why }, answer: { changed: true } });

export const errorAnswer = z.object({ error: z.object({
  code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]).describe('Stable; docs/errors.md explains each'),
  message: z.string().describe('What happened and what the caller can do'),
  field: z.string().optional().describe('The field it is about, with params, query or body in front'),
  request_id: uuid.describe('Names this request in our log'),
}) }).meta({ id: 'Error' });

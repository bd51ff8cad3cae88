// Checks that several forms share. Messages are short and say what is wanted; the browser shows them at the field.
import { z } from 'zod';
import { isJurisdiction } from '../../../kernel/jurisdiction.js';
import { isPeriod } from '../../../kernel/period.js';

/** One or more lines, trimmed. */
export const text = (max = 200): z.ZodType<string> => z.string('required').trim().min(1, 'required').max(max, `at most ${max} characters`)
  .refine((value) => value.isWellFormed() && !value.includes('\u0000'), 'contains characters that cannot be stored');

/** Empty text, null and absence are the same: not given. */
export const optional = <T>(schema: z.ZodType<T>): z.ZodType<T | undefined> =>
  z.preprocess((value) => (value === '' || value === null ? undefined : value), schema.optional()) as unknown as z.ZodType<T | undefined>;

export const reason = text(500).refine((value) => value.length >= 5, 'at least 5 characters');
export const slug = z.string('required').trim().min(1, 'required').regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and hyphens, at most 63');
export const place = z.string('required').trim().min(1, 'required').toUpperCase().refine(isJurisdiction, 'a two-letter country code such as DE or CN');
export const day = z.iso.date('a day as YYYY-MM-DD');
export const period = z.string('required').trim().min(1, 'required').toUpperCase().refine(isPeriod, 'a period such as P12M, P3Y or P30D');
export const positive = z.coerce.number('a whole number').int('a whole number').min(1, 'at least 1').max(1_000_000_000, 'at most 1,000,000,000');
/** Ids in a text, apart by spaces, commas or lines. */
export const ids = z.string().trim().transform((value) => value.split(/[\s,;]+/).filter(Boolean)).pipe(z.array(z.uuid('ids of the form 01999d5e-7b3c-7000-8000-000000000000').toLowerCase()).min(1).max(1000, 'at most 1,000 ids'));

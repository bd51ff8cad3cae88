// The format of the configuration file, item by item; docs/configuration-file.md explains it. Unknown fields are refused everywhere.
import { z } from 'zod';
import { LIMIT_PERIODS, type Unit } from '../../../domain/billing/index.js';
import { CONFIRMATION_BASES, CONFIRMATION_COVERS, REDACTION_CONDITIONS, REDACTION_OUTCOMES, SENSITIVE_KINDS } from '../../../domain/cross-border/index.js';
import { AVAILABILITY_CONDITIONS, CATEGORIES } from '../../../domain/providers/index.js';
import { CLOCKS } from '../../../domain/retention/index.js';
import { UNPRICED_CALLS } from '../../../domain/security/index.js';
import { DATA_TYPES } from '../../../kernel/data-types.js';
import { checkCurrency, checkDay, checkHttpUrl, checkJurisdiction, checkLine, checkModelPattern, checkSlug } from '../../../kernel/field-rules.js';
import { toMicros, type Micros } from '../../../kernel/money.js';
import { isPeriod } from '../../../kernel/period.js';
import type { Refusal } from '../../../kernel/result.js';

const by = (check: (value: string, field: string) => Refusal | undefined) => z.string().superRefine((value, context) => {
  const wrong = check(value, '');
  if (wrong) context.addIssue({ code: 'custom', message: wrong.message });
});
const slug = by(checkSlug), jurisdiction = by(checkJurisdiction), day = by(checkDay), currency = by(checkCurrency), model = by(checkModelPattern);
const line = (max = 200) => by((value, field) => checkLine(value, field, max));

/** A reference to an environment variable; the only way a secret gets in. */
export const secretSchema = z.custom<{ readonly env: string }>((value) => typeof value === 'object' && value !== null && Object.keys(value).join() === 'env'
  && /^[A-Za-z_][A-Za-z0-9_]*$/.test(String((value as { env: unknown }).env)), { message: 'a secret never stands in this file; write { env: NAME } and set the variable NAME' });

const AMOUNT = 'must be an amount for a million tokens, zero or more, with at most six decimals';
const amount = z.custom<string | number>((value) => typeof value === 'string' || typeof value === 'number', { message: AMOUNT }).transform((value, context): Micros => {
  try { return toMicros(value); } catch { context.addIssue({ code: 'custom', message: AMOUNT }); return z.NEVER; }
});

const rates = { input: amount, cacheRead: amount.optional(), cacheWrite: amount.optional(), cacheWrite1h: amount.optional(), output: amount };
/** Fields of `units`: the unit they price, and how many units one amount is for. */
export const UNIT_FIELDS = {
  audioInput: ['input_audio_tokens', 1_000_000], audioOutput: ['output_audio_tokens', 1_000_000], imageInput: ['input_image_tokens', 1_000_000], imageOutput: ['output_image_tokens', 1_000_000],
  image: ['images', 1], minute: ['audio_ms', 60_000], character: ['characters', 1_000_000],
} as const satisfies Record<string, readonly [Unit, number]>;

export const operatorSchema = z.strictObject({ name: line(), jurisdiction, contact: line(254), unpricedCalls: z.enum(UNPRICED_CALLS).default('refuse') });

export const providerSchema = z.strictObject({
  id: slug, name: line(), category: z.enum(CATEGORIES), legalEntity: line(), jurisdictions: z.array(jurisdiction).min(1), protocol: z.enum(['openai', 'anthropic']).optional(),
  baseUrl: by(checkHttpUrl).optional(), credential: secretSchema.optional(), standIn: z.boolean().optional(), dpa: z.strictObject({ signedOn: day, reference: line() }).optional(),
  terms: z.array(z.strictObject({ version: line(100), effectiveFrom: day, url: by(checkHttpUrl), trainsOnInputs: z.boolean(), retentionDays: z.int().min(0).max(36_500) })).default([]),
});

export const modelSchema = z.strictObject({ id: model, routes: z.array(z.strictObject({ provider: slug, upstreamModel: line().optional() })) });

export const priceSchema = z.strictObject({
  model, provider: slug, currency, effectiveFrom: day,
  perMillion: z.strictObject({ ...rates, longContext: z.strictObject({ above: z.int().min(1), ...rates }).optional() }),
  units: z.strictObject(Object.fromEntries(Object.keys(UNIT_FIELDS).map((name) => [name, amount.optional()])) as Record<keyof typeof UNIT_FIELDS, z.ZodOptional<typeof amount>>).optional(),
});

const per = z.enum(LIMIT_PERIODS);
export const limitsSchema = z.strictObject({
  requestsPerMinute: z.int().min(1).max(2_000_000_000).optional(), tokensPerMinute: z.int().min(1).max(1_000_000_000_000_000).optional(), concurrentCalls: z.int().min(1).max(1_000_000).optional(),
  budget: z.strictObject({ amount, currency, per }).optional(), tokens: z.strictObject({ amount: z.int().min(1).max(9_000_000_000_000_000), per }).optional(),
});

export const accountSchema = z.strictObject({
  id: slug, name: line(), jurisdiction, contact: line(254),
  confirmations: z.array(z.strictObject({ to: jurisdiction, basis: z.enum(CONFIRMATION_BASES), covers: z.array(z.enum(CONFIRMATION_COVERS)).min(1), confirmedBy: line(), confirmedAt: day, validUntil: day })).default([]),
  limits: limitsSchema.optional(),
});

export const keySchema = z.strictObject({ account: slug, name: line(120), secret: secretSchema, limits: limitsSchema.optional() });

const conditions = { model: model.optional(), callerRegion: jurisdiction.optional(), account: slug.optional(), provider: slug.optional() } satisfies Record<(typeof AVAILABILITY_CONDITIONS)[number], z.ZodType>;
const outcome = z.enum(['allow', 'suspend']);
// Said in two steps: a field of this name makes a literal look like a promise.
export const ruleSchema = z.strictObject({ when: z.strictObject(conditions), reason: line(63) }).extend(Object.fromEntries(['then'].map((name) => [name, outcome])) as Record<'then', typeof outcome>);

const redactionConditions = { model: model.optional(), account: slug.optional(), provider: slug.optional(), crossBorder: z.boolean().optional(), destination: jurisdiction.optional() } satisfies Record<(typeof REDACTION_CONDITIONS)[number], z.ZodType>;
const redactionOutcome = z.enum(REDACTION_OUTCOMES);
export const redactionSchema = z.strictObject({ when: z.strictObject(redactionConditions), kinds: z.array(z.enum(SENSITIVE_KINDS)).min(1).optional() })
  .extend(Object.fromEntries(['then'].map((name) => [name, redactionOutcome])) as Record<'then', typeof redactionOutcome>);

export const retentionSchema = z.strictObject({
  dataType: z.enum(DATA_TYPES), keep: z.string().refine(isPeriod, 'must be an ISO 8601 period without minutes or seconds, such as P12M, P3Y, P30D, PT72H or P0D'),
  startsAt: z.enum(CLOCKS).optional(), source: line(500).optional(), purpose: line(500).optional(),
  where: z.strictObject({ account: slug.optional(), jurisdiction: jurisdiction.optional() })
    .refine((value) => (value.account === undefined) !== (value.jurisdiction === undefined), 'must name either an account or a jurisdiction').optional(),
});

/** The sections; their items are read one by one, so that one wrong item does not hide the mistakes in the others. */
export const fileSchema = z.strictObject({
  version: z.literal(1), operator: z.unknown().optional(), providers: z.array(z.unknown()).optional(), models: z.array(z.unknown()).optional(), prices: z.array(z.unknown()).optional(),
  accounts: z.array(z.unknown()).optional(), keys: z.array(z.unknown()).optional(), availability: z.array(z.unknown()).optional(), redaction: z.array(z.unknown()).optional(), retention: z.array(z.unknown()).optional(),
});

export type OperatorItem = z.output<typeof operatorSchema>;
export type ProviderItem = z.output<typeof providerSchema>;
export type ModelItem = z.output<typeof modelSchema>;
export type PriceItem = z.output<typeof priceSchema>;
export type LimitsItem = z.output<typeof limitsSchema>;
export type AccountItem = z.output<typeof accountSchema>;
export type KeyItem = z.output<typeof keySchema>;
export type RuleItem = z.output<typeof ruleSchema>;
export type RedactionItem = z.output<typeof redactionSchema>;
export type RetentionItem = z.output<typeof retentionSchema>;

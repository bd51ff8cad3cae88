// pack.json: everything a pack says. The pages are printed from it and from nothing else; its schema is what the verifier accepts.
import { z } from 'zod';
import { canonicalJson, type Json } from '../../kernel/canonical-json.js';
import { DATA_TYPES } from '../../kernel/data-types.js';
import { PACK_KINDS } from './pack.js';

/** Names the layout of pack.json; a change that breaks readers makes a new one. */
export const PACK_FORMAT = 'holdfast.evidence-pack.v1';

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`), `${bytes} bytes in lower-case hex`);
const decimal = z.string().regex(/^(?:0|[1-9]\d*)$/, 'a decimal number');
const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'a UTC time with milliseconds');
const dataType = z.enum(DATA_TYPES);
const item = z.string().regex(/^EP-[0-9a-f]{12}-\d{4,7}$/, 'an item id');

export const packRecord = z.strictObject({
  item, table: z.string(), id: z.string(), version: z.int().positive(),
  /** The row in canonical form: bigint as decimal text, time as UTC text. JSON by construction, and its columns are compared with the table's. */
  row: z.custom<Record<string, Json>>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), 'a row'),
  /** Names of columns that were taken out; then there is no salt either, or their values could be found by trying. */
  redacted: z.array(z.string()).optional(),
  salt: hex(16).nullable(), commitment: hex(32), leaf_index: decimal, path: z.array(hex(32)),
});
const hold = z.strictObject({ hold_id: z.string(), placed_at: instant, data_types: z.array(dataType).nullable(), protects_until: instant.nullable() });
const terms = z.strictObject({ version: z.string(), effective_from: z.string(), url: z.string(), trains_on_inputs: z.boolean(), retention_days: z.int() });
const confirmation = z.strictObject({
  confirmation_id: z.string(), destination: z.string(), basis: z.string(), covers: z.array(z.string()), confirmed_by: z.string(),
  confirmed_at: z.string(), valid_until: z.string(), withdrawn_at: instant.nullable(),
});
const price = z.strictObject({
  price_id: z.string(), model: z.string(), provider_id: z.string(), currency: z.string(), effective_from: z.string(), input_micros: decimal,
  cache_read_micros: decimal, cache_write_micros: decimal, cache_write_1h_micros: decimal.nullable(), output_micros: decimal,
  version: z.int().positive(), unit_micros: z.record(z.string(), decimal).nullable(), source: z.string().nullable(),
  long_context: z.strictObject({ above: decimal, input: decimal, cache_read: decimal, cache_write: decimal, cache_write_1h: decimal.nullable(), output: decimal }).nullable(),
});

const matchSide = z.strictObject({
  payment_id: z.string(), reference: z.string(), paid_at: instant, amount_micros: decimal, currency: z.string(), card_last4: z.string().nullable(), descriptor: z.string().nullable(),
  ip_address: z.string().nullable(), device_sha256: hex(32).nullable(), login_id: z.string().nullable(), shipping_sha256: hex(32).nullable(),
});

export const packDocument = z.strictObject({
  format: z.literal(PACK_FORMAT),
  pack: z.strictObject({
    pack_id: z.uuid(), code: z.string(), kind: z.enum(PACK_KINDS), language: z.enum(['en', 'zh', 'both']), classification: z.literal('confidential'),
    assembled_at: instant, generator: z.string(), template: z.string(), template_sha256: hex(32),
    case: z.string().nullable(),
    /** null: the whole pack is one file; number 0 is the master that names the volumes. */
    volume: z.strictObject({ number: z.int().min(0), of: z.int().positive() }).nullable(),
  }),
  request: z.strictObject({ requested_at: instant, requested_by: z.string(), purpose: z.string(), question: z.string().nullable() }),
  operator: z.strictObject({ name: z.string(), jurisdiction: z.string(), contact: z.string() }).nullable(),
  legal: z.strictObject({ authority: z.string(), instrument: z.string(), served_on: z.string().nullable(), due_on: z.string().nullable(), articles: z.string().nullable() }).nullable(),
  subject: z.strictObject({
    request_id: z.uuid().nullable(),
    account: z.strictObject({ account_id: z.string(), name: z.string(), jurisdiction: z.string(), status: z.string(), created_at: instant, closed_at: instant.nullable() }).nullable(),
  }),
  scope: z.strictObject({
    selectors: z.array(z.strictObject({ name: z.string(), value: z.string() })),
    searched: z.array(z.strictObject({ data_type: z.enum([...DATA_TYPES, 'compliance_records']), table: z.string(), found: z.int(), produced: z.int() })),
    excluded: z.array(z.strictObject({ data_type: dataType, reason: z.enum(['not_asked', 'never_kept']) })),
    /** The frozen query: what the selectors found, as a digest over "table/id" lines in their order, and the log it was found under. */
    snapshot: z.strictObject({ tree_size: decimal, taken_at: instant, counts: z.record(z.string(), z.int()), ids_sha256: hex(32) }),
    gaps: z.array(z.strictObject({ gap: z.enum(['transfers_missing', 'outcome_missing', 'terms_unknown', 'custody_shortened', 'not_sealed_yet']), count: z.int().positive() })),
  }),
  records: z.array(packRecord).min(1),
  checkpoint: z.strictObject({ origin: z.string(), tree_size: decimal, root: hex(32), at: instant, note: z.string(), verifier_key: z.string(), published_at: z.string().nullable() }),
  /** Only of a pack about one call. */
  charge: z.strictObject({
    recorded_micros: decimal, currency: z.string().nullable(), usage_source: z.string(), price: price.nullable(),
    lines: z.array(z.strictObject({ bucket: z.string(), units: decimal, micros_per_million: decimal, cost_micros: decimal })),
    total_micros: decimal, agrees: z.boolean(),
  }).nullable(),
  transfers: z.array(z.strictObject({ item, terms: terms.nullable(), confirmations: z.array(confirmation) })),
  retention: z.array(z.strictObject({
    data_type: dataType, counted_from: instant,
    policy: z.strictObject({ version: z.int(), keep: z.string(), starts_at: z.string(), source: z.string().nullable(), scope: z.string() }).nullable(),
    minimums: z.array(z.strictObject({ keep: z.string(), source: z.string() })),
    retain_until: instant.nullable(), delete_at: instant.nullable(), waiting_for: z.string().nullable(), holds: z.array(hold),
  })),
  custody: z.array(z.strictObject({
    item, at: instant, actor: z.string(), actor_kind: z.string(), action: z.string(), subject: z.string(), purpose: z.string().nullable(), reason: z.string().nullable(),
  })),
  overview: z.array(z.strictObject({ table: z.string(), count: z.int(), first: instant.nullable(), last: instant.nullable() })),
  redactions: z.array(z.strictObject({ field: z.string(), records: z.int(), ground: z.enum(['template', 'officer']) })),
  payments: z.array(z.strictObject({ payment_id: z.string(), received_at: instant, currency: z.string(), amount_micros: z.string(), reference: z.string() })).nullable(),
  /** Of a dispute that names its payment: how it stands against earlier ones. Absent from packs made before there was such a thing. */
  match: z.strictObject({
    eligible: z.boolean(), reasons: z.array(z.string()), disputed_on: z.string().nullable(), common: z.array(z.string()), chosen: z.array(z.string()), others: z.int(), disputed: matchSide,
    rows: z.array(matchSide.extend({ days: z.int(), counts: z.boolean(), reasons: z.array(z.string()), elements: z.array(z.strictObject({ element: z.string(), agreement: z.enum(['matches', 'differs', 'not_known']) })) })),
  }).optional(),
  purge: z.strictObject({ certificate_id: z.string(), body: z.record(z.string(), z.json()), signature: hex(64), public_key: hex(32) }).nullable(),
  /** Of a master: the files that hold the records. */
  volumes: z.array(z.strictObject({ number: z.int().positive(), file: z.string(), sha256: hex(32), bytes: z.int(), pages: z.int(), records: z.int(), first_item: z.string(), last_item: z.string() })),
  seal: z.strictObject({ certificate_subject: z.string(), certificate_sha256: hex(32), qualified: z.boolean(), self_made: z.boolean(), timestamp: z.string().nullable() }),
});

export type PackDocument = z.infer<typeof packDocument>;
export type PackRecord = PackDocument['records'][number];

/** The short code of a pack, printed on every page and starting every item id: EP- and the random end of its id. */
export function packCode(packId: string): string { return `EP-${packId.slice(-12)}`; }

/** Item id of the nth record, from 1. */
export function itemId(packId: string, position: number): string { return `${packCode(packId)}-${String(position).padStart(4, '0')}`; }

/** A recorded value as text: a string as it is, anything else in its canonical form, and an empty text for none. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : canonicalJson(value as Json);
}

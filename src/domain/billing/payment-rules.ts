// What a payment may look like and what may become of it. Pure.
import { sha256Hex } from '../../kernel/digest.js';
import { checkCurrency, checkDay, checkLine, checkSlug } from '../../kernel/field-rules.js';
import { refuse, type Refusal } from '../../kernel/result.js';

export const PAYMENT_STATES = ['paid', 'refunded', 'disputed', 'won', 'lost'] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];
export const PAYMENT_METHODS = ['card', 'bank_transfer', 'direct_debit', 'wallet', 'other'] as const;
export type PaymentMethod = (typeof PAYMENT_METHODS)[number];

/** What becomes of a payment next; a decided dispute may be opened again by the other side. */
const NEXT: Readonly<Record<PaymentState, readonly PaymentState[]>> = { paid: ['refunded', 'disputed'], refunded: ['disputed'], disputed: ['won', 'lost'], won: ['disputed', 'refunded'], lost: ['disputed'] };

/** By what a payment can be recognised in a card dispute. Only what is given is kept; card numbers never. */
export interface PaymentMarks {
  readonly method?: PaymentMethod | undefined;
  readonly cardBrand?: string | undefined;
  readonly cardLast4?: string | undefined;
  /** The processor's own name of the card; kept as its SHA-256. */
  readonly cardFingerprint?: string | undefined;
  /** The line on the card holder's statement. */
  readonly descriptor?: string | undefined;
  readonly loginId?: string | undefined;
  readonly ipAddress?: string | undefined;
  /** Kept as its SHA-256. */
  readonly deviceId?: string | undefined;
  /** Kept as its SHA-256. */
  readonly shippingAddress?: string | undefined;
}

export interface PaymentInput extends PaymentMarks {
  readonly accountId: string;
  /** Micro-units of the currency, above zero. */
  readonly amountMicros: bigint;
  /** ISO 4217. */
  readonly currency: string;
  readonly paidAt: Date;
  /** What it was paid for, such as a number of an invoice; one payment for each reference of an account. Unset: the processor and its id. */
  readonly reference?: string | undefined;
  /** Who processed it, and that one's own id of it: together they name a payment once. */
  readonly processor?: string | undefined;
  readonly processorPaymentId?: string | undefined;
  /** Last day of the fiscal year it belongs to, which starts its retention; unset: 31 December of its year in the operator's zone. */
  readonly fiscalYearEnd?: string | undefined;
  /** As it stands now; unset: paid. */
  readonly status?: PaymentState | undefined;
  /** Of a refund: how much; unset: all. */
  readonly refundedMicros?: bigint | undefined;
  /** When the dispute reached us; unset: now. */
  readonly disputedAt?: Date | undefined;
}

export const LARGEST_AMOUNT = 10n ** 18n;

/** The first wrong field; undefined when none is. `fiscalYearEnd` as it will be kept. */
export function checkPayment(input: PaymentInput, fiscalYearEnd: string): Refusal | undefined {
  if (input.amountMicros <= 0n || input.amountMicros > LARGEST_AMOUNT) return invalid('must be above zero, in micro-units of the currency', 'amountMicros');
  if (Number.isNaN(input.paidAt.getTime())) return invalid('is not an instant', 'paidAt');
  if ((input.processor === undefined) !== (input.processorPaymentId === undefined)) return invalid('processor and the id it gave go together: give both or none', 'processor');
  if (input.reference === undefined && input.processor === undefined) return invalid('a payment needs a reference, or its processor and the id it gave', 'reference');
  return checkCurrency(input.currency, 'currency') ?? checkDay(fiscalYearEnd, 'fiscalYearEnd') ?? (input.processor === undefined ? undefined : checkSlug(input.processor, 'processor'))
    ?? lines(input) ?? checkMarks(input) ?? checkState(input);
}

function lines(input: PaymentInput): Refusal | undefined {
  const texts: readonly (readonly [string, string | undefined, number])[] = [['reference', input.reference, 200], ['processorPaymentId', input.processorPaymentId, 200], ['cardBrand', input.cardBrand, 40], ['cardFingerprint', input.cardFingerprint, 200],
    ['descriptor', input.descriptor, 80], ['loginId', input.loginId, 200], ['deviceId', input.deviceId, 300], ['shippingAddress', input.shippingAddress, 500]];
  for (const [field, text, max] of texts) {
    if (text === undefined) continue;
    const wrong = checkLine(text, field, max) ?? (holdsCardNumber(text) ? invalid('looks like a card number, which must not be kept; give the last four digits and the processor’s fingerprint', field) : undefined);
    if (wrong) return wrong;
  }
  return undefined;
}

function checkMarks({ method, cardLast4, ipAddress }: PaymentInput): Refusal | undefined {
  if (method !== undefined && !PAYMENT_METHODS.includes(method)) return invalid(`must be one of ${PAYMENT_METHODS.join(', ')}`, 'method');
  if (cardLast4 !== undefined && !/^\d{4}$/.test(cardLast4)) return invalid('must be the last four digits', 'cardLast4');
  return ipAddress === undefined || isAddress(ipAddress) ? undefined : invalid('is not an IPv4 or IPv6 address', 'ipAddress');
}

function checkState({ status = 'paid', refundedMicros, amountMicros, disputedAt, paidAt }: PaymentInput): Refusal | undefined {
  if (!PAYMENT_STATES.includes(status)) return invalid(`must be one of ${PAYMENT_STATES.join(', ')}`, 'status');
  if (refundedMicros !== undefined && (status !== 'refunded' || refundedMicros <= 0n || refundedMicros > amountMicros)) return invalid('belongs to a refunded payment: above zero, at most what was paid', 'refundedMicros');
  if (disputedAt !== undefined && (Number.isNaN(disputedAt.getTime()) || disputedAt < paidAt)) return invalid('is an instant after the payment', 'disputedAt');
  return undefined;
}

/** Why a payment in `from` cannot become `to`; undefined when it can. */
export function checkNext(from: PaymentState, to: PaymentState): Refusal | undefined {
  return NEXT[from].includes(to) ? undefined : refuse('conflict', `a payment that is ${from} can become ${NEXT[from].join(' or ')}, not ${to}`, 'status');
}

/** IPv4 with four decimal parts, or IPv6 in any of its short forms. */
export function isAddress(text: string): boolean {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return text.split('.').every((part) => Number(part) < 256 && String(Number(part)) === part);
  return text.includes(':') && /^[0-9a-f:.]{2,45}$/i.test(text) && URL.canParse(`http://[${text}]/`);
}

/** The same address written the same way: IPv6 in its canonical short form. */
export function canonicalAddress(text: string): string { return text.includes(':') ? new URL(`http://[${text}]/`).hostname.slice(1, -1) : text; }

/** 13 to 19 digits with a fitting check digit, in groups or not. */
export function holdsCardNumber(text: string): boolean {
  return [...text.matchAll(/(?<![\w.])[2-6](?:[ -]?\d){12,18}(?![\w.])/g)].some(([found]) => {
    const digits = found.replaceAll(/[ -]/g, '');
    const sum = digits.split('').reverse().reduce((total, digit, index) => { const value = Number(digit) * (index % 2 === 1 ? 2 : 1); return total + (value > 9 ? value - 9 : value); }, 0);
    return sum % 10 === 0;
  });
}

/** What is kept instead of a text that is only compared. */
export function markDigest(text: string | undefined): string | null { return text === undefined ? null : sha256Hex(text.trim().toLowerCase()); }

function invalid(message: string, field: string): Refusal { return refuse('invalid_request', message, field); }

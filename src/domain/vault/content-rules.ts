// When content may be kept, for how long, and under which key (promise P8): pure.
import type { Purpose } from '../../kernel/actor.js';

export const CONTENT_SIDES = ['input', 'output'] as const;
/** input: what the client sent · output: what the client got. */
export type ContentSide = (typeof CONTENT_SIDES)[number];
export const GRANT_KINDS = ['troubleshooting', 'security_review'] as const;
/** troubleshooting: the customer asked for it · security_review: ours, with a reason, by sample or for failed calls. */
export type GrantKind = (typeof GRANT_KINDS)[number];
export const GRANT_TRIGGERS = ['every', 'failed'] as const;
/** failed: only calls that did not end well: refused by the provider, cut, aborted. */
export type GrantTrigger = (typeof GRANT_TRIGGERS)[number];

/** No content outlives these, whatever a grant says (DESIGN §5; published promise P8). */
export const LONGEST_KEEP_HOURS: Readonly<Record<GrantKind, number>> = { troubleshooting: 72, security_review: 30 * 24 };
/** What content kept under a grant may be opened for, of the published purposes (promise P1). */
export const OPENING_PURPOSES: Readonly<Record<GrantKind, readonly Purpose[]>> = {
  troubleshooting: ['troubleshooting', 'dispute_resolution', 'service_delivery'],
  security_review: ['security_audit', 'anomaly_detection', 'abuse_prevention', 'content_safety'],
};

/** What the gateway needs to know of a grant in force. */
export interface GrantFacts {
  readonly grantId: string;
  readonly kind: GrantKind;
  /** null: every key of the account. */
  readonly keyIds: readonly string[] | null;
  /** Names as clients ask for them; null: every model. */
  readonly models: readonly string[] | null;
  readonly sides: readonly ContentSide[];
  readonly trigger: GrantTrigger;
  /** 1 to 100. */
  readonly samplePercent: number;
  readonly keepHours: number;
  readonly validFrom: Date;
  /** First instant it no longer covers. */
  readonly validUntil: Date;
}

const HOUR_MS = 3_600_000, DAY_MS = 86_400_000;

/** The grant under which a call's content is kept; of several the one whose content goes last. Undefined, as almost always: nothing is kept. */
export function grantFor(grants: readonly GrantFacts[], call: { requestId: string; keyId: string; model: string; at: Date }): GrantFacts | undefined {
  let chosen: GrantFacts | undefined;
  for (const grant of grants) {
    if (call.at < grant.validFrom || call.at >= grant.validUntil) continue;
    if (grant.keyIds && !grant.keyIds.includes(call.keyId)) continue;
    if (grant.models && !grant.models.includes(call.model)) continue;
    if (!isSampled(call.requestId, grant.samplePercent)) continue;
    if (!chosen || expiresAt(grant, call.at) > expiresAt(chosen, call.at)) chosen = grant;
  }
  return chosen;
}

/** By the id's random end: the same call is in the sample or not, whoever asks. */
export function isSampled(requestId: string, percent: number): boolean { return Number.parseInt(requestId.slice(-8), 16) % 100 < percent; }

/** When content of a call at `at` goes: after the grant's hours, and never after the authorisation itself has ended. */
export function expiresAt(grant: Pick<GrantFacts, 'kind' | 'keepHours' | 'validUntil'>, at: Date): Date {
  const hours = Math.min(grant.keepHours, LONGEST_KEEP_HOURS[grant.kind]);
  return new Date(Math.min(at.getTime() + hours * HOUR_MS, grant.validUntil.getTime()));
}

/** Name of the key that seals content of a UTC day: "input-troubleshooting-20261124". */
export function keyNameFor(side: ContentSide, kind: GrantKind, at: Date): string {
  return `${side}-${kind.replaceAll('_', '-')}-${at.toISOString().slice(0, 10).replaceAll('-', '')}`;
}

/** Name of the key for content that a hold keeps, wrapped anew on the UTC day of `at`: it outlives the day it was sealed on. */
export function heldKeyName(side: ContentSide, at: Date): string { return `${side}-held-${at.toISOString().slice(0, 10).replaceAll('-', '')}`; }

export interface KeyFacts {
  readonly side: ContentSide;
  readonly held: boolean;
  /** From when on it may be destroyed if nothing lies under it: nothing sealed under it can still be within its time. */
  readonly dueAt: Date;
}

/** What a key's name says; undefined for a name that is none of ours. */
export function keyFacts(name: string): KeyFacts | undefined {
  const [, side, kind, year, month, day] = /^(input|output)-(troubleshooting|security-review|held)-(\d{4})(\d{2})(\d{2})$/.exec(name) ?? [];
  if (kind === undefined) return undefined;
  const held = kind === 'held', hours = held ? 24 : LONGEST_KEEP_HOURS[kind.replaceAll('-', '_') as GrantKind];
  return { side: side as ContentSide, held, dueAt: new Date(Date.parse(`${year}-${month}-${day}T00:00:00Z`) + DAY_MS + hours * HOUR_MS) };
}

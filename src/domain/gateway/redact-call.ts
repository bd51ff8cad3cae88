// Redaction: what a rule would not have leave is looked for before the transfer is written down, and then flagged, replaced, or kept here
// with the call. Values are never written down, only kinds and how many.
import { setImmediate as pause } from 'node:timers/promises';
import { mintId } from '../../kernel/ids.js';
import { refuse } from '../../kernel/result.js';
import type { RedactionOutcome, RedactionRule, SensitiveKind } from '../cross-border/index.js';
import { SENSITIVE_KINDS } from '../cross-border/index.js';
import type { LedgerRecord } from '../ledger/index.js';
import type { Admission, AllowedRoute, CallRefusal } from './admit-call.js';
import type { CallEngine } from './call-engine.js';
import type { AdmittedCall } from './handle-call.js';
import { findInJson, type Finds } from './json-texts.js';
import { maskAsked } from './mask-body.js';
import type { Asked } from './read-asked.js';

/** What goes to a route, and what was found for its rule. */
export interface Redacted { readonly asked: Asked; readonly rule: RedactionRule; readonly found: Readonly<Partial<Record<SensitiveKind, number>>> }

const NAMES: Readonly<Record<SensitiveKind, string>> = { card: 'a payment card number', resident_id: 'a Chinese resident id number', phone: 'a phone number', email: 'an e-mail address', secret: 'a key, token or password' };

/** Whether any route of the call is under a rule. */
export function needsRedaction({ routes }: Admission): boolean { return routes.some(({ redaction }) => redaction !== undefined); }

/**
 * The admission with the routes that are left and what goes to each, or the refusal when none is left. Only JSON is looked into, whatever
 * the path: forms, files and other bodies go as they came. Large bodies are read in pieces, other calls go on meanwhile.
 */
export async function redactCall(engine: CallEngine, call: AdmittedCall, asked: Asked, admission: Admission): Promise<Admission | CallRefusal> {
  if (asked.members.inside === undefined) return admission;
  const wanted = SENSITIVE_KINDS.filter((kind) => admission.routes.some(({ redaction }) => redaction?.kinds.includes(kind)));
  const finds = await inTurns(findInJson(asked.body, wanted));
  if (finds.length === 0) return admission;
  const redacted = new Map<AllowedRoute, Redacted>(), routes: AllowedRoute[] = [], masked = new Map<string, Asked>();
  let refused: AllowedRoute | undefined;
  for (const route of admission.routes) {
    const rule = route.redaction, found = rule ? foundOf(finds, rule) : {};
    if (!rule || Object.keys(found).length === 0) { routes.push(route); continue; }
    if (rule.outcome === 'refuse') { refused ??= route; continue; }
    routes.push(route);
    if (rule.outcome === 'mask' && !masked.has(rule.ruleId)) masked.set(rule.ruleId, await inTurns(maskAsked(asked, finds, new Set(rule.kinds))));
    redacted.set(route, { asked: rule.outcome === 'mask' ? masked.get(rule.ruleId)! : asked, rule, found });
  }
  if (routes.length > 0 || !refused) return { ...admission, routes, redacted };
  return refusal(engine, call, refused, finds);
}

/** What a rule found in the call, for the record of its transfer; nothing where it found nothing. */
export function redactionRecords(call: AdmittedCall, route: AllowedRoute, redacted: Redacted | undefined, transferId: string, at: Date): LedgerRecord[] {
  return redacted ? [eventOf(call, route, redacted, redacted.rule.outcome, transferId, at)] : [];
}

async function refusal(engine: CallEngine, call: AdmittedCall, route: AllowedRoute, finds: Finds): Promise<CallRefusal> {
  const rule = route.redaction!, found = foundOf(finds, rule), kinds = SENSITIVE_KINDS.filter((kind) => found[kind] !== undefined);
  const event = [eventOf(call, route, { rule, found }, 'refuse', null, engine.clock.now())];
  try { await engine.gate.write(event); } catch { engine.gate.later(event); }
  const where = kinds.map((kind) => `${NAMES[kind]} at ${finds.places.get(kind)!}`).join(', ');
  return refuse('content_not_allowed', `The request holds ${where}, which may not go to ${route.provider.name} (${route.provider.jurisdictions.join(', ')}). Nothing was sent. Take it out, or ask for another model.`, finds.places.get(kinds[0]!)!);
}

const KINDS_OF_EVENT: Readonly<Record<RedactionOutcome, string>> = { off: '', flag: 'content.flagged', mask: 'content.masked', refuse: 'content.refused' };

function eventOf(call: AdmittedCall, route: AllowedRoute, { rule, found }: Pick<Redacted, 'rule' | 'found'>, outcome: RedactionOutcome, transferId: string | null, at: Date): LedgerRecord {
  return { table: 'security_events', row: { event_id: mintId(at), at, kind: KINDS_OF_EVENT[outcome], severity: outcome === 'refuse' ? 'warning' : 'info', account_id: call.caller.account.accountId,
    key_id: call.caller.key.keyId, operator_id: null, address: null, detail: { request_id: call.requestId, transfer_id: transferId, provider_id: route.provider.providerId, rule_id: rule.ruleId, found } } };
}

function foundOf(finds: Finds, { kinds }: RedactionRule): Partial<Record<SensitiveKind, number>> {
  const found: Partial<Record<SensitiveKind, number>> = {};
  for (const kind of kinds) { const count = finds.counts.get(kind); if (count !== undefined) found[kind] = count; }
  return found;
}

/** Runs it to its end, giving others their turn wherever it yields. */
async function inTurns<T>(work: Generator<void, T>): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    await pause();
  }
}

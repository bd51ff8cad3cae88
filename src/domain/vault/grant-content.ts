// Allows content of an account's calls to be kept for a while, for a reason. Without such a grant none ever is.
import type { Clock } from '../../kernel/clock.js';
import { checkLine, checkModelPattern, checkReason } from '../../kernel/field-rules.js';
import { mintId } from '../../kernel/ids.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { CONTENT_SIDES, GRANT_KINDS, GRANT_TRIGGERS, LONGEST_KEEP_HOURS } from './content-rules.js';
import type { ContentGrant, GrantInput } from './grant.js';
import { accountStatus, foreignKeys, insertGrant } from './grant.store.js';

const DAY_MS = 86_400_000;
/** An authorisation for longer than this is asked for again. */
export const LONGEST_GRANT_DAYS = 30;

/**
 * In force on every gateway within a second of the commit. Refusals: forbidden, invalid_request (which field, what is allowed),
 * not_found (account), conflict when it is closed. `byCustomer`: the account itself asked, through its own API key.
 */
export type GrantContent = (tx: Tx, input: GrantInput, byCustomer?: boolean) => Promise<{ grantId: string } | Refusal>;

export function createGrantContent(deps: { clock: Clock; append: AppendRecord }): GrantContent {
  return async (tx, input, byCustomer = false) => {
    const now = deps.clock.now();
    const refusal = (byCustomer ? undefined : forbid(tx.actor, 'content.grant')) ?? check(input, now);
    if (refusal) return refusal;
    const status = await accountStatus(tx, input.accountId);
    if (!status) return refuse('not_found', `there is no account ${input.accountId}`, 'accountId');
    if (status === 'closed') return refuse('conflict', `account ${input.accountId} is closed; no content of it is kept`, 'accountId');
    const foreign = await foreignKeys(tx, input.accountId, input.keyIds ?? []);
    if (foreign.length > 0) return refuse('invalid_request', `${foreign[0]!.slice(0, 60)} is no key of ${input.accountId}`, 'keyIds');
    const grant: ContentGrant = {
      grantId: mintId(now), accountId: input.accountId, kind: input.kind, keyIds: input.keyIds ? [...input.keyIds] : null, models: input.models ? [...input.models] : null,
      sides: CONTENT_SIDES.filter((side) => input.sides.includes(side)), trigger: input.trigger ?? 'every', samplePercent: input.samplePercent ?? 100,
      keepHours: input.keepHours ?? LONGEST_KEEP_HOURS[input.kind], reason: input.reason.trim(), authorisedBy: input.authorisedBy ?? null,
      grantedBy: tx.actor.name, grantedAt: now, validFrom: input.validFrom ?? now, validUntil: input.validUntil, revokedAt: null, revokedBy: null,
    };
    await insertGrant(tx, grant);
    await deps.append(tx, { action: 'content.grant', subjectKind: 'content_grant', subjectId: grant.grantId, purpose: grant.kind === 'troubleshooting' ? 'troubleshooting' : 'security_audit', reason: grant.reason,
      after: { account_id: grant.accountId, kind: grant.kind, key_ids: grant.keyIds, models: grant.models, sides: grant.sides, trigger: grant.trigger, sample_percent: grant.samplePercent,
        keep_hours: grant.keepHours, authorised_by: grant.authorisedBy, by_customer: byCustomer, valid_from: grant.validFrom.toISOString(), valid_until: grant.validUntil.toISOString() } });
    return { grantId: grant.grantId };
  };
}

function check(input: GrantInput, now: Date): Refusal | undefined {
  const wrong = (field: string, message: string): Refusal => refuse('invalid_request', message, field);
  if (!GRANT_KINDS.includes(input.kind)) return wrong('kind', `must be one of ${GRANT_KINDS.join(', ')}`);
  if (input.sides.length === 0 || input.sides.some((side) => !CONTENT_SIDES.includes(side))) return wrong('sides', `name one or both of ${CONTENT_SIDES.join(', ')}`);
  if (input.trigger !== undefined && !GRANT_TRIGGERS.includes(input.trigger)) return wrong('trigger', `must be one of ${GRANT_TRIGGERS.join(', ')}`);
  if (!within(input.samplePercent ?? 100, 1, 100)) return wrong('samplePercent', 'must be a whole number from 1 to 100');
  const longest = LONGEST_KEEP_HOURS[input.kind];
  if (!within(input.keepHours ?? longest, 1, longest)) return wrong('keepHours', `must be whole hours from 1 to ${longest}: content of a ${input.kind} grant lives no longer`);
  if (input.kind === 'troubleshooting' && input.authorisedBy === undefined) return wrong('authorisedBy', 'say who of the customer asked for it; without that no content is kept for troubleshooting');
  const line = input.authorisedBy === undefined ? undefined : checkLine(input.authorisedBy, 'authorisedBy');
  if (line) return line;
  if (input.keyIds?.length === 0) return wrong('keyIds', 'name at least one key, or leave it out for all');
  if (input.models?.length === 0) return wrong('models', 'name at least one model, or leave it out for all');
  for (const model of input.models ?? []) {
    const bad = checkModelPattern(model, 'models') ?? (model.endsWith('*') ? wrong('models', 'give whole model names') : undefined);
    if (bad) return bad;
  }
  const from = input.validFrom ?? now;
  if (from.getTime() < now.getTime() - 60_000) return wrong('validFrom', 'must not lie in the past: what was not kept cannot be kept afterwards');
  if (input.validUntil <= from || input.validUntil <= now) return wrong('validUntil', 'must lie after its beginning and after now');
  if (input.validUntil.getTime() - from.getTime() > LONGEST_GRANT_DAYS * DAY_MS) return wrong('validUntil', `at most ${LONGEST_GRANT_DAYS} days after its beginning; ask again for longer`);
  return checkReason(input.reason);
}

function within(value: number, least: number, most: number): boolean { return Number.isInteger(value) && value >= least && value <= most; }

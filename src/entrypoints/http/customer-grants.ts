// The customer's own word over its content, with its API key on the gateway port: see the grants, give one for troubleshooting, end any.
import { z } from 'zod';
import type { App } from '../../app.js';
import type { OpenGateway } from '../../domain/gateway/index.js';
import { CONTENT_SIDES, LONGEST_GRANT_DAYS, LONGEST_KEEP_HOURS, type ContentGrant } from '../../domain/vault/index.js';
import type { Actor } from '../../kernel/actor.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';

export const CUSTOMER_GRANTS_PATH = '/holdfast/v1/content-grants';
const words = z.string().trim().min(1).max(200).refine((text) => text.isWellFormed() && !text.includes('\u0000'), 'must not contain NUL or half a surrogate pair');
const granting = z.strictObject({
  authorised_by: words, reason: words, valid_until: z.iso.datetime({ offset: true }), sides: z.array(z.enum(CONTENT_SIDES)).min(1).max(2).default([...CONTENT_SIDES]), models: z.array(words).min(1).max(100).optional(),
  this_key_only: z.boolean().default(false), keep_hours: z.int().min(1).max(LONGEST_KEEP_HOURS.troubleshooting).optional(),
});
const revoking = z.strictObject({ reason: words });

interface Question { readonly method: string; readonly path: string; readonly headers: Readonly<Record<string, string | string[] | undefined>>; readonly body: () => Promise<Buffer | Refusal> }

/** The status and JSON of the answer, or a refusal. Nothing of another account is ever found here. */
export async function answerCustomerGrants(app: App, gateway: OpenGateway, { method, path, headers, body }: Question): Promise<{ status: number; body: unknown } | Refusal> {
  const caller = gateway.callerOf(headers);
  if (isRefusal(caller)) return caller;
  const { accountId } = caller.account, rest = path.slice(CUSTOMER_GRANTS_PATH.length);
  const actor: Actor = { kind: 'api_key', id: caller.key.keyId, name: `key of ${accountId}`, roles: [] };
  if (rest === '' && method === 'GET') return { status: 200, body: { data: (await app.vault.grants({ accountId })).map(grantOf), limits: { longest_days: LONGEST_GRANT_DAYS, longest_keep_hours: LONGEST_KEEP_HOURS.troubleshooting } } };
  const revoked = /^\/([0-9a-f-]{36})\/revoke$/.exec(rest)?.[1];
  if (method !== 'POST' || (rest !== '' && revoked === undefined)) {
    return rest === '' || revoked ? refuse('method_not_allowed', `${path} takes ${rest === '' ? 'GET and POST' : 'POST'} only.`) : refuse('endpoint_unknown', `There is no such path. GET or POST ${CUSTOMER_GRANTS_PATH}; POST ${CUSTOMER_GRANTS_PATH}/{grant_id}/revoke.`);
  }
  const asked = parsed(revoked === undefined ? granting : revoking, await body());
  if (isRefusal(asked)) return asked;
  if (revoked !== undefined) {
    const answer = await app.act(actor, (tx) => app.vault.revokeGrant(tx, revoked, asked.reason, accountId));
    return isRefusal(answer) ? answer : { status: 200, body: answer };
  }
  const { authorised_by: authorisedBy, reason, valid_until: validUntil, sides, models, this_key_only: only, keep_hours: keepHours } = asked as z.output<typeof granting>;
  const answer = await app.act(actor, (tx) => app.vault.grantContent(tx, {
    accountId, kind: 'troubleshooting', sides, reason, authorisedBy, validUntil: new Date(validUntil), ...(models && { models }), ...(only && { keyIds: [caller.key.keyId] }), ...(keepHours !== undefined && { keepHours }),
  }, true));
  return isRefusal(answer) ? answer : { status: 201, body: { grant_id: answer.grantId } };
}

function parsed<T>(schema: z.ZodType<T>, body: Buffer | Refusal): T | Refusal {
  if (isRefusal(body)) return body;
  let json: unknown;
  try { json = JSON.parse(body.toString('utf8')); } catch { return refuse('invalid_request', 'The body is not valid JSON. Send one JSON object.'); }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const first = result.error.issues[0]!;
  return refuse('invalid_request', `${first.path.join('.') || 'body'}: ${first.message}`, first.path.join('.') || 'body');
}

function grantOf(grant: ContentGrant): unknown {
  return {
    grant_id: grant.grantId, kind: grant.kind, key_ids: grant.keyIds, models: grant.models, sides: grant.sides, trigger: grant.trigger, sample_percent: grant.samplePercent, keep_hours: grant.keepHours,
    // Why our own security review looks is ours to know; that it does is the customer's.
    reason: grant.kind === 'troubleshooting' ? grant.reason : null, authorised_by: grant.authorisedBy, granted_at: grant.grantedAt, valid_from: grant.validFrom, valid_until: grant.validUntil, revoked_at: grant.revokedAt,
  };
}

import { z } from 'zod';
import { GRANT_KINDS, GRANT_TRIGGERS, LONGEST_GRANT_DAYS, readableText, type ContentSide, type GrantKind, type GrantTrigger } from '../../../domain/vault/index.js';
import { PURPOSES } from '../../../kernel/actor.js';
import { isRefusal } from '../../../kernel/result.js';
import type { ResourceDefinition } from '../access.js';
import { consoleAction } from '../console-action.js';
import { contentGrants } from '../views/content-grants.view.js';
import { optional, positive, reason, slug, text } from './form-fields.js';

const DAY_MS = 86_400_000;
/** As the console says it: what the client sent, and what it received. */
const SIDES = { sent: 'input', received: 'output' } as const satisfies Record<string, ContentSide>;
const SIDE_WORDS = Object.keys(SIDES) as [keyof typeof SIDES, ...(keyof typeof SIDES)[]];

interface GrantForm { account_id: string; grant_kind: GrantKind; sides: (keyof typeof SIDES)[]; authorised_by?: string | undefined; valid_days: number; keep_hours?: number | undefined; models?: string | undefined; trigger: GrantTrigger; sample_percent?: number | undefined; reason: string }
const grantForm: z.ZodType<GrantForm> = z.strictObject({
  account_id: slug, grant_kind: z.enum(GRANT_KINDS), sides: z.array(z.enum(SIDE_WORDS)).min(1, 'choose one or both'), authorised_by: optional(text()), valid_days: positive, keep_hours: optional(positive),
  models: optional(text(2_000)), trigger: z.enum(GRANT_TRIGGERS), sample_percent: optional(positive), reason,
});

const grant = consoleAction({
  name: 'grant', on: 'resource', permission: 'content.grant', schema: grantForm,
  fields: [
    { name: 'account_id', type: 'text', required: true }, { name: 'grant_kind', type: 'choice', required: true, values: GRANT_KINDS }, { name: 'sides', type: 'choices', required: true, values: SIDE_WORDS },
    { name: 'authorised_by', type: 'text' }, { name: 'valid_days', type: 'number', required: true, initial: '3' }, { name: 'keep_hours', type: 'number' }, { name: 'models', type: 'area' },
    { name: 'trigger', type: 'choice', required: true, values: GRANT_TRIGGERS, initial: 'every' }, { name: 'sample_percent', type: 'number', initial: '100' }, { name: 'reason', type: 'area', required: true },
  ],
  run: async ({ app, actor, payload: p }) => {
    const models = p.models?.split(/[\s,]+/).filter(Boolean), validUntil = new Date(app.clock.now().getTime() + Math.min(p.valid_days, LONGEST_GRANT_DAYS + 1) * DAY_MS);
    const answer = await app.act(actor, (tx) => app.vault.grantContent(tx, {
      accountId: p.account_id, kind: p.grant_kind, sides: p.sides.map((side) => SIDES[side]), trigger: p.trigger, reason: p.reason, validUntil, ...(models && models.length > 0 && { models }),
      ...(p.authorised_by !== undefined && { authorisedBy: p.authorised_by }), ...(p.keep_hours !== undefined && { keepHours: p.keep_hours }), ...(p.sample_percent !== undefined && { samplePercent: p.sample_percent }),
    }));
    return isRefusal(answer) ? answer : { refresh: answer.grantId };
  },
});

const revoke = consoleAction({
  name: 'revoke', on: 'record', permission: 'content.grant', grave: true, when: (record) => record['state'] === 'in_force' || record['state'] === 'planned',
  fields: [{ name: 'reason', type: 'area', required: true }], schema: z.strictObject({ reason }),
  run: async ({ app, actor, recordId, payload }) => {
    const answer = await app.act(actor, (tx) => app.vault.revokeGrant(tx, recordId, payload.reason));
    return isRefusal(answer) ? answer : { show: { pieces_due: answer.expired } };
  },
});

const breakGlass = consoleAction({
  name: 'breakGlass', on: 'resource', permission: 'content.open', grave: true,
  fields: [
    { name: 'request_id', type: 'text', required: true }, { name: 'side', type: 'choice', required: true, values: SIDE_WORDS }, { name: 'purpose', type: 'choice', required: true, values: PURPOSES },
    { name: 'case_ref', type: 'text' }, { name: 'reason', type: 'area', required: true },
  ],
  schema: z.strictObject({ request_id: text(), side: z.enum(SIDE_WORDS), purpose: z.enum(PURPOSES), case_ref: optional(text()), reason }),
  run: async ({ app, actor, payload: p }) => {
    const answer = await app.act(actor, (tx) => app.vault.requestOpening(tx, { requestId: p.request_id, side: SIDES[p.side], purpose: p.purpose, reason: p.reason, ...(p.case_ref !== undefined && { caseRef: p.case_ref }) }));
    return isRefusal(answer) ? answer : { show: { approval_id: answer.approvalId } };
  },
});

/** Shown once in the dialog, and nowhere kept: neither in the page's address nor in AdminJS's record. */
const open = consoleAction({
  name: 'open', on: 'resource', permission: 'content.open',
  fields: [
    { name: 'request_id', type: 'text', required: true }, { name: 'side', type: 'choice', required: true, values: SIDE_WORDS }, { name: 'purpose', type: 'choice', required: true, values: PURPOSES },
    { name: 'case_ref', type: 'text' }, { name: 'reason', type: 'area', required: true },
  ],
  schema: z.strictObject({ request_id: text(), side: z.enum(SIDE_WORDS), purpose: z.enum(PURPOSES), case_ref: optional(text()), reason }),
  run: async ({ app, actor, payload: p }) => {
    const answer = await app.act(actor, (tx) => app.vault.openContent(tx, { requestId: p.request_id, side: SIDES[p.side], purpose: p.purpose, reason: p.reason, ...(p.case_ref !== undefined && { caseRef: p.case_ref }) }));
    if (isRefusal(answer)) return answer;
    return { show: { content: readableText(answer), expires_at: answer.expiresAt.toISOString(), ...(answer.truncated && { truncated: true }) } };
  },
});

export const contentGrantsResource: ResourceDefinition = {
  model: contentGrants, group: 'retention', icon: 'Lock', read: 'accounts.read', reading: { list: 'content_grants.list', view: 'content_grant.view', subject: 'content_grant' }, actions: [grant, open, breakGlass, revoke],
};

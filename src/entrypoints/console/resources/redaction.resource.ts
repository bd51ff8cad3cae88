import { z } from 'zod';
import { REDACTION_OUTCOMES, SENSITIVE_KINDS, type RedactionOutcome, type SensitiveKind } from '../../../domain/cross-border/index.js';
import { isRefusal } from '../../../kernel/result.js';
import type { ResourceDefinition } from '../access.js';
import { consoleAction } from '../console-action.js';
import { redaction } from '../views/redaction.view.js';
import { optional, place, reason, slug, text } from './form-fields.js';

const PLACES = ['first', 'last'] as const;
interface RuleForm { rule_model?: string | undefined; rule_account?: string | undefined; rule_provider?: string | undefined; rule_destination?: string | undefined; cross_border_only?: boolean | undefined; outcome: RedactionOutcome; redacted_kinds?: SensitiveKind[] | undefined; rule_place: (typeof PLACES)[number]; reason: string }
const ruleForm: z.ZodType<RuleForm> = z.strictObject({
  rule_model: optional(text()), rule_account: optional(slug), rule_provider: optional(slug), rule_destination: optional(place), cross_border_only: optional(z.boolean()),
  outcome: z.enum(REDACTION_OUTCOMES), redacted_kinds: optional(z.array(z.enum(SENSITIVE_KINDS))), rule_place: z.enum(PLACES), reason,
});
/** Which field of the form a refusal of a rule is about. */
const FIELD_OF: Readonly<Record<string, string>> = { model: 'rule_model', account: 'rule_account', provider: 'rule_provider', destination: 'rule_destination', conditions: 'rule_model' };

const add = consoleAction({
  name: 'addRule', on: 'resource', permission: 'availability.write', schema: ruleForm,
  fields: [
    { name: 'cross_border_only', type: 'check' }, { name: 'rule_provider', type: 'text' }, { name: 'rule_destination', type: 'text' }, { name: 'rule_account', type: 'text' }, { name: 'rule_model', type: 'text' },
    { name: 'outcome', type: 'choice', required: true, values: REDACTION_OUTCOMES, initial: 'flag' }, { name: 'redacted_kinds', type: 'choices', values: SENSITIVE_KINDS },
    { name: 'rule_place', type: 'choice', required: true, values: PLACES, initial: 'last' }, { name: 'reason', type: 'area', required: true },
  ],
  run: async ({ app, actor, payload: form }) => {
    const conditions = { ...(form.rule_model !== undefined && { model: form.rule_model }), ...(form.rule_account !== undefined && { account: form.rule_account }), ...(form.rule_provider !== undefined && { provider: form.rule_provider }),
      ...(form.rule_destination !== undefined && { destination: form.rule_destination }), ...(form.cross_border_only === true && { crossBorder: true }) };
    const answer = await app.act(actor, (tx) => app.crossBorder.addRedactionRule(tx, { conditions, outcome: form.outcome, kinds: form.redacted_kinds }, form.rule_place, form.reason));
    if (!isRefusal(answer)) return {};
    const field = FIELD_OF[answer.field?.split('.').at(-1) ?? ''];
    return field === undefined ? answer : { ...answer, field };
  },
});

const remove = consoleAction({
  name: 'removeRule', on: 'record', permission: 'availability.write', grave: true, fields: [{ name: 'reason', type: 'area', required: true }], schema: z.strictObject({ reason }),
  run: async ({ app, actor, recordId, payload }) => {
    const answer = await app.act(actor, (tx) => app.crossBorder.removeRedactionRule(tx, recordId, payload.reason));
    return isRefusal(answer) ? answer : {};
  },
});

export const redactionResource: ResourceDefinition = { model: redaction, group: 'thirdParties', icon: 'EyeOff', read: 'providers.read', actions: [add, remove] };

import { z } from 'zod';
import { PACK_DATA_TYPES, PACK_KINDS, PACK_LANGUAGES, REDACTABLE } from '../../../domain/evidence/index.js';
import { PURPOSES } from '../../../kernel/actor.js';
import { isRefusal, refuse } from '../../../kernel/result.js';
import { startOfDay } from '../../../kernel/period.js';
import type { ResourceDefinition } from '../access.js';
import { consoleAction } from '../console-action.js';
import { packs } from '../views/packs.view.js';
import { day, optional, positive, reason, slug, text } from './form-fields.js';

const request = consoleAction({
  name: 'requestPack', on: 'resource', permission: 'evidence.create',
  fields: [
    { name: 'kind', type: 'choice', required: true, values: PACK_KINDS, initial: 'dispute' }, { name: 'request_id', type: 'text' }, { name: 'account_id', type: 'text' }, { name: 'run_id', type: 'text' },
    { name: 'from_day', type: 'day' }, { name: 'until_day', type: 'day' }, { name: 'pack_data_types', type: 'choices', values: PACK_DATA_TYPES },
    { name: 'purpose', type: 'choice', required: true, values: PURPOSES }, { name: 'language', type: 'choice', required: true, values: PACK_LANGUAGES, initial: 'both' },
    { name: 'case_number', type: 'text' }, { name: 'pack_authority', type: 'text' }, { name: 'pack_instrument', type: 'text' }, { name: 'redact', type: 'choices', values: REDACTABLE }, { name: 'question', type: 'area', required: true },
  ],
  schema: z.strictObject({
    kind: z.enum(PACK_KINDS, 'required').default('dispute'), request_id: optional(text()), account_id: optional(slug), run_id: optional(z.uuid('an id of the form 01999d5e-7b3c-7000-8000-000000000000')), from_day: optional(day), until_day: optional(day),
    pack_data_types: optional(z.array(z.enum(PACK_DATA_TYPES))), purpose: z.enum(PURPOSES, 'required'), language: z.enum(PACK_LANGUAGES, 'required'), case_number: optional(text(60)),
    pack_authority: optional(text()), pack_instrument: optional(text()), redact: optional(z.array(z.enum(REDACTABLE))), question: text(500),
  }),
  run: async ({ app, actor, payload: p }) => {
    const zone = app.config.timeZone, legal = p.pack_authority !== undefined && p.pack_instrument !== undefined ? { authority: p.pack_authority, instrument: p.pack_instrument } : undefined;
    const answer = await app.act(actor, (tx) => app.evidence.requestPack(tx, { kind: p.kind, requestId: p.request_id, accountId: p.account_id, runId: p.run_id, purpose: p.purpose, language: p.language, reason: p.question, caseNumber: p.case_number, dataTypes: p.pack_data_types, redact: p.redact, legal,
      ...(p.from_day === undefined ? {} : { from: startOfDay(p.from_day, zone) }), ...(p.until_day === undefined ? {} : { until: startOfDay(p.until_day, zone) }) }));
    return isRefusal(answer) ? inFormWords(answer) : { refresh: answer };
  },
});

/** Use cases name a field as they know it; the form calls it by its own name. */
const FORM_NAMES: Readonly<Record<string, string>> = { requestId: 'request_id', accountId: 'account_id', runId: 'run_id', from: 'from_day', until: 'until_day', dataTypes: 'pack_data_types', legal: 'pack_authority', caseNumber: 'case_number', reason: 'question' };
function inFormWords(refusal: ReturnType<typeof refuse>): ReturnType<typeof refuse> {
  return refusal.field === undefined ? refusal : refuse(refusal.code, refusal.message, FORM_NAMES[refusal.field] ?? refusal.field);
}

const open = (record: { readonly [column: string]: unknown }): boolean => record['state'] === 'requested' || record['state'] === 'assembling';

const cancel = consoleAction({
  name: 'cancelPack', on: 'record', permission: 'evidence.create', grave: true, fields: [], when: open, schema: z.object({}),
  run: async ({ app, actor, recordId }) => await app.act(actor, (tx) => app.evidence.cancelPack(tx, recordId)) ?? { refresh: recordId },
});

const compare = consoleAction({
  name: 'comparePack', on: 'record', permission: 'evidence.read', fields: [], when: (record) => record['state'] === 'ready' || record['state'] === 'purged', schema: z.object({}),
  run: async ({ app, actor, recordId }) => {
    const answer = await app.evidence.comparePack(actor, recordId);
    if (isRefusal(answer)) return answer;
    return { show: { compared: answer.summary, ...Object.fromEntries(answer.differences.slice(0, 20).map((one, index) => [`difference_${index + 1}`, `${one.what}: ${one.table} ${one.id}${one.certificate === undefined ? '' : ` (${one.certificate})`}`])) }, refresh: recordId };
  },
});

const link = consoleAction({
  name: 'linkPack', on: 'record', permission: 'evidence.create', when: (record) => record['state'] === 'ready',
  fields: [{ name: 'recipient', type: 'text', required: true }, { name: 'link_days', type: 'number', required: true, initial: '7' }, { name: 'most_downloads', type: 'number', required: true, initial: '3' }],
  schema: z.strictObject({ recipient: text(), link_days: positive, most_downloads: positive }),
  run: async ({ app, actor, recordId, payload: p }) => {
    const made = await app.act(actor, (tx) => app.evidence.linkPack(tx, { packId: recordId, recipient: p.recipient, days: p.link_days, mostDownloads: p.most_downloads }));
    return isRefusal(made) ? made : { show: { pack_link: `${app.config.publicUrl?.replace(/\/$/, '') ?? ''}/packs/${made.token}`, expires_at: made.expiresAt.toISOString() }, refresh: recordId };
  },
});

const revoke = consoleAction({
  name: 'revokeLinks', on: 'record', permission: 'evidence.create', grave: true, fields: [{ name: 'reason', type: 'area', required: true }], when: (record) => record['state'] === 'ready', schema: z.strictObject({ reason }),
  run: async ({ app, actor, recordId }) => {
    for (const one of await app.evidence.packLinks(recordId)) {
      if (one.revokedAt !== null) continue;
      const refused = await app.act(actor, (tx) => app.evidence.revokeLink(tx, one.linkId));
      if (refused) return refused;
    }
    return { refresh: recordId };
  },
});

export const packsResource: ResourceDefinition = { model: packs, group: 'evidence', icon: 'Package', read: 'evidence.read', actions: [request, cancel, compare, link, revoke] };

import { z } from 'zod';
import { PACK_LANGUAGES } from '../../../domain/evidence/index.js';
import { PURPOSES } from '../../../kernel/actor.js';
import { isRefusal } from '../../../kernel/result.js';
import type { ResourceDefinition } from '../access.js';
import { consoleAction } from '../console-action.js';
import { packs } from '../views/packs.view.js';
import { text } from './form-fields.js';

const request = consoleAction({
  name: 'requestPack', on: 'resource', permission: 'evidence.create',
  fields: [
    { name: 'request_id', type: 'text', required: true }, { name: 'purpose', type: 'choice', required: true, values: PURPOSES },
    { name: 'language', type: 'choice', required: true, values: PACK_LANGUAGES, initial: 'both' }, { name: 'question', type: 'area', required: true },
  ],
  schema: z.strictObject({ request_id: text(), purpose: z.enum(PURPOSES, 'required'), language: z.enum(PACK_LANGUAGES, 'required'), question: text(500) }),
  run: async ({ app, actor, payload: p }) => {
    const answer = await app.act(actor, (tx) => app.evidence.requestPack(tx, { requestId: p.request_id, purpose: p.purpose, language: p.language, reason: p.question }));
    return isRefusal(answer) ? answer : { refresh: answer };
  },
});

export const packsResource: ResourceDefinition = { model: packs, group: 'evidence', icon: 'Package', read: 'evidence.read', actions: [request] };

// Evidence packs: request, state, download.
import { z } from 'zod';
import { isRefusal, refuse } from '../../../kernel/result.js';
import { change, defineRoute } from './define-route.js';
import * as schemas from './evidence.schemas.js';
import { EXAMPLE } from './examples.js';
import { page } from './fields.schemas.js';
import { jsonAnswer } from './json-answer.js';
import { readPage, type Listing } from './row-page.view.js';

const PACKS: Listing = {
  from: 'evidence_packs', key: 'pack_id', keyKind: 'uuid', integers: ['bytes'],
  columns: 'pack_id, kind, request_id, account_id, purpose, reason, language, state, requested_by, requested_at, ready_at, sha256, bytes, pages, failure',
};
const examplePack = {
  pack_id: EXAMPLE.id, kind: 'call', request_id: EXAMPLE.other, account_id: EXAMPLE.account, purpose: 'dispute_resolution', reason: null, language: 'both' as const, state: 'ready' as const,
  requested_by: 'Ada', requested_at: EXAMPLE.at, ready_at: EXAMPLE.at, sha256: EXAMPLE.hash, bytes: 184_320, pages: 5, failure: null,
};
const noPack = refuse('not_found', 'there is no such pack', 'params.pack_id');

export const evidenceRoutes = [
  defineRoute({
    method: 'post', path: '/packs', id: 'requestPack', tag: 'evidence', summary: 'Ask for the evidence pack of one call', permission: 'evidence.create', status: 202,
    description: 'The worker assembles it once every record of the call is sealed; ask for its state.', refusals: ['not_found', 'purpose_required'],
    body: schemas.packInput, answer: schemas.requested, example: { body: { request_id: EXAMPLE.other, purpose: 'dispute_resolution', language: 'both' }, answer: { pack_id: EXAMPLE.id } },
    run: async (input) => {
      const { request_id: requestId, ...rest } = input.body;
      const packId = await change(input, (tx) => input.app.evidence.requestPack(tx, { requestId, ...rest }));
      return isRefusal(packId) ? packId : { pack_id: packId };
    },
  }),
  defineRoute({
    method: 'get', path: '/packs', id: 'listPacks', tag: 'evidence', summary: 'Evidence packs', permission: 'evidence.read', query: schemas.packsQuery, answer: page(schemas.pack),
    example: { answer: { data: [examplePack], next_cursor: null } },
    run: ({ app, query }) => readPage<z.input<typeof schemas.pack>>(app.database.reader, PACKS, [
      { sql: 'request_id = ?', value: query.request_id }, { sql: 'account_id = ?', value: query.account }, { sql: 'state = ?', value: query.state }], query),
  }),
  defineRoute({
    method: 'get', path: '/packs/{pack_id}', id: 'readPack', tag: 'evidence', summary: 'State of one pack', permission: 'evidence.read', params: schemas.packParams, answer: schemas.pack,
    example: { answer: examplePack },
    run: async ({ app, params }) => {
      const found = await app.evidence.findPack(params.pack_id);
      return found ? jsonAnswer(found) : noPack;
    },
  }),
  defineRoute({
    method: 'get', path: '/packs/{pack_id}/file', id: 'downloadPack', tag: 'evidence', summary: 'The pack itself', permission: 'evidence.read', file: 'application/pdf',
    description: 'A PDF that verifies without us. The download is written on the ledger before the first byte.', refusals: ['conflict'], params: schemas.packParams, answer: z.never(), example: { answer: undefined as never },
    run: async (input) => {
      const { app, params: { pack_id: packId } } = input;
      const found = await app.evidence.findPack(packId);
      if (!found) return noPack;
      const file = found.state === 'ready' ? await app.evidence.packFile(packId) : undefined;
      if (!file) return refuse('conflict', found.failure ?? 'the pack is not ready; ask for its state', 'params.pack_id');
      const refused = await change(input, (tx) => app.evidence.recordDownload(tx, packId));
      return refused ?? { path: file.path, name: `holdfast-${packId}.pdf` };
    },
  }),
];

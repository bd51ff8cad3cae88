// Evidence packs: request, state, download.
import { z } from 'zod';
import type { PackRow } from '../../../domain/evidence/index.js';
import { isRefusal, refuse } from '../../../kernel/result.js';
import { change, defineRoute } from './define-route.js';
import * as schemas from './evidence.schemas.js';
import { EXAMPLE } from './examples.js';
import { page } from './fields.schemas.js';
import { jsonAnswer } from './json-answer.js';
import { readPage, type Listing } from './row-page.view.js';

const PACKS: Listing = {
  from: 'evidence_packs', key: 'pack_id', keyKind: 'uuid', integers: ['bytes'],
  columns: 'pack_id, kind, case_number, request_id, account_id, purpose, reason, language, state, requested_by, requested_at, ready_at, sha256, bytes, pages, volumes, progress, purged_at, failure',
};
const examplePack = {
  pack_id: EXAMPLE.id, kind: 'dispute' as const, case_number: null, request_id: EXAMPLE.other, account_id: EXAMPLE.account, purpose: 'dispute_resolution', reason: null, language: 'both' as const, state: 'ready' as const,
  requested_by: 'Ada', requested_at: EXAMPLE.at, ready_at: EXAMPLE.at, sha256: EXAMPLE.hash, bytes: 184_320, pages: 5, volumes: null, progress: null, purged_at: null, failure: null,
};
const noPack = refuse('not_found', 'there is no such pack', 'params.pack_id');

export const evidenceRoutes = [
  defineRoute({
    method: 'post', path: '/packs', id: 'requestPack', tag: 'evidence', summary: 'Ask for an evidence pack', permission: 'evidence.create', status: 202,
    description: 'Of one call (dispute, scheme_exhibit), an account (lawful_request, subject_access), a period (audit_period, custom) or a purge run (purge_certificate). The worker assembles it once its records are sealed; ask for its state.', refusals: ['not_found', 'purpose_required', 'conflict'],
    body: schemas.packInput, answer: schemas.requested, example: { body: { request_id: EXAMPLE.other, purpose: 'dispute_resolution', language: 'both' }, answer: { pack_id: EXAMPLE.id } },
    run: async (input) => {
      const { request_id: requestId, account_id: accountId, run_id: runId, from, until, data_types: dataTypes, case_number: caseNumber, legal, ...rest } = input.body;
      const basis = legal && { authority: legal.authority, instrument: legal.instrument, servedOn: legal.served_on, dueOn: legal.due_on, articles: legal.articles };
      const packId = await change(input, (tx) => input.app.evidence.requestPack(tx, { ...rest, requestId, accountId, runId, dataTypes, caseNumber, legal: basis, ...(from ? { from: new Date(from) } : {}), ...(until ? { until: new Date(until) } : {}) }));
      return isRefusal(packId) ? packId : { pack_id: packId };
    },
  }),
  defineRoute({
    method: 'get', path: '/packs', id: 'listPacks', tag: 'evidence', summary: 'Evidence packs', permission: 'evidence.read', query: schemas.packsQuery, answer: page(schemas.pack),
    example: { answer: { data: [examplePack], next_cursor: null } },
    run: ({ app, query }) => readPage<z.input<typeof schemas.pack>>(app.database.reader, PACKS, [
      { sql: 'request_id = ?', value: query.request_id }, { sql: 'account_id = ?', value: query.account }, { sql: 'state = ?', value: query.state }, { sql: 'kind = ?', value: query.kind }, { sql: 'case_number = ?', value: query.case_number }], query),
  }),
  defineRoute({
    method: 'get', path: '/packs/{pack_id}', id: 'readPack', tag: 'evidence', summary: 'State of one pack', permission: 'evidence.read', params: schemas.packParams, answer: schemas.pack,
    example: { answer: examplePack },
    run: async ({ app, params }) => {
      const found = await app.evidence.findPack(params.pack_id);
      return found ? packAnswer(found) : noPack;
    },
  }),
  defineRoute({
    method: 'get', path: '/packs/{pack_id}/file', id: 'downloadPack', tag: 'evidence', summary: 'The pack itself', permission: 'evidence.read', file: 'application/pdf',
    description: 'A PDF that verifies without us. The download is written on the ledger before the first byte.', refusals: ['conflict'], params: schemas.packParams, answer: z.never(), example: { answer: undefined as never },
    query: schemas.fileQuery,
    run: async (input) => {
      const { app, params: { pack_id: packId }, query: { volume } } = input;
      const found = await app.evidence.findPack(packId);
      if (!found) return noPack;
      const file = await app.evidence.packFile(packId, volume);
      if (!file) return refuse('conflict', found.failure ?? (found.state === 'ready' ? 'the pack has no such volume, or its file is not as it was made' : `the pack is ${found.state}; ask for its state`), 'params.pack_id');
      const refused = await change(input, (tx) => app.evidence.recordDownload(tx, packId, { number: volume, sha256: file.sha256 }));
      return refused ?? { path: file.path, name: file.name };
    },
  }),
  defineRoute({
    method: 'get', path: '/packs/{pack_id}/files', id: 'listPackFiles', tag: 'evidence', summary: 'The files of a pack, volumes too', permission: 'evidence.read', params: schemas.packParams, answer: schemas.files,
    example: { answer: { data: [{ volume: 0, sha256: EXAMPLE.hash, bytes: 184_320, pages: 14, records: 6, first_item: 'EP-0123456789ab-0001', last_item: 'EP-0123456789ab-0006' }] } },
    run: async ({ app, params }) => (await app.evidence.findPack(params.pack_id) ? { data: (await app.evidence.packFiles(params.pack_id)).map(({ idsSha256: _ids, ...file }) => jsonAnswer(file)) } : noPack),
  }),
  defineRoute({
    method: 'post', path: '/packs/{pack_id}/cancel', id: 'cancelPack', tag: 'evidence', summary: 'Stop a pack that is not made yet', permission: 'evidence.create', refusals: ['conflict'], params: schemas.packParams, answer: schemas.stopped,
    example: { answer: { pack_id: EXAMPLE.id, stopped: true } },
    run: async (input) => await change(input, (tx) => input.app.evidence.cancelPack(tx, input.params.pack_id)) ?? { pack_id: input.params.pack_id, stopped: true as const },
  }),
  defineRoute({
    method: 'post', path: '/packs/{pack_id}/compare', id: 'comparePack', tag: 'evidence', summary: 'Run the query of a pack again and compare', permission: 'evidence.read', refusals: ['conflict'], params: schemas.packParams, answer: schemas.comparison,
    description: 'Says for each record that differs whether it was purged under a certificate, is missing, is new or was changed. The comparison is put on the ledger.',
    example: { answer: { same: true, records: 6, by_record: true, summary: 'The query finds the same 6 records again.', counts: { purged: 0, missing: 0, new: 0, changed: 0 }, differences: [] } },
    run: async ({ app, actor, params }) => {
      const answer = await app.evidence.comparePack(actor, params.pack_id);
      if (isRefusal(answer)) return answer;
      const { byRecord, ...rest } = answer;
      return { ...rest, by_record: byRecord, differences: [...rest.differences] };
    },
  }),
  defineRoute({
    method: 'post', path: '/packs/{pack_id}/links', id: 'linkPack', tag: 'evidence', summary: 'A link for somebody without an account', permission: 'evidence.create', status: 201, refusals: ['conflict'], params: schemas.packParams, body: schemas.linkInput, answer: schemas.newLink,
    description: 'It expires, is counted, and can be revoked; each download through it is on the ledger.',
    example: { body: { recipient: 'Court of Example, file 7 O 12/26', days: 7, most_downloads: 3 }, answer: { link_id: EXAMPLE.id, path: '/packs/hfl_…', expires_at: EXAMPLE.at } },
    run: async (input) => {
      const { recipient, days, most_downloads: mostDownloads } = input.body;
      const made = await change(input, (tx) => input.app.evidence.linkPack(tx, { packId: input.params.pack_id, recipient, days, mostDownloads }));
      return isRefusal(made) ? made : { link_id: made.linkId, path: `/packs/${made.token}`, expires_at: made.expiresAt.toISOString() };
    },
  }),
  defineRoute({
    method: 'get', path: '/packs/{pack_id}/links', id: 'listPackLinks', tag: 'evidence', summary: 'Links to a pack', permission: 'evidence.read', params: schemas.packParams, answer: schemas.links,
    example: { answer: { data: [{ link_id: EXAMPLE.id, recipient: 'Court of Example', made_by: 'Ada', made_at: EXAMPLE.at, expires_at: EXAMPLE.at, most_downloads: 3, downloads: 1, revoked_at: null }] } },
    run: async ({ app, params }) => ({ data: (await app.evidence.packLinks(params.pack_id)).map(({ packId: _pack, ...link }) => jsonAnswer(link)) }),
  }),
  defineRoute({
    method: 'post', path: '/packs/{pack_id}/links/{link_id}/revoke', id: 'revokePackLink', tag: 'evidence', summary: 'End a link', permission: 'evidence.create', params: schemas.linkParams, answer: schemas.revoked,
    example: { answer: { link_id: EXAMPLE.id, revoked: true } },
    run: async (input) => await change(input, (tx) => input.app.evidence.revokeLink(tx, input.params.link_id)) ?? { link_id: input.params.link_id, revoked: true as const },
  }),
];

/** The row without what is only ours: the frozen query's parameters. */
function packAnswer({ params: _params, snapshot: _snapshot, redact: _redact, ...pack }: PackRow) { return jsonAnswer(pack); }

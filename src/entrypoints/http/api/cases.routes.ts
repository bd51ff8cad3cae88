// Cases: list, open, move, link, files, frozen queries; the disclosure log, the transparency report and the deadlines.
import { z } from 'zod';
import { MACHINES, possibleMoves, stageOf, type WholeCase } from '../../../domain/cases/index.js';
import { addPeriod, startOfDay } from '../../../kernel/period.js';
import { isRefusal, refuse } from '../../../kernel/result.js';
import * as schemas from './cases.schemas.js';
import { change, defineRoute, type Caller } from './define-route.js';
import { EXAMPLE } from './examples.js';
import { changed } from './fields.schemas.js';
import { answerOf, jsonAnswer } from './json-answer.js';

const noCase = refuse('not_found', 'there is no such case, or your role does not show it', 'params.case_id');
const exampleRow = { case_id: EXAMPLE.id, number: 'D-2026-0001', kind: 'dispute' as const, state: 'working', account_id: EXAMPLE.account, received_at: EXAMPLE.at, opened_at: EXAMPLE.at, opened_by: 'Ada', owner_id: EXAMPLE.other, moved_at: EXAMPLE.at, ended_at: null, hold_id: EXAMPLE.other, release_asked_at: null };
const exampleWhole = { ...exampleRow, facts: { topic: 'billing', complaint: 'Charged twice?' }, request_ids: [EXAMPLE.other], clocks: [], files: [], moves: [], collections: [], next_moves: ['select_evidence', 'settle', 'withdraw'] };

/** A case as the API says it: facts, fields, parameters and counts are free-form, so their keys stay as they are. */
function tell(one: WholeCase, now: Date): z.input<typeof schemas.wholeCase> {
  const { facts, moves, clocks, files, collections, requestIds, ...row } = one;
  return {
    ...jsonAnswer(row), facts: facts as z.input<typeof schemas.wholeCase>['facts'], request_ids: [...requestIds],
    clocks: clocks.map((clock) => ({ ...jsonAnswer({ name: clock.name, preset: clock.preset, source: clock.source, startedAt: clock.startedAt, amberAt: clock.amberAt, redAt: clock.redAt, dueAt: clock.dueAt, extendedAt: clock.extendedAt, stoppedAt: clock.stoppedAt }), stage: clock.stoppedAt ? null : stageOf(clock, now) })),
    files: files.map(({ caseId: _caseId, ...file }) => jsonAnswer(file)),
    moves: moves.map((move) => ({ move_id: move.moveId, at: move.at.toISOString(), move: move.move, from_state: move.fromState, to_state: move.toState, actor_name: move.actorName, fields: move.fields as z.input<typeof schemas.wholeCase>['facts'], effects: { ...move.effects } })),
    collections: collections.map((one_) => ({ collection_id: one_.collectionId, at: one_.at.toISOString(), collected_by: one_.collectedBy, parameters: { ...one_.parameters }, counts: { ...one_.counts }, digest: one_.digest, snapshot: one_.snapshot })),
    next_moves: possibleMoves(MACHINES[one.kind], one).map((move) => move.name),
  };
}

/** The reading of one case goes on the ledger under the purpose of its kind, before it is answered. */
async function viewed(caller: Caller, one: WholeCase): Promise<void> {
  await caller.app.act(caller.actor, (tx) => caller.app.ledger.append(tx, { action: 'case.view', subjectKind: 'case', subjectId: one.caseId, purpose: MACHINES[one.kind].purpose }));
}

export const casesRoutes = [
  defineRoute({
    method: 'get', path: '/cases', id: 'listCases', tag: 'cases', summary: 'Cases, newest first, of the kinds the token may see', permission: 'disputes.read', query: schemas.casesQuery, answer: z.object({ data: z.array(schemas.caseRow) }),
    example: { answer: { data: [exampleRow] } },
    run: async ({ app, actor, query }) => {
      const found = await app.cases.listCases(actor, { kind: query.kind, state: query.state, accountId: query.account, requestId: query.request_id, limit: query.limit, ...(query.open === undefined ? {} : { open: query.open === 'true' }) });
      return { data: found.map(({ facts: _facts, ...row }) => jsonAnswer(row)) };
    },
  }),
  defineRoute({
    method: 'post', path: '/cases', id: 'openCase', tag: 'cases', summary: 'Open a case', permission: 'disputes.work', status: 201, refusals: ['not_found', 'conflict'], body: schemas.openInput, answer: schemas.opened,
    description: 'With its number, clocks and hold. Which fields a kind asks for is in docs/cases.md; a lawful request needs the permission lawful.work.',
    example: { body: { kind: 'dispute', request_ids: [EXAMPLE.other], fields: { topic: 'billing', complaint: 'Charged twice?' } }, answer: { case_id: EXAMPLE.id, number: 'D-2026-0001', hold_id: EXAMPLE.other } },
    run: async (input) => answerOf(await change(input, (tx) => input.app.cases.openCase(tx, { kind: input.body.kind, facts: input.body.fields, accountId: input.body.account_id, requestIds: input.body.request_ids }))),
  }),
  defineRoute({
    method: 'get', path: '/cases/{case_id}', id: 'readCase', tag: 'cases', summary: 'One case with all about it', permission: 'disputes.read', params: schemas.caseParams, answer: schemas.wholeCase, example: { answer: exampleWhole },
    description: 'By id or number. The reading is on the ledger, under the purpose of the kind.',
    run: async (input) => {
      const found = await input.app.cases.findCase(input.actor, input.params.case_id);
      if (!found) return noCase;
      await viewed(input, found);
      return tell(found, input.app.clock.now());
    },
  }),
  defineRoute({
    method: 'post', path: '/cases/{case_id}/moves', id: 'moveCase', tag: 'cases', summary: 'Make a move', permission: 'disputes.read', refusals: ['conflict', 'four_eyes_required', 'held'], params: schemas.caseParams, body: schemas.moveInput, answer: schemas.moved,
    description: 'Each move names its own permission in docs/cases.md. A token counts as the operator who issued it when people are counted.',
    example: { body: { move: 'take_up' }, answer: { case_id: EXAMPLE.id, number: 'D-2026-0001', state: 'working', effects: {} } },
    run: async (input) => {
      const made = await change(input, (tx) => input.app.cases.moveCase(tx, input.params.case_id, input.body.move, input.body.fields ?? {}, input.body.expected_state));
      return isRefusal(made) ? made : { case_id: made.caseId, number: made.number, state: made.state, effects: { ...made.effects } };
    },
  }),
  defineRoute({
    method: 'post', path: '/cases/{case_id}/links', id: 'linkCase', tag: 'cases', summary: 'Name the account of a case, or add calls to it', permission: 'disputes.work', refusals: ['conflict'], params: schemas.caseParams, body: schemas.linkInput, answer: schemas.linked,
    example: { body: { request_ids: [EXAMPLE.other] }, answer: { changed: true, account_id: EXAMPLE.account } },
    run: async (input) => answerOf(await change(input, (tx) => input.app.cases.linkCase(tx, input.params.case_id, { accountId: input.body.account_id, requestIds: input.body.request_ids }))),
  }),
  defineRoute({
    method: 'post', path: '/cases/{case_id}/files', id: 'attachCaseFile', tag: 'cases', summary: 'Store a file for a case, sealed', permission: 'disputes.work', status: 201, refusals: ['conflict'], params: schemas.caseParams, body: schemas.fileInput, answer: schemas.storedFile,
    description: 'Its hash goes on record; the file itself stays outside the database.',
    example: { body: { role: 'instrument', name: 'order.pdf', media_type: 'application/pdf', base64: 'JVBERi0xLjc=' }, answer: { file_id: EXAMPLE.id, case_id: EXAMPLE.other, role: 'instrument', name: 'order.pdf', media_type: 'application/pdf', bytes: 8, sha256: EXAMPLE.hash, stored_by: 'Ada', stored_at: EXAMPLE.at, destroyed_at: null } },
    run: async ({ app, actor, params, body }) => answerOf(await app.cases.attachFile(actor, params.case_id, { role: body.role, name: body.name, mediaType: body.media_type, bytes: Buffer.from(body.base64, 'base64') })),
  }),
  defineRoute({
    method: 'post', path: '/cases/{case_id}/collections/{collection_id}/compare', id: 'compareCollection', tag: 'cases', summary: 'Run a frozen query again and compare', permission: 'disputes.read', params: schemas.compareParams, answer: schemas.compared,
    description: 'A row that came, went or was purged since is a difference.', example: { answer: { same: true, found: {}, collected: {} } },
    run: async ({ app, actor, params }) => {
      const one = await app.cases.findCase(actor, params.case_id), result = one && await app.cases.compareCollection(one, params.collection_id);
      return result ? { same: result.same, found: result.found as Record<string, unknown>, collected: result.collected as Record<string, unknown> } : refuse('not_found', 'there is no such case or frozen query, or your role does not show it', 'params.collection_id');
    },
  }),
  defineRoute({
    method: 'get', path: '/disclosures', id: 'listDisclosures', tag: 'cases', summary: 'The disclosure log, newest first', permission: 'lawful.read', query: schemas.disclosuresQuery, answer: z.object({ data: z.array(schemas.disclosure) }), example: { answer: { data: [] } },
    description: 'Append-only; made by the move release alone. The reading is on the ledger.',
    run: async ({ app, actor, query }) => {
      const zone = app.config.timeZone, entries = await app.cases.disclosures({ from: query.from === undefined ? undefined : startOfDay(query.from, zone), to: query.to === undefined ? undefined : addPeriod(startOfDay(query.to, zone), 'P1D', zone), limit: query.limit });
      await app.act(actor, (tx) => app.ledger.append(tx, { action: 'disclosures.list', subjectKind: 'disclosure', subjectId: 'list', purpose: 'lawful_cooperation', after: { rows: entries.length } }));
      return { data: entries.map(({ selectors, ...entry }) => ({ ...jsonAnswer(entry), selectors: { ...selectors } })) };
    },
  }),
  defineRoute({
    method: 'get', path: '/transparency', id: 'readTransparency', tag: 'cases', summary: 'The transparency report of a period', permission: 'lawful.read', query: schemas.reportQuery, answer: schemas.report,
    description: 'Requests of authorities that reached us, by country and instrument; counts from 1 to 4 are not told.', example: { query: { from: '2026-01-01', to: '2026-12-31' }, answer: { figures: ['requests'], rows: [{ country: 'DE', instrument_type: 'court_order', cells: { requests: 7 } }], total: { requests: 7 } } },
    run: async ({ app, query }) => {
      const zone = app.config.timeZone, found = await app.cases.transparency(startOfDay(query.from, zone), addPeriod(startOfDay(query.to, zone), 'P1D', zone));
      return { figures: Object.keys(found.total), rows: found.rows.map(({ country, instrumentType, cells }) => ({ country, instrument_type: instrumentType, cells })), total: found.total };
    },
  }),
  defineRoute({
    method: 'get', path: '/case-clocks', id: 'listCaseClocks', tag: 'cases', summary: 'Deadlines by law and house rule, as in force', permission: 'disputes.read', answer: z.object({ data: z.array(schemas.preset) }),
    example: { answer: { data: [{ id: 'gdpr-answer', kind: 'subject_request', clock: 'answer', due: 'P1M', amber: 'P20D', red: 'P25D', extension: 'P2M', source: 'GDPR art. 12(3)', set_by: null }] } },
    run: async ({ app }) => ({ data: (await app.cases.clockPresets()).map(({ extension, setBy, ...one }) => ({ ...one, extension: extension ?? null, set_by: setBy })) }),
  }),
  defineRoute({
    method: 'post', path: '/case-clocks/{preset_id}', id: 'setCaseClock', tag: 'cases', summary: 'Set a deadline of your own', permission: 'lawful.work', params: schemas.presetParams, body: schemas.presetInput, answer: changed,
    description: 'Clocks that run keep their instants; the next ones that start go by it.', example: { body: { due: 'P7D', amber: 'P3D', red: 'P5D', source: 'our terms, 9.2' }, answer: { changed: true } },
    run: async (input) => answerOf(await change(input, (tx) => input.app.cases.setClock(tx, input.params.preset_id, input.body))),
  }),
];

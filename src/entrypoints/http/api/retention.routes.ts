// Policies, holds and the purge schedule.
import { z } from 'zod';
import { PRESETS, type Hold } from '../../../domain/retention/index.js';
import { refuse } from '../../../kernel/result.js';
import { change, defineRoute } from './define-route.js';
import { EXAMPLE } from './examples.js';
import { answerOf, jsonAnswer } from './json-answer.js';
import * as schemas from './retention.schemas.js';

const examplePolicy = {
  policy_id: EXAMPLE.id, data_type: 'api_call_metadata' as const, account_id: null, jurisdiction: null, item_ids: null, version: 1, keep: 'P12M', starts_at: 'created' as const,
  purpose: 'billing', source: null, legal_basis: null, locked: false, shortens: false, approval_id: null, status: 'in_force' as const, published_by: 'Ada', published_at: EXAMPLE.at, effective_from: EXAMPLE.at, superseded_at: null,
};
const exampleHold = {
  hold_id: EXAMPLE.id, account_id: EXAMPLE.account, key_ids: null, request_ids: null, from_at: null, until_at: null, data_types: null, matter: 'Dispute 2026-17', requester: 'Acme GmbH', basis: 'dispute', review_on: '2027-02-01',
  placed_by: 'Ada', placed_at: EXAMPLE.at, released_by: null, released_at: null, protects_until: null,
};

const exampleSide = { rows: 51_200, bytes: 9_000_000, accounts: 12, oldest: EXAMPLE.at, held_rows: 12, held_accounts: 1, cut_off: EXAMPLE.at };
const PRESET_NOTE = 'Suggested and editable; confirm with counsel before you rely on one';

function draftOf(body: z.output<typeof schemas.simulationInput>) {
  return { dataType: body.data_type, keep: body.keep, startsAt: body.starts_at, accountId: body.account_id, jurisdiction: body.jurisdiction, itemIds: body.item_ids };
}

const policies = [
  defineRoute({
    method: 'get', path: '/retention/policies', id: 'listPolicies', tag: 'retention', summary: 'Retention policies, newest first', permission: 'retention.read',
    query: schemas.policiesQuery, answer: z.object({ data: z.array(schemas.policy) }), example: { answer: { data: [examplePolicy] } },
    run: async ({ app, query }) => ({ data: jsonAnswer(await app.retention.policies({ inForce: query.in_force === 'true' })) }),
  }),
  defineRoute({
    method: 'post', path: '/retention/policies', id: 'publishPolicy', tag: 'retention', summary: 'Publish a policy', permission: 'retention.write', status: 201,
    description: 'The same policy twice changes nothing. Below a legal minimum it is refused. Shortening what is in force must be confirmed, then a second person is asked, and after his approval it takes effect when the grace period is over.',
    refusals: ['confirmation_required', 'conflict', 'not_found'], body: schemas.policyInput, answer: schemas.publishedPolicy,
    example: { body: { data_type: 'api_call_metadata', keep: 'P24M' }, answer: { policy_id: EXAMPLE.id, version: 2, changed: true, advice: [], effective_from: EXAMPLE.at, approval_id: null } },
    run: async (input) => {
      const { effective_from: effectiveFrom, legal_basis: legalBasis, confirm_shortening: confirmShortening, purpose, source, locked, ...draft } = input.body;
      return answerOf(await change(input, (tx) => input.app.retention.publishPolicy(tx, { ...draftOf(draft), purpose, source, locked, legalBasis, confirmShortening, ...(effectiveFrom === undefined ? {} : { effectiveFrom: new Date(effectiveFrom) }) })));
    },
  }),
  defineRoute({
    method: 'post', path: '/retention/policies/{policy_id}/withdraw', id: 'withdrawPolicy', tag: 'retention', summary: 'Withdraw a policy that is scheduled', permission: 'retention.write',
    description: 'Needs nobody else: what is in force goes on.', refusals: ['conflict'], params: schemas.policyParams, body: schemas.releaseInput, answer: schemas.withdrawn,
    example: { body: { reason: 'the contract was prolonged' }, answer: { withdrawn: true } },
    run: async (input) => answerOf(await change(input, (tx) => input.app.retention.withdrawPolicy(tx, input.params.policy_id, input.body.reason))),
  }),
  defineRoute({
    method: 'post', path: '/retention/simulate', id: 'simulatePolicy', tag: 'retention', summary: 'What a policy would delete, beside what is due today', permission: 'retention.read',
    description: 'Changes nothing. Rows and accounts are exact.', body: schemas.simulationInput, answer: schemas.simulation,
    example: { body: { data_type: 'api_call_metadata', keep: 'P6M' }, answer: { data_type: 'api_call_metadata', today: exampleSide, draft: exampleSide, days: [{ day: '2026-05-01', today: 0, draft: 51_200, held: 12 }], took_ms: 120 } },
    run: async ({ app, body }) => jsonAnswer(await app.retention.simulate(draftOf(body))),
  }),
  defineRoute({
    method: 'get', path: '/retention/presets', id: 'listPresets', tag: 'retention', summary: 'What is usual, by data type and jurisdiction', permission: 'retention.read', answer: schemas.presets,
    example: { answer: { note: PRESET_NOTE, data: [] } }, run: () => Promise.resolve({ note: PRESET_NOTE, data: jsonAnswer(PRESETS) }),
  }),
  defineRoute({
    method: 'get', path: '/retention/waiting', id: 'listWaiting', tag: 'retention', summary: 'What waits for its event', permission: 'retention.read', answer: schemas.waiting,
    example: { answer: { data: [{ data_type: 'account_information', clock: 'account-closed', policy_id: EXAMPLE.id, account_id: null, rows: 12, accounts: 4, since: EXAMPLE.at }] } },
    run: async ({ app }) => ({ data: jsonAnswer(await app.retention.waiting()) }),
  }),
  defineRoute({
    method: 'post', path: '/retention/disputes', id: 'recordDispute', tag: 'retention', summary: 'Open or close a dispute of an account', permission: 'holds.write',
    description: 'The event of the clock dispute-closed. Closing starts the clock; opening it again stops it.', refusals: ['not_found'], body: schemas.disputeInput, answer: schemas.scheduleChanged,
    example: { body: { account_id: EXAMPLE.account, reference: 'Dispute 2026-17', state: 'closed' }, answer: { changed: true } },
    run: async (input) => answerOf(await change(input, (tx) => input.app.retention.recordDispute(tx, { accountId: input.body.account_id, reference: input.body.reference, state: input.body.state }))),
  }),
  defineRoute({
    method: 'get', path: '/retention/explain', id: 'explainRetention', tag: 'retention', summary: 'Which rules apply to one item, and when it goes', permission: 'retention.read',
    query: schemas.explainQuery, answer: schemas.explanation,
    refusals: ['not_found'],
    example: { query: { data_type: 'api_call_metadata', created_at: EXAMPLE.at }, answer: { record: null, policy: examplePolicy, considered: [{ policy: examplePolicy, level: 'all', ends_at: EXAMPLE.later, decides: true }],
      retain_until: EXAMPLE.later, delete_at: EXAMPLE.later, waiting_for: null, minimums: [], holds: [], restricted: null } },
    run: async ({ app, query }) => {
      const record = query.id === undefined ? undefined : await app.retention.findRecord(query.data_type, query.id);
      if (query.id !== undefined && !record) return refuse('not_found', `no record ${query.id} of ${query.data_type} is on record`, 'query.id');
      if (!record && query.created_at === undefined) return refuse('invalid_request', 'name a record, or say when it was made', 'query.created_at');
      const found = await app.retention.explain(record
        ? { dataType: query.data_type, createdAt: record.at, accountId: record.accountId, clockStart: record.clockStart, keyId: record.keyId, requestId: record.requestId, itemId: record.itemId }
        : { dataType: query.data_type, createdAt: new Date(query.created_at!), accountId: query.account ?? null, jurisdiction: query.jurisdiction ?? null, clockStart: query.clock_start === undefined ? null : new Date(query.clock_start) });
      return jsonAnswer({ record: record ?? null, policy: found.policy, considered: found.considered, retainUntil: found.retainUntil, deleteAt: found.deleteAt, waitingFor: found.waitingFor ?? null, minimums: found.minimums, holds: found.holds, restricted: found.restricted });
    },
  }),
];

const holds = [
  defineRoute({
    method: 'get', path: '/holds', id: 'listHolds', tag: 'holds', summary: 'Holds, newest first', permission: 'retention.read',
    query: schemas.holdsQuery, answer: z.object({ data: z.array(schemas.hold) }), example: { answer: { data: [exampleHold] } },
    run: async ({ app, query }) => {
      const wanted = (hold: Hold): boolean => (query.account === undefined || hold.accountId === query.account) && (query.in_force === 'false' || hold.releasedAt === null);
      return { data: jsonAnswer((await app.retention.holds()).filter(wanted)) };
    },
  }),
  defineRoute({
    method: 'get', path: '/holds/{hold_id}', id: 'readHold', tag: 'holds', summary: 'One hold', permission: 'retention.read',
    params: schemas.holdParams, answer: schemas.hold, example: { answer: exampleHold },
    run: async ({ app, params }) => {
      const found = (await app.retention.holds()).find((hold) => hold.holdId === params.hold_id);
      return found ? jsonAnswer(found) : refuse('not_found', 'there is no such hold', 'params.hold_id');
    },
  }),
  defineRoute({
    method: 'post', path: '/holds', id: 'placeHold', tag: 'holds', summary: 'Stop every purge of what it covers', permission: 'holds.write', status: 201,
    description: 'By account, keys, request ids, window of time and data types, which narrow each other. Covers what exists and what comes later. Grants no read access.', refusals: ['not_found', 'conflict'], body: schemas.holdInput, answer: schemas.placedHold,
    example: { body: { account_id: EXAMPLE.account, matter: 'Dispute 2026-17', requester: 'Acme GmbH', basis: 'dispute', review_on: '2027-02-01' }, answer: { hold_id: EXAMPLE.id, changed: true, already_removed: [] } },
    run: async (input) => {
      const { account_id: accountId, key_ids: keyIds, request_ids: requestIds, from, until, data_types: dataTypes, review_on: reviewOn, ...rest } = input.body;
      return answerOf(await change(input, (tx) => input.app.retention.placeHold(tx, { accountId, keyIds, requestIds, dataTypes, reviewOn, ...rest, ...(from === undefined ? {} : { from: new Date(from) }), ...(until === undefined ? {} : { until: new Date(until) }) })));
    },
  }),
  defineRoute({
    method: 'post', path: '/holds/{hold_id}/extend', id: 'extendHold', tag: 'holds', summary: 'Widen a hold, or move its review', permission: 'holds.write',
    description: 'A hold is never narrowed.', refusals: ['not_found', 'conflict'], params: schemas.holdParams, body: schemas.extendInput, answer: schemas.placedHold,
    example: { body: { review_on: '2027-08-01', reason: 'the case goes on' }, answer: { hold_id: EXAMPLE.id, changed: true, already_removed: [] } },
    run: async (input) => {
      const { key_ids: keyIds, request_ids: requestIds, from, until, data_types: dataTypes, review_on: reviewOn, reason } = input.body;
      const at = (text: string | null | undefined): Date | null | undefined => (typeof text === 'string' ? new Date(text) : text);
      return answerOf(await change(input, (tx) => input.app.retention.extendHold(tx, input.params.hold_id, { keyIds, requestIds, from: at(from), until: at(until), dataTypes, reviewOn, reason })));
    },
  }),
  defineRoute({
    method: 'get', path: '/holds/{hold_id}/rows', id: 'countHeldRows', tag: 'holds', summary: 'How many rows on record a hold covers', permission: 'retention.read', description: 'Exact, expired or not.',
    params: schemas.holdParams, answer: schemas.heldRows, example: { answer: { rows: 12, tables: [{ table: 'calls', data_type: 'api_call_metadata', rows: 12 }] } },
    run: async ({ app, params }) => {
      const tables = await app.retention.heldRows(params.hold_id);
      return tables ? { rows: tables.reduce((sum, one) => sum + Number(one.rows), 0), tables: jsonAnswer(tables) } : refuse('not_found', 'there is no such hold', 'params.hold_id');
    },
  }),
  defineRoute({
    method: 'post', path: '/holds/{hold_id}/release', id: 'releaseHold', tag: 'holds', summary: 'Ask a second person to end a hold', permission: 'holds.write',
    description: 'Deletes nothing, also when it is approved: what it covered stays protected for 30 more days.', refusals: ['conflict'], params: schemas.holdParams, body: schemas.releaseInput, answer: schemas.releasedHold,
    example: { body: { reason: 'dispute settled' }, answer: { hold_id: EXAMPLE.id, changed: true, protects_until: null, approval_id: EXAMPLE.other } },
    run: async (input) => answerOf(await change(input, (tx) => input.app.retention.releaseHold(tx, input.params.hold_id, input.body.reason))),
  }),
];

const schedule = [
  defineRoute({
    method: 'get', path: '/retention/schedule', id: 'readSchedule', tag: 'purges', summary: 'When purges run', permission: 'purges.read',
    answer: schemas.scheduleAnswer, example: { answer: { cron: '30 3 * * *', time_zone: 'UTC', paused: false, upcoming: [EXAMPLE.later] } },
    run: async ({ app }) => jsonAnswer({ ...await app.retention.schedule(), upcoming: await app.retention.upcomingRuns(3) }),
  }),
  defineRoute({
    method: 'post', path: '/retention/schedule', id: 'setSchedule', tag: 'purges', summary: 'Change when purges run', permission: 'retention.write',
    description: 'The worker takes it up within a minute.', body: schemas.schedule, answer: schemas.scheduleChanged,
    example: { body: { cron: '30 3 * * *', time_zone: 'Asia/Shanghai', paused: false }, answer: { changed: true } },
    run: async (input) => answerOf(await change(input, (tx) => input.app.retention.setSchedule(tx, { cron: input.body.cron, timeZone: input.body.time_zone, paused: input.body.paused }))),
  }),
];

export const retentionRoutes = [...policies, ...holds, ...schedule];

// Policies, holds and the purge schedule.
import { z } from 'zod';
import type { Hold } from '../../../domain/retention/index.js';
import { refuse } from '../../../kernel/result.js';
import { change, defineRoute } from './define-route.js';
import { EXAMPLE } from './examples.js';
import { answerOf, jsonAnswer } from './json-answer.js';
import * as schemas from './retention.schemas.js';

const examplePolicy = {
  policy_id: EXAMPLE.id, data_type: 'api_call_metadata' as const, account_id: null, jurisdiction: null, version: 1, keep: 'P12M', starts_at: 'created' as const,
  purpose: 'billing', source: null, status: 'in_force' as const, published_by: 'Ada', effective_from: EXAMPLE.at, superseded_at: null,
};
const exampleHold = {
  hold_id: EXAMPLE.id, account_id: EXAMPLE.account, data_types: null, matter: 'Dispute 2026-17', requester: 'Acme GmbH', basis: 'dispute', review_on: '2027-02-01',
  placed_by: 'Ada', placed_at: EXAMPLE.at, released_by: null, released_at: null, protects_until: null,
};

const policies = [
  defineRoute({
    method: 'get', path: '/retention/policies', id: 'listPolicies', tag: 'retention', summary: 'Retention policies, newest first', permission: 'retention.read',
    query: schemas.policiesQuery, answer: z.object({ data: z.array(schemas.policy) }), example: { answer: { data: [examplePolicy] } },
    run: async ({ app, query }) => ({ data: jsonAnswer(await app.retention.policies({ inForce: query.in_force === 'true' })) }),
  }),
  defineRoute({
    method: 'post', path: '/retention/policies', id: 'publishPolicy', tag: 'retention', summary: 'Publish a policy', permission: 'retention.write', status: 201,
    description: 'The same policy twice changes nothing. Below a legal minimum it is refused; shortening what is in force must be confirmed.',
    refusals: ['confirmation_required', 'conflict', 'not_found'], body: schemas.policyInput, answer: schemas.publishedPolicy,
    example: { body: { data_type: 'api_call_metadata', keep: 'P24M' }, answer: { policy_id: EXAMPLE.id, version: 2, changed: true, advice: [] } },
    run: async (input) => {
      const { data_type: dataType, starts_at: startsAt, account_id: accountId, confirm_shortening: confirmShortening, ...rest } = input.body;
      return answerOf(await change(input, (tx) => input.app.retention.publishPolicy(tx, { dataType, startsAt, accountId, confirmShortening, ...rest })));
    },
  }),
  defineRoute({
    method: 'get', path: '/retention/explain', id: 'explainRetention', tag: 'retention', summary: 'Which rules apply to one item, and when it goes', permission: 'retention.read',
    query: schemas.explainQuery, answer: schemas.explanation,
    example: { query: { data_type: 'api_call_metadata', created_at: EXAMPLE.at }, answer: { policy: examplePolicy, retain_until: EXAMPLE.later, delete_at: EXAMPLE.later, waiting_for: null, minimums: [], holds: [] } },
    run: async ({ app, query }) => {
      const found = await app.retention.explain({
        dataType: query.data_type, createdAt: new Date(query.created_at), accountId: query.account ?? null, jurisdiction: query.jurisdiction ?? null,
        clockStart: query.clock_start === undefined ? null : new Date(query.clock_start),
      });
      return jsonAnswer({ policy: found.policy, retainUntil: found.retainUntil, deleteAt: found.deleteAt, waitingFor: found.waitingFor ?? null, minimums: found.minimums, holds: found.holds });
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
    method: 'post', path: '/holds', id: 'placeHold', tag: 'holds', summary: 'Stop every purge of an account', permission: 'holds.write', status: 201,
    description: 'Covers what exists and what comes later. Grants no read access.', refusals: ['not_found', 'conflict'], body: schemas.holdInput, answer: schemas.placedHold,
    example: { body: { account_id: EXAMPLE.account, matter: 'Dispute 2026-17', requester: 'Acme GmbH', basis: 'dispute', review_on: '2027-02-01' }, answer: { hold_id: EXAMPLE.id, changed: true, already_removed: [] } },
    run: async (input) => {
      const { account_id: accountId, data_types: dataTypes, review_on: reviewOn, ...rest } = input.body;
      return answerOf(await change(input, (tx) => input.app.retention.placeHold(tx, { accountId, dataTypes, reviewOn, ...rest })));
    },
  }),
  defineRoute({
    method: 'post', path: '/holds/{hold_id}/release', id: 'releaseHold', tag: 'holds', summary: 'End a hold', permission: 'holds.write',
    description: 'Deletes nothing: what it covered stays protected for 30 more days.', refusals: ['conflict'], params: schemas.holdParams, body: schemas.releaseInput, answer: schemas.releasedHold,
    example: { body: { reason: 'dispute settled' }, answer: { hold_id: EXAMPLE.id, changed: true, protects_until: EXAMPLE.later } },
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

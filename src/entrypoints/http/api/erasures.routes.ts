// Erasures of one subject: what would go, the request, its course and its result.
import { z } from 'zod';
import { isRefusal, refuse } from '../../../kernel/result.js';
import { erasureProgress, tellErasure } from '../../views/erasures.js';
import { change, defineRoute } from './define-route.js';
import * as schemas from './erasures.schemas.js';
import { EXAMPLE } from './examples.js';
import { answerOf, jsonAnswer } from './json-answer.js';

const noErasure = refuse('not_found', 'there is no such erasure', 'params.erasure_id');
const exampleCount = { data_type: 'third_party_call_records' as const, rows: 120, rows_erased: 0, rows_held: 0, rows_kept: 120, goes_at: EXAMPLE.at, why: [{ kind: 'floor' as const, id: 'third-party-calls', says: 'PIPL art. 56: at least three years' }] };
const exampleErasure = {
  erasure_id: EXAMPLE.id, account_id: EXAMPLE.account, by_sessions: false, ground: 'gdpr_17' as const, reason: 'the person asked for it', data_types: ['third_party_call_records' as const], case_number: null, state: 'erased' as const, before: null,
  asked_by: 'Ada', asked_at: EXAMPLE.at, approval_id: EXAMPLE.other, approved_by: 'Ben', approved_at: EXAMPLE.at, started_at: EXAMPLE.at, finished_at: EXAMPLE.at, failure: null,
  outcome: { third_party_call_records: { erased: '0', run_id: null, restricted: '120', goes_at: EXAMPLE.at, why: ['floor third-party-calls: at least three years'] } },
  restrictions: [{ data_type: 'third_party_call_records' as const, rows: 120, why: exampleCount.why, since: EXAMPLE.at, goes_at: EXAMPLE.at, lifted_at: null }],
};
type Told = z.input<typeof schemas.erasure>;

export const erasuresRoutes = [
  defineRoute({
    method: 'post', path: '/erasures/preview', id: 'previewErasure', tag: 'purges', summary: 'What an erasure of one subject would take, and what it would have to leave', permission: 'purges.read', refusals: ['not_found'], body: schemas.previewInput,
    description: 'Changes nothing. What a law, the books or a hold keeps would be restricted.', answer: z.object({ data: z.array(schemas.counted) }), example: { body: { account_id: EXAMPLE.account }, answer: { data: [exampleCount] } },
    run: async ({ app, body }) => {
      const found = await app.retention.previewErasure({ accountId: body.account_id, ...(body.sessions ? { sessions: body.sessions } : {}), ...(body.data_types ? { dataTypes: body.data_types } : {}) });
      return isRefusal(found) ? found : { data: jsonAnswer(found) };
    },
  }),
  defineRoute({
    method: 'post', path: '/erasures', id: 'planErasure', tag: 'purges', summary: 'Take on an erasure of one subject', permission: 'purges.run', status: 201, refusals: ['not_found', 'conflict'], body: schemas.planInput, answer: schemas.planned,
    description: 'Restricts the data of the subject at once and asks a second person. Once approved, the worker erases what may go, to a certificate for each data type; the rest stays restricted and goes by itself. Account information is erased of closed accounts alone. For the request of a person open a case: it has clocks and identity checks.',
    example: { body: { account_id: EXAMPLE.account, ground: 'gdpr_17', reason: 'the person asked for it' }, answer: { erasure_id: EXAMPLE.id, state: 'planned', approval_id: EXAMPLE.other, counts: [exampleCount] } },
    run: async (input) => answerOf(await change(input, (tx) => input.app.retention.planErasure(tx, { accountId: input.body.account_id, ground: input.body.ground, reason: input.body.reason, ...(input.body.sessions ? { sessions: input.body.sessions } : {}), ...(input.body.data_types ? { dataTypes: input.body.data_types } : {}) }))),
  }),
  defineRoute({
    method: 'get', path: '/erasures', id: 'listErasures', tag: 'purges', summary: 'Erasures, newest first', permission: 'purges.read', query: schemas.query, answer: z.object({ data: z.array(schemas.erasure) }), example: { answer: { data: [exampleErasure] } },
    run: async ({ app, query }) => ({ data: (await app.retention.erasures({ limit: query.limit, ...(query.account ? { accountId: query.account } : {}), ...(query.state ? { states: [query.state] } : {}) })).map((one) => tell(one)) }),
  }),
  defineRoute({
    method: 'get', path: '/erasures/{erasure_id}', id: 'readErasure', tag: 'purges', summary: 'One erasure with its runs and what stays restricted', permission: 'purges.read', params: schemas.params, answer: schemas.whole,
    example: { answer: { ...exampleErasure, runs: [{ run_id: EXAMPLE.other, data_type: 'api_call_metadata', state: 'certified', rows_due: 9, rows_done: 9, certified: true }] } },
    run: async ({ app, params }) => {
      const [found] = await app.retention.erasures({ erasureId: params.erasure_id });
      return found ? { ...tell(found), runs: jsonAnswer(await erasureProgress(app, found.erasureId)) } : noErasure;
    },
  }),
  defineRoute({
    method: 'post', path: '/erasures/{erasure_id}/cancel', id: 'cancelErasure', tag: 'purges', summary: 'Cancel an erasure that has not begun', permission: 'purges.run', refusals: ['conflict'], params: schemas.params, body: schemas.cancelInput, answer: schemas.controlled,
    description: 'Nothing was erased, and the restriction is lifted.', example: { body: { reason: 'not the person' }, answer: { erasure_id: EXAMPLE.id, state: 'cancelled' } },
    run: async (input) => {
      const answer = await change(input, (tx) => input.app.retention.cancelErasure(tx, input.params.erasure_id, input.body.reason));
      return isRefusal(answer) ? answer : { erasure_id: input.params.erasure_id, state: answer.state };
    },
  }),
];

function tell(one: Parameters<typeof tellErasure>[0]): Told {
  const { told, outcome } = tellErasure(one);
  return { ...jsonAnswer(told), outcome: outcome as Told['outcome'] };
}

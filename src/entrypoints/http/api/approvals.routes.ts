// Approvals: what one person asked for and another decides.
import { z } from 'zod';
import { APPROVAL_STATES } from '../../../domain/security/index.js';
import { isRefusal, refuse } from '../../../kernel/result.js';
import { describeApproval, enqueueApproved } from '../../views/approvals.js';
import { change, defineRoute } from './define-route.js';
import { EXAMPLE } from './examples.js';
import { hex, instant, reason, text, uuid } from './fields.schemas.js';

const approval = z.object({
  approval_id: uuid, action: z.string(), subject_kind: z.string(), subject_id: z.string(), proposal: z.record(z.string(), z.unknown()).describe('Exactly what would be done'),
  preview: z.record(z.string(), z.unknown()).describe('The numbers who asked saw'), digest: hex.describe('SHA-256 of action, subject, proposal and preview as RFC 8785 text'), reason: z.string().nullable(),
  state: z.enum(APPROVAL_STATES), requested_by: z.string(), requested_at: instant, expires_at: instant, decided_by: z.string().nullable(), decided_at: instant.nullable(), decision_reason: z.string().nullable(),
}).meta({ id: 'Approval' });
const params = z.strictObject({ approval_id: uuid });
const example = {
  approval_id: EXAMPLE.id, action: 'hold.release', subject_kind: 'hold', subject_id: EXAMPLE.other, proposal: { matter: 'Dispute 2026-17' }, preview: { calls: '12' }, digest: EXAMPLE.hash, reason: 'settled', state: 'pending' as const,
  requested_by: 'Ada', requested_at: EXAMPLE.at, expires_at: EXAMPLE.later, decided_by: null, decided_at: null, decision_reason: null,
};

export const approvalsRoutes = [
  defineRoute({
    method: 'get', path: '/approvals', id: 'listApprovals', tag: 'approvals', summary: 'Requests, newest first', permission: 'approvals.read',
    query: z.strictObject({ state: z.enum(APPROVAL_STATES).optional(), subject: text(200).optional() }), answer: z.object({ data: z.array(approval) }), example: { answer: { data: [example] } },
    run: async ({ app, query }) => ({ data: (await app.security.approvals({ state: query.state, subjectId: query.subject, limit: 500 })).map(describeApproval) }),
  }),
  defineRoute({
    method: 'get', path: '/approvals/{approval_id}', id: 'readApproval', tag: 'approvals', summary: 'One request', permission: 'approvals.read', params, answer: approval, example: { answer: example },
    run: async ({ app, params: { approval_id: id } }) => {
      const found = await app.security.approval(id);
      return found ? describeApproval(found) : refuse('not_found', 'there is no such approval', 'params.approval_id');
    },
  }),
  defineRoute({
    method: 'post', path: '/approvals/{approval_id}/approve', id: 'approve', tag: 'approvals', summary: 'Approve what the digest names, and carry it out', permission: 'approvals.decide',
    description: 'By another than who asked; not with a token that the asker issued.', refusals: ['four_eyes_required', 'conflict', 'not_found', 'confirmation_required'], params,
    body: z.strictObject({ digest: hex, reason: reason.optional() }), answer: approval, example: { body: { digest: EXAMPLE.hash }, answer: { ...example, state: 'approved', decided_by: 'Grace', decided_at: EXAMPLE.later } },
    run: async (input) => {
      const answer = await change(input, (tx) => input.app.security.approve(tx, input.params.approval_id, input.body.digest, input.body.reason));
      if (isRefusal(answer)) return answer;
      enqueueApproved(input.app, answer);
      return describeApproval(answer);
    },
  }),
  defineRoute({
    method: 'post', path: '/approvals/{approval_id}/reject', id: 'reject', tag: 'approvals', summary: 'Reject a request', permission: 'approvals.decide', refusals: ['conflict', 'not_found'], params,
    body: z.strictObject({ reason }), answer: approval, example: { body: { reason: 'the case is still open' }, answer: { ...example, state: 'rejected', decided_by: 'Grace', decided_at: EXAMPLE.later, decision_reason: 'the case is still open' } },
    run: async (input) => {
      const answer = await change(input, (tx) => input.app.security.reject(tx, input.params.approval_id, input.body.reason));
      return isRefusal(answer) ? answer : describeApproval(answer);
    },
  }),
  defineRoute({
    method: 'post', path: '/approvals/{approval_id}/withdraw', id: 'withdrawApproval', tag: 'approvals', summary: 'Withdraw a request', permission: 'approvals.read',
    description: 'By who asked, or by a compliance officer.', refusals: ['conflict', 'not_found'], params, body: z.strictObject({ reason }), answer: approval,
    example: { body: { reason: 'asked by mistake' }, answer: { ...example, state: 'withdrawn', decided_by: 'Ada', decided_at: EXAMPLE.later, decision_reason: 'asked by mistake' } },
    run: async (input) => {
      const answer = await change(input, (tx) => input.app.security.withdrawApproval(tx, input.params.approval_id, input.body.reason));
      return isRefusal(answer) ? answer : describeApproval(answer);
    },
  }),
];

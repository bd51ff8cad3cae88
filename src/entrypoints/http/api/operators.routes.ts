// People who use the console, and tokens of this API.
import { z } from 'zod';
import { change, defineRoute } from './define-route.js';
import { EXAMPLE } from './examples.js';
import { changed, count, exampleChanged, instant, reason, roles, text, uuid } from './fields.schemas.js';
import { answerOf, jsonAnswer } from './json-answer.js';

export const operator = z.object({
  operator_id: uuid, email: z.string(), name: z.string(), roles, status: z.enum(['active', 'disabled']), failed_logins: count, locked_until: instant.nullable().describe('May lie in the past'), created_at: instant,
}).meta({ id: 'Operator' });
const token = z.object({ token_id: uuid, name: z.string(), roles, status: z.enum(['active', 'revoked']), created_at: instant }).meta({ id: 'Token' });
const operatorParams = z.strictObject({ operator_id: uuid });
const password = z.string().min(1).max(200);
const secret = z.string().min(8).max(256).optional().describe('Brought along; unset: a random one');

const operators = [
  defineRoute({
    method: 'get', path: '/operators', id: 'listOperators', tag: 'operators', summary: 'Operators', permission: 'operators.read', answer: z.object({ data: z.array(operator) }),
    example: { answer: { data: [{ operator_id: EXAMPLE.id, email: 'ada@example.com', name: 'Ada', roles: ['compliance_officer'], status: 'active', failed_logins: 0, locked_until: null, created_at: EXAMPLE.at }] } },
    run: async ({ app }) => ({ data: jsonAnswer(await app.security.operators()) }),
  }),
  defineRoute({
    method: 'post', path: '/operators', id: 'createOperator', tag: 'operators', summary: 'Create an operator', permission: 'operators.write', status: 201, refusals: ['conflict'],
    body: z.strictObject({ email: text(254), name: text(120), password, roles }), answer: z.object({ operator_id: uuid }),
    example: { body: { email: 'ada@example.com', name: 'Ada', password: 'a long sentence of yours', roles: ['compliance_officer'] }, answer: { operator_id: EXAMPLE.id } },
    run: async (input) => answerOf(await change(input, (tx) => input.app.security.createOperator(tx, input.body))),
  }),
  defineRoute({
    method: 'post', path: '/operators/{operator_id}/disable', id: 'disableOperator', tag: 'operators', summary: 'Disable an operator; ends every session', permission: 'operators.write',
    refusals: ['conflict'], params: operatorParams, body: z.strictObject({ reason }), answer: changed, example: exampleChanged('left the company'),
    run: async (input) => answerOf(await change(input, (tx) => input.app.security.disableOperator(tx, input.params.operator_id, input.body.reason))),
  }),
  defineRoute({
    method: 'post', path: '/operators/{operator_id}/enable', id: 'enableOperator', tag: 'operators', summary: 'Enable an operator again', permission: 'operators.write',
    refusals: ['conflict'], params: operatorParams, body: z.strictObject({ reason }), answer: changed, example: exampleChanged('back from leave'),
    run: async (input) => answerOf(await change(input, (tx) => input.app.security.enableOperator(tx, input.params.operator_id, input.body.reason))),
  }),
  defineRoute({
    method: 'post', path: '/operators/{operator_id}/roles', id: 'setOperatorRoles', tag: 'operators', summary: 'Give an operator other roles', permission: 'operators.write',
    refusals: ['conflict'], params: operatorParams, body: z.strictObject({ roles, reason }), answer: changed,
    example: { body: { roles: ['auditor'], reason: 'new duties' }, answer: { changed: true } },
    run: async (input) => answerOf(await change(input, (tx) => input.app.security.setRoles(tx, input.params.operator_id, input.body.roles, input.body.reason))),
  }),
  defineRoute({
    method: 'post', path: '/operators/{operator_id}/password', id: 'resetPassword', tag: 'operators', summary: 'Set a new password and end a lock', permission: 'operators.write',
    params: operatorParams, body: z.strictObject({ password }), answer: changed, example: { body: { password: 'another long sentence' }, answer: { changed: true } },
    run: async (input) => answerOf(await change(input, (tx) => input.app.security.resetPassword(tx, input.params.operator_id, input.body.password))),
  }),
];

const tokens = [
  defineRoute({
    method: 'get', path: '/tokens', id: 'listTokens', tag: 'operators', summary: 'Tokens of this API, without their secrets', permission: 'operators.read', answer: z.object({ data: z.array(token) }),
    example: { answer: { data: [{ token_id: EXAMPLE.id, name: 'billing export', roles: ['support_agent'], status: 'active', created_at: EXAMPLE.at }] } },
    run: async ({ app }) => ({ data: jsonAnswer(await app.security.tokens()) }),
  }),
  defineRoute({
    method: 'post', path: '/tokens', id: 'issueToken', tag: 'operators', summary: 'Issue a token', permission: 'tokens.write', status: 201, refusals: ['conflict'],
    description: 'It gets at most the roles of who issues it. The secret is told once.', body: z.strictObject({ name: text(120), roles, secret }),
    answer: z.object({ token_id: uuid, secret: z.string() }), example: { body: { name: 'billing export', roles: ['support_agent'] }, answer: { token_id: EXAMPLE.id, secret: 'hft_…' } },
    run: async (input) => answerOf(await change(input, (tx) => input.app.security.issueToken(tx, input.body))),
  }),
  defineRoute({
    method: 'post', path: '/tokens/{token_id}/revoke', id: 'revokeToken', tag: 'operators', summary: 'Revoke a token for good', permission: 'tokens.write',
    params: z.strictObject({ token_id: uuid }), body: z.strictObject({ reason }), answer: changed, example: exampleChanged('replaced'),
    run: async (input) => answerOf(await change(input, (tx) => input.app.security.revokeToken(tx, input.params.token_id, input.body.reason))),
  }),
];

export const operatorsRoutes = [...operators, ...tokens];

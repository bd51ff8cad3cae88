// Cases of each kind as lists and records; every move the data knows is a named action, its form made from its fields.
import { z } from 'zod';
import { MACHINES, possibleMoves, type CaseKind, type FieldRule } from '../../../domain/cases/index.js';
import type { Json } from '../../../kernel/canonical-json.js';
import { isRefusal, refuse } from '../../../kernel/result.js';
import type { ResourceDefinition } from '../access.js';
import { packAction } from './case-pack.action.js';
import { consoleAction, type ConsoleAction, type Field } from '../console-action.js';
import { casesOf, disclosures } from '../views/cases.view.js';
import type { Row } from '../views/read-model.view.js';
import { text } from './form-fields.js';
import { matrixLines } from './match-lines.js';

/** What a form sends; the rules of the case check it. */
const anything = z.record(z.string(), z.unknown());

function fieldOf(rule: FieldRule): Field {
  const type = rule.type === 'instant' || rule.type === 'country' ? 'text' : rule.type;
  return { name: rule.name, type, ...(rule.required ? { required: true } : {}), ...(rule.values ? { values: rule.values } : {}), ...(type === 'area' ? { max: 4_000 } : {}), ...(rule.name === 'pack_sha256' ? { from: 'newest_pack' } : {}) };
}

function openAction(kind: CaseKind): ConsoleAction {
  const machine = MACHINES[kind];
  return consoleAction({
    name: 'open', on: 'resource', permission: machine.open,
    fields: [...(kind === 'dispute' ? [{ name: 'request_ids', type: 'text' as const, required: true }] : [{ name: 'case_account', type: 'text' as const }]), ...machine.openFields.map(fieldOf)],
    schema: anything,
    run: async ({ app, actor, payload: { request_ids: ids, case_account: account, ...facts } }) => {
      const requestIds = typeof ids === 'string' ? ids.split(/[\s,]+/).filter((id) => id !== '') : [];
      const answer = await app.act(actor, (tx) => app.cases.openCase(tx, { kind, facts, requestIds, ...(typeof account === 'string' && account.trim() !== '' ? { accountId: account.trim() } : {}) }));
      return isRefusal(answer) ? answer : { refresh: answer.caseId, show: { number: answer.number, ...(answer.holdId === null ? {} : { hold_id: answer.holdId }) } };
    },
  });
}

function linkAction(kind: CaseKind): ConsoleAction {
  return consoleAction({
    name: 'link', on: 'record', permission: MACHINES[kind].open, when: (record) => record['ended_at'] === null, schema: anything,
    fields: [{ name: 'case_account', type: 'text' }, { name: 'request_ids', type: 'text' }],
    run: async ({ app, actor, recordId, payload: { request_ids: ids, case_account: account } }) => {
      const requestIds = typeof ids === 'string' ? ids.split(/[\s,]+/).filter((id) => id !== '') : [];
      const answer = await app.act(actor, (tx) => app.cases.linkCase(tx, recordId, { requestIds, ...(typeof account === 'string' && account.trim() !== '' ? { accountId: account.trim() } : {}) }));
      return isRefusal(answer) ? answer : {};
    },
  });
}

/** Of disputes: the payment it is about, and how it stands against earlier ones. */
const paymentActions: readonly ConsoleAction[] = [consoleAction({
  name: 'linkPayment', on: 'record', permission: 'disputes.work', when: (record) => record['ended_at'] === null, fields: [{ name: 'payment', type: 'text', required: true }], schema: z.strictObject({ payment: text(200) }),
  run: async ({ app, actor, recordId, payload }) => { const answer = await app.act(actor, (tx) => app.cases.linkPayment(tx, recordId, payload.payment)); return isRefusal(answer) ? answer : {}; },
}), consoleAction({
  name: 'matchPayment', on: 'record', permission: 'disputes.read', fields: [], schema: z.strictObject({}),
  run: async ({ app, actor, recordId }) => {
    const [payment] = (await app.cases.casePayments(recordId)).slice(-1), matrix = payment === undefined ? undefined : await app.billing.matchPayment(payment);
    if (!matrix || payment === undefined) return refuse('conflict', 'say which payment the dispute is about first');
    await app.act(actor, (tx) => app.ledger.append(tx, { action: 'payment.match', subjectKind: 'payment', subjectId: payment, purpose: 'dispute_resolution' }));
    return { show: matrixLines(matrix) };
  },
})];

function moveActions(kind: CaseKind): ConsoleAction[] {
  const machine = MACHINES[kind];
  return machine.moves.map((move) => consoleAction({
    name: move.name, on: 'record', permission: move.permission, fields: move.fields.map(fieldOf), schema: anything, ...(move.grave ? { grave: true } : {}),
    when: (record) => possibleMoves(machine, { state: String(record['state']), facts: factsOf(record) }).includes(move),
    run: async ({ app, actor, recordId, payload }) => {
      const answer = await app.act(actor, (tx) => app.cases.moveCase(tx, recordId, move.name, payload));
      if (isRefusal(answer)) return answer;
      const show = { ...answer.effects } as Record<string, Json>;
      return Object.keys(show).length === 0 ? {} : { show: Object.fromEntries(Object.entries(show).map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : value])) };
    },
  }));
}

/** The facts `where` asks for; a record of the console has them as columns, checks as text. */
function factsOf(record: Row): Record<string, string> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => typeof value === 'string' || typeof value === 'boolean').map(([name, value]) => [name, String(value)]));
}

const caseResource = (kind: CaseKind, icon: string): ResourceDefinition => ({
  model: casesOf(kind), group: 'cases', icon, read: MACHINES[kind].read, viewed: { action: 'case.view', subject: 'case', purpose: MACHINES[kind].purpose },
  actions: [openAction(kind), ...moveActions(kind), packAction(kind), linkAction(kind), ...(kind === 'dispute' ? paymentActions : [])],
});

export const disputesResource = caseResource('dispute', 'MessageCircle');
export const lawfulRequestsResource = caseResource('lawful_request', 'Shield');
export const subjectRequestsResource = caseResource('subject_request', 'User');
export const disclosuresResource: ResourceDefinition = { model: disclosures, group: 'cases', icon: 'BookOpen', read: 'lawful.read' };

// People who work on cases, and short ways to walk one.
import type { App } from '../../src/app.js';
import type { CaseKind, MovedCase, OpenedCase } from '../../src/domain/cases/index.js';
import type { Actor, Role } from '../../src/kernel/actor.js';
import type { Refusal } from '../../src/kernel/result.js';
import { ok } from './registry.js';

/** Operators by name: not in the database, which cases do not ask. */
export const operator = (name: string, ...roles: Role[]): Actor => ({ kind: 'operator', id: `00000000-0000-7000-8000-${Buffer.from(name).toString('hex').padEnd(12, '0').slice(0, 12)}`, name, roles });
export const ADA = operator('Ada', 'compliance_officer'), BEN = operator('Ben', 'approver'), CEM = operator('Cem', 'approver'), SUE = operator('Sue', 'support_agent'), AUDREY = operator('Audrey', 'auditor'), OTTO = operator('Otto', 'compliance_officer');

export const LAWFUL = { authority: 'Staatsanwaltschaft Berlin', country: 'DE', instrument_type: 'production_order', reference: '231 Js 17/26', channel: 'post', served_on: '2026-11-20', regime: 'other', asked_for: 'Who called on 3 November?' };
export const SUBJECT = { right: 'access', law: 'gdpr', subject: 'Erika Muster', subject_contact: 'erika@example.test', channel: 'e_mail', asked_for: 'Everything about me.' };
export const DISPUTE = { topic: 'billing', complaint: 'This call was charged twice.' };

export function walkerOf(app: () => App) {
  return {
    open: async (actor: Actor, kind: CaseKind, facts: object, more: { accountId?: string; requestIds?: readonly string[] } = {}): Promise<OpenedCase> =>
      ok(await app().act(actor, (tx) => app().cases.openCase(tx, { kind, facts: facts as Record<string, unknown>, ...more }))),
    /** The answer, refusals included. */
    move: (actor: Actor, caseId: string, move: string, fields: object = {}): Promise<MovedCase | Refusal> => app().act(actor, (tx) => app().cases.moveCase(tx, caseId, move, fields as Record<string, unknown>)),
    /** Makes every move; throws at the first refusal. Answers the last state. */
    go: async (caseId: string, steps: readonly (readonly [Actor, string, object?])[]): Promise<string> => {
      let state = '';
      for (const [actor, move, fields] of steps) state = ok(await app().act(actor, (tx) => app().cases.moveCase(tx, caseId, move, (fields ?? {}) as Record<string, unknown>))).state;
      return state;
    },
    file: async (actor: Actor, caseId: string, role: 'instrument' | 'identity' = 'instrument', text = '%PDF-1.7 order'): Promise<string> =>
      ok(await app().cases.attachFile(actor, caseId, { role, name: 'order.pdf', mediaType: 'application/pdf', bytes: Buffer.from(text) })).fileId,
  };
}

/** From intake to the word to release, by Ada with Ben and Cem. */
export const TO_RELEASE = [
  [ADA, 'complete_intake'], [ADA, 'confirm_authenticity', { checked_by: 'call_back', contact: '+49 30 9014 0', officer: 'StA Example' }], [ADA, 'pass_jurisdiction', { entity_served: 'Example GmbH', holding_country: 'DE' }],
  [ADA, 'narrow', { asked_on: '2026-11-21', narrowing: 'one day instead of a year' }],
  [ADA, 'propose_scope', { legal_basis: '§ 95 StPO', data_types: ['api_call_metadata', 'third_party_call_records'], period_from: '2026-11-01', period_to: '2026-11-30' }],
  [BEN, 'approve_counsel'], [CEM, 'approve_second'], [ADA, 'collect'], [ADA, 'minimise', { taken_out: 'nothing beyond the scope was there' }], [BEN, 'approve_release'],
] as const;

// A request of the person the data is about: access, portability, correction, erasure. Erasure has two phases, with a report and a wait between them.
import type { CaseMachine, FieldRule } from '../machine.js';

const WHY: readonly FieldRule[] = [{ name: 'reason', type: 'area', required: true }];
const NOTE: readonly FieldRule[] = [{ name: 'note', type: 'area' }];
const TYPES = ['account_information', 'api_call_metadata', 'payment_records', 'security_logs', 'third_party_call_records'] as const;
const ERASURE = { field: 'right', in: ['erasure'] }, NOT_ERASURE = { field: 'right', in: ['access', 'portability', 'correction'] };
const UNDER_WAY = ['registered', 'identity', 'scoping', 'collecting', 'review', 'approval_1', 'refusal_approval', 'hold_check', 'cooling_off', 'executing', 'counting', 'responding'];

export const SUBJECT_REQUEST: CaseMachine = {
  kind: 'subject_request', letter: 'S', purpose: 'compliance_retention', read: 'subjects.read', open: 'subjects.work',
  // A hold would keep what is to be erased; for the others it keeps what is to be handed over.
  holdAtOpen: { unless: { field: 'right', in: ['erasure', 'correction'] } },
  openFields: [
    { name: 'right', type: 'choice', required: true, values: ['access', 'portability', 'correction', 'erasure'] }, { name: 'law', type: 'choice', required: true, values: ['gdpr', 'ccpa', 'pipl', 'other'] },
    { name: 'subject', type: 'text', required: true }, { name: 'subject_contact', type: 'text', required: true }, { name: 'channel', type: 'choice', required: true, values: ['e_mail', 'portal', 'post', 'phone'] },
    { name: 'received_at', type: 'instant', when: 'past' }, { name: 'asked_for', type: 'area', required: true },
  ],
  states: {
    registered: 'on record', identity: 'is it the person?', scoping: 'what is meant?', collecting: 'may be collected', review: 'an answer is being prepared', approval_1: 'the answer waits for a second person',
    refusal_approval: 'a refusal waits for a second person', hold_check: 'erasure: restricted at once; what floors and holds forbid is to be found', cooling_off: 'erasure: the report is with the person, nothing is erased yet',
    executing: 'erasure: approved by another person, may be carried out', counting: 'erasure: purge runs take what may go; what stays is told once they are over', responding: 'the answer may be sent',
    closed: 'answered', refused: 'refused', unverified: 'the person could not be verified', withdrawn: 'taken back', duplicate: 'the same as another case',
  },
  initial: 'registered', ends: ['closed', 'refused', 'unverified', 'withdrawn', 'duplicate'],
  moves: [
    { name: 'acknowledge', from: ['registered'], to: 'identity', permission: 'subjects.work', fields: [{ name: 'told_on', type: 'day', required: true, when: 'past' }] },
    { name: 'ask_identity', from: ['identity'], permission: 'subjects.work', fields: [{ name: 'identity_asked', type: 'area', required: true }, { name: 'asked_on', type: 'day', required: true, when: 'past' }] },
    { name: 'verify_identity', from: ['identity'], to: 'scoping', permission: 'subjects.work', effects: ['destroy_identity_files'],
      fields: [{ name: 'identity_tier', type: 'choice', required: true, values: ['session_reauthenticated', 'e_mail_and_two_facts', 'document'] }, { name: 'identity_evidence', type: 'text', required: true }] },
    { name: 'fail_identity', from: ['identity'], to: 'unverified', permission: 'subjects.work', grave: true, effects: ['destroy_identity_files'], fields: WHY },
    { name: 'clarify', from: ['scoping'], permission: 'subjects.work', fields: [{ name: 'clarification', type: 'area', required: true }, { name: 'asked_on', type: 'day', required: true, when: 'past' }] },
    { name: 'set_scope', from: ['scoping'], to: 'collecting', permission: 'subjects.work', needs: ['account_known'],
      fields: [{ name: 'data_types', type: 'choices', required: true, values: TYPES },
        { name: 'period_from', type: 'day', when: 'past' }, { name: 'period_to', type: 'day' }] },
    // An end user of the customer: the sessions his calls bear. The account and what says nothing of a session stays.
    { name: 'name_sessions', from: ['collecting'], permission: 'subjects.work', where: [ERASURE], fields: [{ name: 'sessions', type: 'area', required: true }] },
    { name: 'collect', from: ['collecting'], to: 'review', permission: 'subjects.work', effects: ['collect'], fields: NOTE },
    { name: 'collect_again', from: ['review'], to: 'collecting', permission: 'subjects.work', fields: WHY },
    { name: 'propose_answer', from: ['review'], to: 'approval_1', permission: 'subjects.work',
      fields: [{ name: 'answer', type: 'choice', required: true, values: ['whole', 'partial'] }, { name: 'refused_part', type: 'area', requiredWhen: { field: 'answer', in: ['partial'] } },
        { name: 'refusal_ground', type: 'choice', requiredWhen: { field: 'answer', in: ['partial'] }, values: ['rights_of_others', 'legal_obligation', 'legal_claims', 'no_such_data'] },
        { name: 'refused_types', type: 'choices', values: TYPES }, { name: 'taken_out', type: 'area' }] },
    { name: 'approve_answer', from: ['approval_1'], to: 'responding', permission: 'cases.approve', approval: true, where: [NOT_ERASURE], notBy: ['collect', 'propose_answer'], fields: NOTE },
    { name: 'approve_erasure_report', from: ['approval_1'], to: 'hold_check', permission: 'cases.approve', approval: true, where: [ERASURE], notBy: ['collect', 'propose_answer'], effects: ['restrict_subject'], fields: NOTE },
    { name: 'return_answer', from: ['approval_1'], to: 'review', permission: 'cases.approve', fields: WHY },
    { name: 'propose_refusal', from: ['scoping', 'collecting', 'review'], to: 'refusal_approval', permission: 'subjects.work',
      fields: [{ name: 'refusal_ground', type: 'choice', required: true, values: ['manifestly_unfounded', 'excessive', 'legal_obligation', 'legal_claims', 'rights_of_others', 'no_such_data'] }, { name: 'reason', type: 'area', required: true }] },
    { name: 'approve_refusal', from: ['refusal_approval'], to: 'refused', permission: 'cases.approve', approval: true, grave: true, notBy: ['propose_refusal'], fields: [{ name: 'told_on', type: 'day', required: true, when: 'past' }] },
    { name: 'return_refusal', from: ['refusal_approval'], to: 'scoping', permission: 'cases.approve', fields: WHY },
    { name: 'check_holds', from: ['hold_check'], to: 'cooling_off', permission: 'subjects.work', effects: ['preview_erasure'], starts: 'cooling_off', fields: [{ name: 'report_sent_on', type: 'day', required: true, when: 'past' }] },
    { name: 'approve_erasure', from: ['cooling_off'], to: 'executing', permission: 'cases.approve', approval: true, grave: true, needs: ['cooling_off_over'], where: [ERASURE],
      notBy: ['open', 'collect', 'propose_answer', 'check_holds', 'approve_erasure_report', 'execute_erasure'], effects: ['approve_erasure_run'], fields: NOTE },
    { name: 'execute_erasure', from: ['executing'], to: 'counting', permission: 'subjects.work', grave: true, where: [ERASURE], notBy: ['approve_erasure'], effects: ['start_erasure'], fields: NOTE },
    { name: 'verify_erasure', from: ['counting'], to: 'responding', permission: 'subjects.work', effects: ['conclude_erasure'], fields: [{ name: 'third_parties_told', type: 'area', required: true }, { name: 'backups', type: 'area', required: true }] },
    { name: 'respond', from: ['responding'], to: 'closed', permission: 'subjects.work', grave: true, fields: [{ name: 'sent_on', type: 'day', required: true, when: 'past' }, { name: 'sent_how', type: 'text', required: true }] },
    { name: 'extend', from: UNDER_WAY, permission: 'subjects.work', needs: ['extension_unused'], extends: 'answer', fields: [{ name: 'reason', type: 'area', required: true }, { name: 'told_on', type: 'day', required: true, when: 'past' }] },
    { name: 'mark_duplicate', from: ['registered', 'identity'], to: 'duplicate', permission: 'subjects.work', fields: [{ name: 'duplicate_of', type: 'text', required: true }] },
    { name: 'withdraw', from: UNDER_WAY.filter((state) => !['counting', 'responding'].includes(state)), to: 'withdrawn', permission: 'subjects.work', grave: true, effects: ['lift_restriction'], fields: WHY },
  ],
  clocks: [
    { name: 'acknowledgement', starts: 'open', stoppedBy: ['acknowledge', 'mark_duplicate'], presets: [
      { id: 'ccpa-acknowledge', match: [{ field: 'law', in: ['ccpa'] }], due: 'B10', amber: 'B5', red: 'B8', source: '11 CCR 7021(a): 10 business days' },
      { id: 'acknowledge-house', due: 'B5', amber: 'B3', red: 'B4', source: 'house target' },
    ] },
    // Runs from the receipt; verification does not stop it.
    { name: 'answer', starts: 'open', stoppedBy: ['respond', 'approve_refusal', 'fail_identity', 'mark_duplicate', 'withdraw'], presets: [
      { id: 'gdpr-answer', match: [{ field: 'law', in: ['gdpr'] }], due: 'P1M', amber: 'P20D', red: 'P25D', extension: 'P2M', source: 'GDPR art. 12(3): one month, + two when told within the first' },
      { id: 'ccpa-answer', match: [{ field: 'law', in: ['ccpa'] }], due: 'P45D', amber: 'P30D', red: 'P40D', extension: 'P45D', source: '11 CCR 7021(b): 45 days from receipt, + 45 with notice' },
      { id: 'pipl-answer', match: [{ field: 'law', in: ['pipl'] }], due: 'B15', amber: 'B10', red: 'B13', source: 'PIPL art. 50 "timely"; house target 15 working days (GB/T 35273: 30 days, r)' },
      { id: 'subject-house', due: 'P30D', amber: 'P20D', red: 'P25D', extension: 'P30D', source: 'house target' },
    ] },
    { name: 'cooling_off', starts: 'move', stoppedBy: ['approve_erasure'], presets: [
      { id: 'erasure-cooling-off', due: 'P7D', amber: 'P7D', red: 'P7D', source: 'house rule: nothing is erased before' },
    ] },
  ],
};

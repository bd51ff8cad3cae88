// A request of an authority: from the instrument to the notice. Two approvers who are neither preparer nor extractor, and a third word before anything leaves.
import type { CaseMachine, FieldRule } from '../machine.js';

const WHY: readonly FieldRule[] = [{ name: 'reason', type: 'area', required: true }];
const NOTE: readonly FieldRule[] = [{ name: 'note', type: 'area' }];
/** What approvers approve; nobody approves his own. */
const PREPARATION = ['open', 'complete_intake', 'confirm_authenticity', 'pass_jurisdiction', 'preserve', 'narrow', 'challenge', 'propose_scope'];
const EXTRACTION = ['collect', 'minimise'];
const EMERGENCY = { field: 'emergency_lane', in: ['true'] }, ORDINARY = { field: 'emergency_lane', in: ['false'] };

export const LAWFUL_REQUEST: CaseMachine = {
  kind: 'lawful_request', letter: 'L', purpose: 'lawful_cooperation', read: 'lawful.read', open: 'lawful.work', holdAtOpen: true,
  openFields: [
    { name: 'authority', type: 'text', required: true }, { name: 'country', type: 'country', required: true },
    { name: 'instrument_type', type: 'choice', required: true, values: ['subpoena', 'court_order', 'search_warrant', 'production_order', 'preservation_request', 'emergency_request', 'national_security', 'other'] },
    { name: 'reference', type: 'text', required: true }, { name: 'channel', type: 'choice', required: true, values: ['post', 'e_mail', 'portal', 'in_person', 'fax'] },
    { name: 'served_on', type: 'day', required: true, when: 'past' }, { name: 'received_at', type: 'instant', when: 'past' }, { name: 'due_on', type: 'day', when: 'future' },
    { name: 'regime', type: 'choice', required: true, values: ['eu_e_evidence', 'us_sca', 'other'] }, { name: 'emergency', type: 'check' }, { name: 'asked_for', type: 'area', required: true },
  ],
  states: {
    intake: 'on record; the instrument is to be filed', authenticity: 'is it really from the authority?', jurisdiction: 'may it be answered from here?', review: 'valid, specific, not too broad?',
    preserved: 'held for the authority, nothing handed over', challenged: 'contested before the authority or a court', approval_1: 'waits for counsel', approval_2: 'waits for a second approver',
    collecting: 'may be collected', minimising: 'collected; what was not asked for is taken out', release_approval: 'waits for the word to release', releasing: 'may be handed over', delivered: 'handed over, receipt awaited',
    post_approval_1: 'emergency: waits for counsel afterwards', post_approval_2: 'emergency: waits for a second approver afterwards', irregular: 'an emergency release that was not approved afterwards', notice: 'is the user to be told?',
    notice_due: 'telling the user is delayed', closed: 'over', rejected: 'not answered', lapsed: 'preservation ended without process', withdrawn: 'taken back by the authority',
  },
  initial: 'intake', ends: ['closed', 'rejected', 'lapsed', 'withdrawn'],
  moves: [
    { name: 'complete_intake', from: ['intake'], to: 'authenticity', permission: 'lawful.work', needs: ['instrument_on_file'], fields: NOTE },
    { name: 'confirm_authenticity', from: ['authenticity'], to: 'jurisdiction', permission: 'lawful.work',
      fields: [{ name: 'checked_by', type: 'choice', required: true, values: ['call_back', 'known_domain', 'portal_identity', 'court_register', 'in_person_identity'] }, { name: 'contact', type: 'text', required: true }, { name: 'officer', type: 'text', required: true }] },
    { name: 'fail_authenticity', from: ['authenticity'], to: 'rejected', permission: 'lawful.work', grave: true, fields: WHY },
    { name: 'pass_jurisdiction', from: ['jurisdiction'], to: 'review', permission: 'lawful.work', needs: ['statutes_answered'],
      fields: [{ name: 'entity_served', type: 'text', required: true }, { name: 'holding_country', type: 'country', required: true }, { name: 'statutes', type: 'text' },
        { name: 'statute_ground', type: 'choice', values: ['authority_approval', 'international_agreement', 'domestic_order', 'no_protected_data'] }, { name: 'statute_reference', type: 'text' }] },
    { name: 'block', from: ['jurisdiction'], to: 'rejected', permission: 'lawful.work', grave: true, fields: WHY },
    { name: 'narrow', from: ['review'], permission: 'lawful.work', fields: [{ name: 'asked_on', type: 'day', required: true, when: 'past' }, { name: 'narrowing', type: 'area', required: true }] },
    { name: 'preserve', from: ['review'], to: 'preserved', permission: 'lawful.work', needs: ['account_known'], effects: ['place_hold'], starts: 'preservation', fields: NOTE },
    { name: 'extend_preservation', from: ['preserved'], permission: 'lawful.work', needs: ['extension_unused'], extends: 'preservation', fields: WHY },
    { name: 'follow_up_arrives', from: ['preserved'], to: 'review', permission: 'lawful.work', fields: [{ name: 'reference', type: 'text', required: true }, { name: 'served_on', type: 'day', required: true, when: 'past' }] },
    { name: 'let_lapse', from: ['preserved'], to: 'lapsed', permission: 'lawful.work', grave: true, fields: WHY },
    { name: 'challenge', from: ['review'], to: 'challenged', permission: 'lawful.work', fields: [{ name: 'ground', type: 'area', required: true }, { name: 'filed_on', type: 'day', required: true, when: 'past' }] },
    { name: 'challenge_upheld', from: ['challenged'], to: 'rejected', permission: 'lawful.work', grave: true, fields: WHY },
    { name: 'challenge_dismissed', from: ['challenged'], to: 'review', permission: 'lawful.work', fields: WHY },
    { name: 'reject', from: ['review'], to: 'rejected', permission: 'lawful.work', grave: true, fields: WHY },
    { name: 'propose_scope', from: ['review'], to: 'approval_1', permission: 'lawful.work', needs: ['account_known'], effects: ['place_hold'],
      fields: [{ name: 'legal_basis', type: 'area', required: true }, { name: 'data_types', type: 'choices', required: true, values: ['account_information', 'api_call_metadata', 'payment_records', 'security_logs', 'third_party_call_records'] },
        { name: 'period_from', type: 'day', required: true, when: 'past' }, { name: 'period_to', type: 'day', required: true }, { name: 'left_out', type: 'area' }] },
    { name: 'approve_counsel', from: ['approval_1'], to: 'approval_2', permission: 'cases.approve', approval: true, notBy: [...PREPARATION, ...EXTRACTION, 'approve_second'], fields: NOTE },
    { name: 'approve_second', from: ['approval_2'], to: 'collecting', permission: 'cases.approve', approval: true, notBy: [...PREPARATION, ...EXTRACTION, 'approve_counsel'], fields: NOTE },
    { name: 'return_scope', from: ['approval_1', 'approval_2'], to: 'review', permission: 'cases.approve', fields: WHY },
    { name: 'authorise_emergency', from: ['review'], to: 'collecting', permission: 'lawful.work', grave: true, where: [{ field: 'emergency', in: ['true'] }], needs: ['account_known'], effects: ['place_hold'], sets: { emergency_lane: true }, starts: 'emergency_approval',
      fields: [{ name: 'danger', type: 'area', required: true }, { name: 'legal_basis', type: 'area', required: true }, { name: 'data_types', type: 'choices', required: true, values: ['account_information', 'api_call_metadata', 'payment_records', 'security_logs', 'third_party_call_records'] },
        { name: 'period_from', type: 'day', required: true, when: 'past' }, { name: 'period_to', type: 'day', required: true }] },
    { name: 'collect', from: ['collecting'], to: 'minimising', permission: 'lawful.work', notBy: ['approve_counsel', 'approve_second', 'approve_post_1', 'approve_post_2'], effects: ['collect'], fields: NOTE },
    { name: 'collect_again', from: ['minimising'], to: 'collecting', permission: 'lawful.work', fields: WHY },
    { name: 'minimise', from: ['minimising'], to: 'release_approval', permission: 'lawful.work', notBy: ['approve_counsel', 'approve_second', 'approve_post_1', 'approve_post_2'],
      fields: [{ name: 'taken_out', type: 'area', required: true }, { name: 'rejected_part', type: 'area' }] },
    { name: 'approve_release', from: ['release_approval'], to: 'releasing', permission: 'cases.approve', approval: true, notBy: [...EXTRACTION, 'propose_scope', 'authorise_emergency', 'release'], fields: NOTE },
    { name: 'return_release', from: ['release_approval'], to: 'minimising', permission: 'cases.approve', fields: WHY },
    { name: 'release', from: ['releasing'], to: 'delivered', permission: 'lawful.work', grave: true, notBy: ['approve_release'], effects: ['disclose'],
      fields: [{ name: 'recipient', type: 'text', required: true }, { name: 'delivery', type: 'choice', required: true, values: ['encrypted_portal', 'encrypted_mail', 'sealed_medium', 'in_person_handover'] }, { name: 'pack_sha256', type: 'text' }, { name: 'cost', type: 'text' }] },
    { name: 'record_receipt', from: ['delivered'], to: 'notice', permission: 'lawful.work', where: [ORDINARY], fields: [{ name: 'received_on', type: 'day', required: true, when: 'past' }, { name: 'receipt', type: 'text', required: true }] },
    { name: 'record_emergency_receipt', from: ['delivered'], to: 'post_approval_1', permission: 'lawful.work', where: [EMERGENCY], fields: [{ name: 'received_on', type: 'day', required: true, when: 'past' }, { name: 'receipt', type: 'text', required: true }] },
    { name: 'approve_post_1', from: ['post_approval_1'], to: 'post_approval_2', permission: 'cases.approve', approval: true, notBy: ['authorise_emergency', ...EXTRACTION, 'release', 'approve_post_2'],
      fields: [{ name: 'follow_up', type: 'text', required: true }, ...NOTE] },
    { name: 'approve_post_2', from: ['post_approval_2'], to: 'notice', permission: 'cases.approve', approval: true, notBy: ['authorise_emergency', ...EXTRACTION, 'release', 'approve_post_1'], fields: NOTE },
    { name: 'deny_post', from: ['post_approval_1', 'post_approval_2'], to: 'irregular', permission: 'cases.approve', grave: true, fields: WHY },
    { name: 'report_irregular', from: ['irregular'], to: 'notice', permission: 'lawful.work', fields: [{ name: 'reported_to', type: 'text', required: true }, { name: 'reported_on', type: 'day', required: true, when: 'past' }] },
    { name: 'give_notice', from: ['notice', 'notice_due'], to: 'closed', permission: 'lawful.work', fields: [{ name: 'told_on', type: 'day', required: true, when: 'past' }, { name: 'told_how', type: 'text', required: true }] },
    { name: 'delay_notice', from: ['notice', 'notice_due'], to: 'notice_due', permission: 'lawful.work', starts: 'notice', fields: [{ name: 'notice_until', type: 'day', required: true, when: 'future' }, { name: 'gag_reference', type: 'text', required: true }] },
    { name: 'prohibit_notice', from: ['notice', 'notice_due'], to: 'closed', permission: 'lawful.work', grave: true, fields: [{ name: 'prohibition', type: 'area', required: true }] },
    { name: 'omit_notice_emergency', from: ['notice'], to: 'closed', permission: 'lawful.work', grave: true, where: [EMERGENCY], fields: WHY },
    { name: 'withdraw', from: ['intake', 'authenticity', 'jurisdiction', 'review', 'preserved', 'challenged', 'approval_1', 'approval_2', 'collecting', 'minimising', 'release_approval', 'releasing'], to: 'withdrawn', permission: 'lawful.work', grave: true, fields: WHY },
  ],
  clocks: [
    { name: 'answer', starts: 'open', stoppedBy: ['release'], dueField: 'due_on', presets: [
      { id: 'eu-emergency', match: [{ field: 'regime', in: ['eu_e_evidence'] }, { field: 'emergency', in: ['true'] }], due: 'PT8H', amber: 'PT3H', red: 'PT6H', source: 'Regulation (EU) 2023/1543 art. 10(4), applicable since 2026-08-18' },
      { id: 'eu-production', match: [{ field: 'regime', in: ['eu_e_evidence'] }], due: 'P10D', amber: 'P5D', red: 'P8D', source: 'Regulation (EU) 2023/1543 art. 10(3), applicable since 2026-08-18' },
      { id: 'emergency-house', match: [{ field: 'emergency', in: ['true'] }], due: 'PT24H', amber: 'PT8H', red: 'PT16H', source: 'house target for emergencies' },
      { id: 'lawful-house', due: 'P14D', amber: 'P7D', red: 'P11D', source: 'house target where the instrument sets no date: enter its date' },
    ] },
    { name: 'preservation', starts: 'move', stoppedBy: ['follow_up_arrives', 'let_lapse'], presets: [
      { id: 'eu-preservation', match: [{ field: 'regime', in: ['eu_e_evidence'] }], due: 'P60D', amber: 'P45D', red: 'P55D', extension: 'P30D', source: 'Regulation (EU) 2023/1543 art. 11: 60 days, + 30 (r)' },
      { id: 'us-2703f', match: [{ field: 'regime', in: ['us_sca'] }], due: 'P90D', amber: 'P75D', red: 'P85D', extension: 'P90D', source: '18 U.S.C. 2703(f): 90 days, + 90 on renewal (r)' },
      { id: 'preservation-house', due: 'P90D', amber: 'P75D', red: 'P85D', extension: 'P90D', source: 'house target' },
    ] },
    { name: 'emergency_approval', starts: 'move', stoppedBy: ['approve_post_2', 'report_irregular'], presets: [
      { id: 'emergency-approval', due: 'PT24H', amber: 'PT12H', red: 'PT20H', source: 'house rule: two approvers within 24 hours afterwards' },
    ] },
    { name: 'notice', starts: 'move', stoppedBy: ['give_notice', 'prohibit_notice'], dueField: 'notice_until', presets: [
      { id: 'notice-delay', due: 'P90D', amber: 'P75D', red: 'P85D', source: '18 U.S.C. 2705(b) and the order itself (r): enter its date' },
    ] },
  ],
};

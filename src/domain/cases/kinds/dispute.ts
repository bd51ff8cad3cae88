// A billing or service dispute: from the page of a call to its end.
import type { CaseMachine } from '../machine.js';

export const DISPUTE: CaseMachine = {
  kind: 'dispute', letter: 'D', purpose: 'dispute_resolution', read: 'disputes.read', open: 'disputes.work', holdAtOpen: true,
  openFields: [
    { name: 'topic', type: 'choice', required: true, values: ['billing', 'service', 'chargeback'] },
    { name: 'complaint', type: 'area', required: true },
    { name: 'raised_by', type: 'text' },
    { name: 'received_at', type: 'instant', when: 'past' },
    { name: 'respond_by', type: 'day', when: 'future' },
  ],
  states: {
    opened: 'on record, its hold in force', working: 'somebody works on it, from metadata alone', review: 'evidence selected, waits for a second person',
    approved: 'evidence approved, may be sent', submitted: 'sent, waits for the decision', resolved: 'settled with the customer', won: 'decided for us', lost: 'decided against us', withdrawn: 'taken back',
  },
  initial: 'opened', ends: ['resolved', 'won', 'lost', 'withdrawn'],
  moves: [
    { name: 'take_up', from: ['opened'], to: 'working', permission: 'disputes.work', fields: [{ name: 'note', type: 'area' }] },
    { name: 'select_evidence', from: ['working'], to: 'review', permission: 'disputes.work', effects: ['collect'],
      fields: [{ name: 'findings', type: 'area', required: true }, { name: 'period_from', type: 'day', when: 'past' }, { name: 'period_to', type: 'day' }] },
    { name: 'approve_evidence', from: ['review'], to: 'approved', permission: 'cases.approve', approval: true, notBy: ['select_evidence'], fields: [{ name: 'note', type: 'area' }] },
    { name: 'return_evidence', from: ['review'], to: 'working', permission: 'cases.approve', fields: [{ name: 'reason', type: 'area', required: true }] },
    { name: 'submit', from: ['approved'], to: 'submitted', permission: 'disputes.work', grave: true, starts: 'decision',
      fields: [{ name: 'sent_to', type: 'choice', required: true, values: ['card_scheme', 'acquirer', 'customer', 'court', 'ombudsman'] }, { name: 'reference', type: 'text', required: true }, { name: 'sent_on', type: 'day', required: true, when: 'past' }] },
    { name: 'settle', from: ['working', 'review', 'approved', 'submitted'], to: 'resolved', permission: 'disputes.work',
      fields: [{ name: 'resolution', type: 'choice', required: true, values: ['explained', 'corrected', 'refunded', 'credited', 'goodwill'] }, { name: 'note', type: 'area', required: true }] },
    { name: 'win', from: ['submitted'], to: 'won', permission: 'disputes.work', fields: [{ name: 'decided_on', type: 'day', required: true, when: 'past' }, { name: 'note', type: 'area' }] },
    { name: 'lose', from: ['submitted'], to: 'lost', permission: 'disputes.work', fields: [{ name: 'decided_on', type: 'day', required: true, when: 'past' }, { name: 'note', type: 'area', required: true }] },
    { name: 'withdraw', from: ['opened', 'working', 'review', 'approved', 'submitted'], to: 'withdrawn', permission: 'disputes.work', grave: true, fields: [{ name: 'reason', type: 'area', required: true }] },
  ],
  clocks: [
    { name: 'answer', starts: 'open', stoppedBy: ['submit'], dueField: 'respond_by', presets: [
      { id: 'dispute-chargeback', match: [{ field: 'topic', in: ['chargeback'] }], due: 'P20D', amber: 'P12D', red: 'P17D', source: 'house target; card schemes give 20 to 45 days (r): enter the date of the notice' },
      { id: 'dispute-house', due: 'P14D', amber: 'P7D', red: 'P11D', source: 'house target' },
    ] },
    { name: 'decision', starts: 'move', stoppedBy: ['win', 'lose', 'settle'], presets: [
      { id: 'dispute-decision', due: 'P90D', amber: 'P60D', red: 'P80D', source: 'house target: ask what became of it' },
    ] },
  ],
};

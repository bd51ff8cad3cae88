// Proofs that a list of calls is all there is, or that there is no such call: files that verify without us.
import { z } from 'zod';
import { isRefusal, refuse } from '../../../kernel/result.js';
import { defineRoute } from './define-route.js';
import { EXAMPLE } from './examples.js';
import { instantIn, slug, uuid } from './fields.schemas.js';

// Members in the order of the file: saved as it comes, the answer is the file, byte for byte.
const free = z.record(z.string(), z.json());
const proof = z.strictObject({
  checkpoint: free, format: z.literal('holdfast.proof.v1'), last_numbers: free, question: free, records: z.array(free),
}).describe('A proof file; docs/ledger.md describes it, verify.mjs and `holdfast verify` check it').meta({ id: 'ProofFile' });

export const completenessRoutes = [
  defineRoute({
    method: 'get', path: '/completeness', id: 'proveCalls', tag: 'calls', summary: 'Prove that these are all calls of an account, that there is no such call, or that a call is on record', permission: 'calls.read',
    description: 'With from and to: all calls of the account that began in the window. With call: that it is on record, or that the account has none with this id. The answer is stated on the ledger first and waits for its checkpoint, about a second.',
    refusals: ['not_found', 'records_unavailable'], reading: { action: 'completeness.read', subjectKind: 'account', subjectId: ({ answer }) => ((answer as { question: { account?: string } }).question.account ?? 'unnamed') },
    query: z.strictObject({ account: slug.optional(), from: instantIn.optional(), to: instantIn.optional(), call: uuid.optional().describe('An id of ours') }), answer: proof,
    example: { query: { account: EXAMPLE.account, from: EXAMPLE.at, to: EXAMPLE.later }, answer: {
      checkpoint: { handovers: [], note: EXAMPLE.note, verifier_key: 'holdfast.local/log+6b3cf7a1+AZ3grl…' }, format: 'holdfast.proof.v1', last_numbers: {}, question: { account: EXAMPLE.account, from: EXAMPLE.at, kind: 'all-calls', to: EXAMPLE.later }, records: [] } },
    run: async ({ app, actor, purpose, query: { account, from, to, call } }) => {
      if (call === undefined && (account === undefined || from === undefined || to === undefined)) return refuse('invalid_request', 'give account, from and to, or call', 'query.account');
      const asked = call === undefined ? { account: account!, from: new Date(from!), to: new Date(to!) } : { callId: call, ...(account === undefined ? {} : { account }) };
      const text = await app.ledger.proveCalls(actor, asked, { purpose });
      return isRefusal(text) ? text : JSON.parse(text) as z.input<typeof proof>;
    },
  }),
];

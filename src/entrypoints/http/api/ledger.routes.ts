// The log: state, checkpoint, key, verification.
import { z } from 'zod';
import { VERDICTS } from '../../../domain/ledger/index.js';
import { isRefusal, refuse } from '../../../kernel/result.js';
import { defineRoute } from './define-route.js';
import { EXAMPLE } from './examples.js';
import { count, hex, instant } from './fields.schemas.js';
import { jsonAnswer } from './json-answer.js';
import { startVerification, verificationUnderWay } from './verify-log.js';

const status = z.object({
  tree_size: count, unsealed_batches: count, oldest_unsealed_ms: z.number().nullable().describe('Null when everything is sealed'), last_checkpoint_at: instant.nullable(),
}).meta({ id: 'LedgerStatus' });
const checkpoint = z.object({ tree_size: count, root: hex, note: z.string().describe('Signed note (C2SP)'), at: instant }).meta({ id: 'Checkpoint' });
const lastResult = z.object({
  at: instant, by: z.string(), intact: z.boolean(), tree_size: z.string(), counts: z.partialRecord(z.enum(VERDICTS), count), took_ms: z.number(),
  problems: z.array(z.string()).describe('The first 20'),
  explained: z.boolean().optional().describe('Whether all that was found is a loss on record, of a restore (docs/restore.md)'),
  uncertified: z.array(z.object({ run_id: z.string(), state: z.string(), leaves: count })).optional().describe('Records that purge runs removed which are not certified yet; they are in none of the counts'),
}).meta({ id: 'Verification' });
const underWay = z.object({ started_at: instant, started_by: z.string(), done: count, total: count });
const exampleUnderWay = { started_at: EXAMPLE.at, started_by: 'nightly check', done: 120_000, total: 512_000 };

export const ledgerRoutes = [
  defineRoute({
    method: 'get', path: '/ledger/status', id: 'readLedgerStatus', tag: 'ledger', summary: 'Size and lag of the log', permission: 'ledger.verify', answer: status,
    example: { answer: { tree_size: 512, unsealed_batches: 0, oldest_unsealed_ms: null, last_checkpoint_at: EXAMPLE.at } },
    run: async ({ app }) => {
      const { treeSize, unsealedBatches, oldestUnsealedMs, lastCheckpointAt } = await app.ledger.status();
      return jsonAnswer({ treeSize, unsealedBatches, oldestUnsealedMs, lastCheckpointAt });
    },
  }),
  defineRoute({
    method: 'get', path: '/ledger/checkpoint', id: 'readCheckpoint', tag: 'ledger', summary: 'The newest signed checkpoint', permission: 'ledger.verify', refusals: ['not_found'], answer: checkpoint,
    description: 'Also at /log/checkpoint, without a token.', example: { answer: { tree_size: 512, root: EXAMPLE.hash, note: EXAMPLE.note, at: EXAMPLE.at } },
    run: async ({ app }) => {
      const found = await app.ledger.latestCheckpoint();
      return found ? jsonAnswer({ treeSize: found.treeSize, root: found.root, note: found.note, at: found.at }) : refuse('not_found', 'nothing is sealed yet');
    },
  }),
  defineRoute({
    method: 'get', path: '/ledger/verifier-key', id: 'readVerifierKey', tag: 'ledger', summary: 'The key that verifies checkpoints', permission: 'ledger.verify',
    description: 'The first key of the log is the one to keep; hand-overs, signed by the key before and the key after, lead from it to later ones. Also at /log/keys, without a token.',
    answer: z.object({ verifier_key: z.string().describe('Signed-note vkey of the first key'), handovers: z.array(z.string()).describe('Signed notes, oldest first') }), example: { answer: { verifier_key: 'holdfast.local/log+6b3cf7a1+AZ3grl…', handovers: [] } },
    run: async ({ app }) => { const { first, handovers } = await app.ledger.logKeys(); return { verifier_key: first, handovers: [...handovers] }; },
  }),
  defineRoute({
    method: 'post', path: '/ledger/verify', id: 'startVerification', tag: 'ledger', summary: 'Verify the whole database against what was signed', permission: 'ledger.verify', status: 202,
    description: 'Runs on after the answer; ask GET /ledger/verification.', refusals: ['conflict'], answer: underWay, example: { answer: exampleUnderWay },
    run: ({ app, actor }) => {
      const started = startVerification(app, actor);
      return Promise.resolve(isRefusal(started) ? started : jsonAnswer(started));
    },
  }),
  defineRoute({
    method: 'get', path: '/ledger/verification', id: 'readVerification', tag: 'ledger', summary: 'The verification under way, and the last result', permission: 'ledger.verify',
    answer: z.object({ under_way: underWay.nullable(), last: lastResult.nullable() }), example: { answer: { under_way: exampleUnderWay, last: null } },
    run: async ({ app }) => {
      const progress = verificationUnderWay(app);
      const { rows: [last] } = await app.database.reader.query<{ at: Date; actor_name: string; after: Omit<z.input<typeof lastResult>, 'at' | 'by'> }>(
        "SELECT at, actor_name, after FROM audit_records WHERE subject_kind = 'ledger' AND subject_id = 'log' AND action = 'ledger.verify' ORDER BY record_id DESC LIMIT 1");
      return { under_way: progress ? jsonAnswer(progress) : null, last: last ? { at: last.at.toISOString(), by: last.actor_name, ...last.after } : null };
    },
  }),
];

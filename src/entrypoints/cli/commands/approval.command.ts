import { HoldfastError } from '../../../kernel/errors.js';
import { APPROVAL_STATES } from '../../../domain/security/index.js';
import { describeApproval } from '../../views/approvals.js';
import { EXIT, type Command } from '../frame/command.js';
import { Verbatim } from '../frame/make-call.js';
import { oneOf, reasonOption } from '../frame/shared-options.js';
import { facts, table } from '../frame/table.js';

const approvalId = { name: 'APPROVAL_ID', help: 'as `holdfast approval list` tells it' };

/** Nothing is approved here: whoever is at this machine may be the one who asked. */
export const approvalCommands: readonly Command[] = [{
  name: 'approval list', summary: 'List what waits for a second person', options: { state: { value: 'STATE', help: `one of ${APPROVAL_STATES.join(', ')}; pending unless given` } }, example: 'holdfast approval list',
  run: (call) => call.withApp(async (app) => {
    const found = await app.security.approvals({ state: oneOf(APPROVAL_STATES, call.text('state') ?? 'pending', '--state'), limit: 500 });
    call.print(new Verbatim({ data: found.map(describeApproval) }), table(found, { APPROVAL: (one) => one.approvalId, ACTION: (one) => one.action, SUBJECT: (one) => one.subjectId, STATE: (one) => one.state, 'ASKED BY': (one) => one.requestedBy,
      ASKED: (one) => one.requestedAt, EXPIRES: (one) => one.expiresAt, 'DECIDED BY': (one) => one.decidedBy }, 'nothing waits for a second person'));
    return EXIT.done;
  }),
}, {
  name: 'approval show', summary: 'Show one request: exactly what would be done, and the numbers', arguments: [approvalId], example: 'holdfast approval show 01999d5e-7b3c-7000-8000-000000000000',
  run: (call) => call.withApp(async (app) => {
    const found = await app.security.approval(call.argument('APPROVAL_ID'));
    if (!found) throw new HoldfastError('not_found', `there is no approval ${call.argument('APPROVAL_ID')}`);
    call.print(new Verbatim(describeApproval(found)), `${facts({ approval: found.approvalId, action: found.action, subject: found.subjectId, state: found.state, 'asked by': found.requestedBy, expires: found.expiresAt, digest: found.digest })}\n${JSON.stringify({ proposal: found.proposal, preview: found.preview }, null, 2)}`);
    return EXIT.done;
  }),
}, ...(['reject', 'withdraw'] as const).map((verb): Command => ({
  name: `approval ${verb}`, summary: verb === 'reject' ? 'Reject a request' : 'Withdraw a request', arguments: [approvalId], options: reasonOption, example: `holdfast approval ${verb} 01999d5e-7b3c-7000-8000-000000000000 --reason "asked by mistake"`,
  run: (call) => call.withApp(async (app, actor) => {
    const id = call.argument('APPROVAL_ID'), reason = call.need('reason');
    const answer = call.accept(await app.act(actor, (tx) => (verb === 'reject' ? app.security.reject(tx, id, reason) : app.security.withdrawApproval(tx, id, reason))));
    call.print({ approvalId: id, state: answer.state }, facts({ approval: id, state: answer.state }));
    return EXIT.done;
  }),
}))];

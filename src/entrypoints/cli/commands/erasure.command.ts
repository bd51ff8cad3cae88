import { ERASURE_GROUNDS, type EraseCount, type Erasure, type RestrictedType } from '../../../domain/retention/index.js';
import { HoldfastError } from '../../../kernel/errors.js';
import { erasureProgress, tellErasure } from '../../views/erasures.js';
import { EXIT, UsageError, type Command } from '../frame/command.js';
import { dataTypeOf, oneOf, reasonOption } from '../frame/shared-options.js';
import { facts, table } from '../frame/table.js';

const WAITS = 'a second person has to approve this erasure in the console or by POST /api/v1/approvals; until then the data is restricted and nothing is erased';
const erasureId = { name: 'ERASURE_ID', help: 'as `holdfast purge erasures` tells it' };

export const erasureCommands: readonly Command[] = [{
  name: 'purge erase', summary: 'Restrict what is on record of an account, or of sessions of it, and ask a second person to erase it',
  arguments: [{ name: 'ACCOUNT', help: 'the account' }],
  options: {
    session: { value: 'ID', multiple: true, help: 'only calls of this session: one end user of the account' }, 'data-type': { value: 'TYPE', multiple: true, help: 'only this data type; without it every one' },
    ground: { value: 'GROUND', help: `on which ground: ${ERASURE_GROUNDS.join(', ')}; gdpr_17 unless given` }, preview: { help: 'tell what would be erased and what restricted, and change nothing' }, reason: { value: 'TEXT', help: 'why; kept on the ledger. Not needed with --preview' },
  },
  example: 'holdfast purge erase acme --session guest-7 --reason "request of 2026-11-20" --preview',
  run: (call) => call.withApp(async (app, actor) => {
    const sessions = call.texts('session'), types = call.texts('data-type').map((type) => dataTypeOf(type, '--data-type'));
    const subject = { accountId: call.argument('ACCOUNT'), ...(sessions.length > 0 ? { sessions } : {}), ...(types.length > 0 ? { dataTypes: types } : {}) };
    if (call.flag('preview')) {
      const counts = call.accept(await app.retention.previewErasure(subject));
      call.print({ data: counts }, countsTable(counts));
      return EXIT.done;
    }
    const ground = oneOf(ERASURE_GROUNDS, call.text('ground') ?? 'gdpr_17', '--ground'), reason = call.text('reason');
    if (reason === undefined) throw new UsageError('--reason is missing');
    const planned = call.accept(await app.act(actor, (tx) => app.retention.planErasure(tx, { ...subject, ground, reason })));
    call.print(planned, `${facts({ erasure: planned.erasureId, state: planned.state, approval: planned.approvalId })}\n${countsTable(planned.counts)}`);
    call.note(WAITS);
    return EXIT.done;
  }),
}, {
  name: 'purge erasures', summary: 'List erasures, newest first', options: { account: { value: 'ID', help: 'only of this account' } }, example: 'holdfast purge erasures',
  run: (call) => call.withApp(async (app) => {
    const account = call.text('account'), found = await app.retention.erasures(account === undefined ? {} : { accountId: account });
    call.print({ data: found.map((one) => tellErasure(one).told) }, table(found, { ERASURE: (one) => one.erasureId, ACCOUNT: (one) => one.accountId, SUBJECT: (one) => (one.byItems ? 'sessions' : 'account'), GROUND: (one) => one.ground, CASE: (one) => one.caseNumber,
      STATE: (one) => one.state, 'STILL RESTRICTED': (one) => restrictedRows(one), 'ASKED BY': (one) => one.askedBy, 'APPROVED BY': (one) => one.approvedBy, FINISHED: (one) => one.finishedAt }, 'there are no erasures'));
    return EXIT.done;
  }),
}, {
  name: 'purge erasure', summary: 'Tell one erasure: its runs, what it waits for, and what stays restricted, why and until when', arguments: [erasureId], example: 'holdfast purge erasure 01999d5e-7b3c-7000-8000-000000000000',
  run: (call) => call.withApp(async (app) => {
    const [one] = await app.retention.erasures({ erasureId: call.argument('ERASURE_ID') });
    if (!one) throw new HoldfastError('not_found', `there is no erasure ${call.argument('ERASURE_ID')}; holdfast purge erasures tells them`);
    const runs = await erasureProgress(app, one.erasureId), { told, outcome } = tellErasure(one);
    call.print({ ...told, outcome, runs }, [
      facts({ erasure: one.erasureId, account: one.accountId, state: one.state, ground: one.ground, 'asked by': one.askedBy, 'approved by': one.approvedBy, ...(one.failure === null ? {} : { 'waits for': one.failure }) }),
      table(runs, { RUN: (run) => run.runId, 'DATA TYPE': (run) => run.dataType, STATE: (run) => run.state, ERASED: (run) => run.rowsDone, OF: (run) => run.rowsDue }, 'no run yet'),
      table(one.restrictions.filter((kept) => kept.liftedAt === null), { RESTRICTED: (kept) => kept.dataType, ROWS: (kept) => kept.rows, 'GOES AFTER': (kept) => kept.goesAt, WHY: (kept) => whyText(kept) }, 'nothing is restricted'),
    ].join('\n\n'));
    return EXIT.done;
  }),
}, {
  name: 'purge cancel-erasure', summary: 'Cancel an erasure that has not begun; its restriction is lifted', arguments: [erasureId], options: reasonOption, example: 'holdfast purge cancel-erasure 01999d5e-7b3c-7000-8000-000000000000 --reason "not the person"',
  run: (call) => call.withApp(async (app, actor) => {
    const id = call.argument('ERASURE_ID'), answer = call.accept(await app.act(actor, (tx) => app.retention.cancelErasure(tx, id, call.need('reason'))));
    call.print({ erasureId: id, ...answer }, facts({ erasure: id, state: answer.state }));
    return EXIT.done;
  }),
}];

function countsTable(counts: readonly EraseCount[]): string {
  return table(counts, { 'DATA TYPE': (one) => one.dataType, ROWS: (one) => one.rows, ERASED: (one) => one.rowsErased, HELD: (one) => one.rowsHeld, KEPT: (one) => one.rowsKept, 'GOES AFTER': (one) => one.goesAt, WHY: whyText }, 'nothing is on record');
}
function whyText({ why }: Pick<RestrictedType, 'why'>): string { return why.map((one) => `${one.kind}: ${one.says}`).join('; '); }
function restrictedRows(one: Erasure): bigint { return one.restrictions.filter((kept) => kept.liftedAt === null).reduce((sum, kept) => sum + kept.rows, 0n); }

import { EXIT, type Command } from '../frame/command.js';
import { dataTypeOf, reasonOption } from '../frame/shared-options.js';
import { facts, table } from '../frame/table.js';

export const holdCommands: readonly Command[] = [{
  name: 'hold place', summary: "Stop every purge of an account's items, also of those that come later",
  options: {
    account: { value: 'ID', required: true, help: 'the account' }, matter: { value: 'TEXT', required: true, help: 'number or name of the case, dispute or order' }, requester: { value: 'TEXT', required: true, help: 'who asked for it' },
    basis: { value: 'TEXT', required: true, help: 'the legal basis' }, 'review-on': { value: 'YYYY-MM-DD', required: true, help: 'when someone must look at it again' },
    'data-type': { value: 'TYPE', multiple: true, help: 'only this data type; without it every one' },
  },
  example: 'holdfast hold place --account acme --matter "Case 4 O 12/26" --requester "Landgericht Berlin" --basis "order of 2026-11-02" --review-on 2027-05-02',
  run: (call) => call.withApp(async (app, actor) => {
    const dataTypes = call.texts('data-type').map((type) => dataTypeOf(type, '--data-type'));
    const input = { accountId: call.need('account'), matter: call.need('matter'), requester: call.need('requester'), basis: call.need('basis'), reviewOn: call.need('review-on'), ...(dataTypes.length > 0 ? { dataTypes } : {}) };
    const placed = call.accept(await app.act(actor, (tx) => app.retention.placeHold(tx, input)));
    call.print(placed, facts({ hold: placed.holdId, state: placed.changed ? 'placed' : 'was placed before' }));
    for (const { runId, dataType, rows } of placed.alreadyRemoved) call.note(`purge run ${runId} was under way and had removed ${rows} rows of ${dataType} before`);
    return EXIT.done;
  }),
}, {
  name: 'hold release', summary: 'End a hold; deletes nothing, and what it covered stays protected for a while', arguments: [{ name: 'HOLD_ID', help: 'as `holdfast hold list` tells it' }], options: reasonOption,
  example: 'holdfast hold release 01999d5e-7b3c-7000-8000-000000000000 --reason "case closed"',
  run: (call) => call.withApp(async (app, actor) => {
    const holdId = call.argument('HOLD_ID'), reason = call.need('reason');
    const released = call.accept(await app.act(actor, (tx) => app.retention.releaseHold(tx, holdId, reason)));
    call.print(released, facts({ hold: released.holdId, state: released.changed ? 'released' : 'was released before', 'protects until': released.protectsUntil }));
    return EXIT.done;
  }),
}, {
  name: 'hold list', summary: 'List holds, newest first, released ones too', options: { account: { value: 'ID', help: 'only those that protect this account now' } }, example: 'holdfast hold list',
  run: (call) => call.withApp(async (app) => {
    const account = call.text('account');
    const holds = account === undefined ? await app.retention.holds() : await app.retention.holdsFor(account);
    call.print({ data: holds }, table(holds, { HOLD: (one) => one.holdId, ACCOUNT: (one) => one.accountId, 'DATA TYPES': (one) => one.dataTypes ?? 'all', MATTER: (one) => one.matter, BASIS: (one) => one.basis,
      PLACED: (one) => one.placedAt, 'REVIEW ON': (one) => one.reviewOn, RELEASED: (one) => one.releasedAt, 'PROTECTS UNTIL': (one) => one.protectsUntil }, 'there are no holds'));
    return EXIT.done;
  }),
}];

import type { Hold } from '../../../domain/retention/index.js';
import { HoldfastError } from '../../../kernel/errors.js';
import { EXIT, type Command } from '../frame/command.js';
import { dataTypeOf, instantFrom, reasonOption } from '../frame/shared-options.js';
import { facts, table } from '../frame/table.js';

export const holdCommands: readonly Command[] = [{
  name: 'hold place', summary: 'Stop every purge of what an account, keys, request ids or a window of time name, also of what comes later',
  options: {
    account: { value: 'ID', help: 'the account' }, key: { value: 'KEY_ID', multiple: true, help: 'only this key' }, request: { value: 'REQUEST_ID', multiple: true, help: 'only this call' },
    from: { value: 'TIME', help: 'only from this instant on, such as 2026-05-01T00:00:00+08:00' }, until: { value: 'TIME', help: 'only before this instant' },
    matter: { value: 'TEXT', required: true, help: 'number or name of the case, dispute or order' }, requester: { value: 'TEXT', required: true, help: 'who asked for it' },
    basis: { value: 'TEXT', required: true, help: 'the legal basis' }, 'review-on': { value: 'YYYY-MM-DD', required: true, help: 'when someone must look at it again' },
    'data-type': { value: 'TYPE', multiple: true, help: 'only this data type; without it every one' },
  },
  example: 'holdfast hold place --account acme --matter "Case 4 O 12/26" --requester "Landgericht Berlin" --basis "order of 2026-11-02" --review-on 2027-05-02',
  run: (call) => call.withApp(async (app, actor) => {
    const dataTypes = call.texts('data-type').map((type) => dataTypeOf(type, '--data-type'));
    const keyIds = call.texts('key'), requestIds = call.texts('request');
    const input = { accountId: call.text('account'), from: instantFrom(call, 'from'), until: instantFrom(call, 'until'), ...(keyIds.length > 0 ? { keyIds } : {}), ...(requestIds.length > 0 ? { requestIds } : {}), matter: call.need('matter'), requester: call.need('requester'), basis: call.need('basis'), reviewOn: call.need('review-on'), ...(dataTypes.length > 0 ? { dataTypes } : {}) };
    const placed = call.accept(await app.act(actor, (tx) => app.retention.placeHold(tx, input)));
    call.print(placed, facts({ hold: placed.holdId, state: placed.changed ? 'placed' : 'was placed before' }));
    for (const { runId, dataType, rows } of placed.alreadyRemoved) call.note(`purge run ${runId} was under way and had removed ${rows} rows of ${dataType} before`);
    return EXIT.done;
  }),
}, {
  name: 'hold extend', summary: 'Widen a hold or move its review; it is never narrowed', arguments: [{ name: 'HOLD_ID', help: 'as `holdfast hold list` tells it' }],
  options: {
    key: { value: 'KEY_ID', multiple: true, help: 'this key too' }, request: { value: 'REQUEST_ID', multiple: true, help: 'this call too' }, until: { value: 'TIME', help: 'until this instant' }, 'without-end': { help: 'take the end of its window away' },
    'data-type': { value: 'TYPE', multiple: true, help: 'this data type too' }, 'every-data-type': { help: 'cover all data types' }, 'review-on': { value: 'YYYY-MM-DD', help: 'when someone must look at it again' }, ...reasonOption,
  },
  example: 'holdfast hold extend 01999d5e-7b3c-7000-8000-000000000000 --review-on 2027-11-02 --reason "appeal lodged"',
  run: (call) => call.withApp(async (app, actor) => {
    const keyIds = call.texts('key'), requestIds = call.texts('request'), types = call.texts('data-type').map((type) => dataTypeOf(type, '--data-type')), holdId = call.argument('HOLD_ID');
    const extended = call.accept(await app.act(actor, (tx) => app.retention.extendHold(tx, holdId, { reason: call.need('reason'), reviewOn: call.text('review-on'), ...(keyIds.length > 0 ? { keyIds } : {}), ...(requestIds.length > 0 ? { requestIds } : {}),
      until: call.flag('without-end') ? null : instantFrom(call, 'until'), ...(call.flag('every-data-type') ? { dataTypes: null } : types.length > 0 ? { dataTypes: types } : {}) })));
    call.print(extended, facts({ hold: holdId, state: extended.changed ? 'extended' : 'covered this before' }));
    return EXIT.done;
  }),
}, {
  name: 'hold count', summary: 'Count exactly the rows on record that a hold covers', arguments: [{ name: 'HOLD_ID', help: 'as `holdfast hold list` tells it' }], example: 'holdfast hold count 01999d5e-7b3c-7000-8000-000000000000',
  run: (call) => call.withApp(async (app) => {
    const rows = await app.retention.heldRows(call.argument('HOLD_ID'));
    if (!rows) throw new HoldfastError('not_found', `there is no hold ${call.argument('HOLD_ID')}`);
    call.print({ data: rows }, table(rows, { 'DATA TYPE': (one) => one.dataType, TABLE: (one) => one.table, ROWS: (one) => one.rows }, 'it covers no table'));
    return EXIT.done;
  }),
}, {
  name: 'hold release', summary: 'Ask a second person to end a hold; deletes nothing, and what it covered stays protected for a while', arguments: [{ name: 'HOLD_ID', help: 'as `holdfast hold list` tells it' }], options: reasonOption,
  example: 'holdfast hold release 01999d5e-7b3c-7000-8000-000000000000 --reason "case closed"',
  run: (call) => call.withApp(async (app, actor) => {
    const holdId = call.argument('HOLD_ID'), reason = call.need('reason');
    const released = call.accept(await app.act(actor, (tx) => app.retention.releaseHold(tx, holdId, reason)));
    call.print(released, facts({ hold: released.holdId, state: released.approvalId ? 'in force until a second person approves' : 'was released before', ...(released.approvalId ? { approval: released.approvalId } : { 'protects until': released.protectsUntil }) }));
    return EXIT.done;
  }),
}, {
  name: 'hold list', summary: 'List holds, newest first, released ones too', options: { account: { value: 'ID', help: 'only those that protect this account now' } }, example: 'holdfast hold list',
  run: (call) => call.withApp(async (app) => {
    const account = call.text('account');
    const holds = account === undefined ? await app.retention.holds() : await app.retention.holdsFor(account);
    call.print({ data: holds }, table(holds, { HOLD: (one) => one.holdId, ACCOUNT: (one) => one.accountId, NARROWED: narrowed, 'DATA TYPES': (one) => one.dataTypes ?? 'all', MATTER: (one) => one.matter, BASIS: (one) => one.basis,
      PLACED: (one) => one.placedAt, 'REVIEW ON': (one) => one.reviewOn, RELEASED: (one) => one.releasedAt, 'PROTECTS UNTIL': (one) => one.protectsUntil }, 'there are no holds'));
    return EXIT.done;
  }),
}];

function narrowed({ keyIds, requestIds, fromAt, untilAt }: Hold): string | null {
  const parts = [keyIds && `${keyIds.length} keys`, requestIds && `${requestIds.length} requests`, (fromAt ?? untilAt) && `${fromAt?.toISOString() ?? ''}/${untilAt?.toISOString() ?? ''}`].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(', ') : null;
}

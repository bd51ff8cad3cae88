// Grants and kept content from the command line. Opened content goes to stdout as it was, so that it can be piped into a file or a viewer.
import { CONTENT_SIDES, GRANT_KINDS, GRANT_TRIGGERS, readableText } from '../../../domain/vault/index.js';
import { EXIT, UsageError, type Call, type Command } from '../frame/command.js';
import { oneOf, purposeFrom, purposeOption, reasonOption } from '../frame/shared-options.js';
import { facts, table } from '../frame/table.js';

function wholeNumber(call: Call, option: string): number | undefined {
  const given = call.text(option);
  if (given === undefined) return undefined;
  if (!/^\d{1,6}$/.test(given)) throw new UsageError(`--${option} must be a whole number`);
  return Number(given);
}

function instant(call: Call, option: string): Date {
  const given = new Date(call.need(option));
  if (Number.isNaN(given.getTime())) throw new UsageError(`--${option} must be an instant such as 2026-12-01T00:00:00Z`);
  return given;
}

export const contentCommands: readonly Command[] = [{
  name: 'content grant', summary: 'Allow content of an account to be kept for a while; without a grant none ever is',
  options: {
    account: { value: 'ID', required: true, help: 'the account' }, kind: { value: 'KIND', required: true, help: `one of ${GRANT_KINDS.join(', ')}` },
    until: { value: 'INSTANT', required: true, help: 'when the authorisation ends; nothing kept under it outlives it' }, 'authorised-by': { value: 'PERSON', help: "the customer's person who asked; required for troubleshooting" },
    side: { value: 'SIDE', multiple: true, help: `one of ${CONTENT_SIDES.join(', ')}; both unless given` }, key: { value: 'KEY_ID', multiple: true, help: 'only calls with this key' }, model: { value: 'NAME', multiple: true, help: 'only calls of this model' },
    trigger: { value: 'WHEN', help: `one of ${GRANT_TRIGGERS.join(', ')}; every unless given` }, sample: { value: 'PERCENT', help: 'share of calls, 1 to 100; 100 unless given' }, 'keep-hours': { value: 'HOURS', help: 'how long each piece is kept; the longest allowed unless given' },
    ...reasonOption,
  },
  example: 'holdfast content grant --account acme --kind troubleshooting --authorised-by "cto@acme.example" --until 2026-12-01T00:00:00Z --reason "ticket 4711"',
  run: (call) => call.withApp(async (app, actor) => {
    const sides = call.texts('side').map((side) => oneOf(CONTENT_SIDES, side, '--side')), keyIds = call.texts('key'), models = call.texts('model');
    const trigger = call.text('trigger'), samplePercent = wholeNumber(call, 'sample'), keepHours = wholeNumber(call, 'keep-hours'), authorisedBy = call.text('authorised-by');
    const granted = call.accept(await app.act(actor, (tx) => app.vault.grantContent(tx, {
      accountId: call.need('account'), kind: oneOf(GRANT_KINDS, call.need('kind'), '--kind'), sides: sides.length > 0 ? sides : CONTENT_SIDES, reason: call.need('reason'), validUntil: instant(call, 'until'),
      ...(keyIds.length > 0 && { keyIds }), ...(models.length > 0 && { models }), ...(trigger !== undefined && { trigger: oneOf(GRANT_TRIGGERS, trigger, '--trigger') }),
      ...(samplePercent !== undefined && { samplePercent }), ...(keepHours !== undefined && { keepHours }), ...(authorisedBy !== undefined && { authorisedBy }),
    })));
    call.print(granted, facts({ grant: granted.grantId }));
    return EXIT.done;
  }),
}, {
  name: 'content revoke', summary: 'End a grant; what was kept under it is due at once', arguments: [{ name: 'GRANT_ID', help: 'as `holdfast content grants` tells it' }], options: reasonOption,
  example: 'holdfast content revoke 01999d5e-7b3c-7000-8000-000000000000 --reason "the customer asked"',
  run: (call) => call.withApp(async (app, actor) => {
    const grantId = call.argument('GRANT_ID'), reason = call.need('reason');
    const revoked = call.accept(await app.act(actor, (tx) => app.vault.revokeGrant(tx, grantId, reason)));
    call.print(revoked, facts({ grant: grantId, state: revoked.changed ? 'revoked' : 'was revoked before', 'pieces due now': revoked.expired }));
    return EXIT.done;
  }),
}, {
  name: 'content grants', summary: 'List grants, newest first, ended ones too', options: { account: { value: 'ID', help: 'only of this account' } }, example: 'holdfast content grants --account acme',
  run: (call) => call.withApp(async (app) => {
    const account = call.text('account'), grants = await app.vault.grants(account === undefined ? {} : { accountId: account });
    call.print({ data: grants }, table(grants, { GRANT: (one) => one.grantId, ACCOUNT: (one) => one.accountId, KIND: (one) => one.kind, SIDES: (one) => one.sides, 'KEPT FOR': (one) => `${one.keepHours} h`, 'AUTHORISED BY': (one) => one.authorisedBy,
      UNTIL: (one) => one.validUntil, REVOKED: (one) => one.revokedAt, REASON: (one) => one.reason }, 'there are no grants; no content is kept'));
    return EXIT.done;
  }),
}, {
  name: 'content open', summary: 'Open kept content of a call; the opening is on record before anything is shown', arguments: [{ name: 'REQUEST_ID', help: 'the call' }],
  options: { side: { value: 'SIDE', required: true, help: `one of ${CONTENT_SIDES.join(', ')}` }, case: { value: 'NUMBER', help: 'the case it is opened for' }, ...purposeOption('troubleshooting'), ...reasonOption },
  example: 'holdfast content open 01999d5e-7b3c-7000-8000-000000000000 --side output --reason "ticket 4711"',
  run: (call) => call.withApp(async (app, actor) => {
    const caseRef = call.text('case'), side = oneOf(CONTENT_SIDES, call.need('side'), '--side');
    const opened = call.accept(await app.act(actor, (tx) => app.vault.openContent(tx, { requestId: call.argument('REQUEST_ID'), side, purpose: purposeFrom(call, 'troubleshooting'), reason: call.need('reason'), ...(caseRef !== undefined && { caseRef }) })));
    const text = readableText(opened);
    if (opened.truncated) call.note('its end was not kept: it was too long');
    call.print({ ...opened, bytes: undefined, text }, text);
    return EXIT.done;
  }),
}];

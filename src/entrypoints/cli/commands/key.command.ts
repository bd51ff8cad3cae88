import { EXIT, type Command } from '../frame/command.js';
import { reasonOption, secretFrom, secretOption } from '../frame/shared-options.js';
import { facts, table } from '../frame/table.js';

export const keyCommands: readonly Command[] = [{
  name: 'key issue', summary: 'Issue an API key of an account; its secret is told once',
  options: { account: { value: 'ID', required: true, help: 'the account' }, name: { value: 'NAME', required: true, help: 'what the key is for; one of each name in an account' }, ...secretOption },
  example: 'holdfast key issue --account acme --name production',
  run: (call) => call.withApp(async (app, actor) => {
    const input = { accountId: call.need('account'), name: call.need('name'), ...secretFrom(call) };
    const issued = call.accept(await app.act(actor, (tx) => app.security.issueKey(tx, input)));
    call.print(issued, facts({ key: issued.keyId, secret: input.secret === undefined ? issued.secret : '(as given)' }));
    return EXIT.done;
  }),
}, {
  name: 'key revoke', summary: 'End an API key for good, on every gateway within a second',
  arguments: [{ name: 'KEY_ID', help: 'as `holdfast key list` tells it' }], options: reasonOption, example: 'holdfast key revoke 01999d5e-7b3c-7000-8000-000000000000 --reason "found in a public repository"',
  run: (call) => call.withApp(async (app, actor) => {
    const keyId = call.argument('KEY_ID'), reason = call.need('reason');
    const { changed } = call.accept(await app.act(actor, (tx) => app.security.revokeKey(tx, keyId, reason)));
    call.print({ keyId, changed }, changed ? `${keyId} is revoked` : `${keyId} was revoked before`);
    return EXIT.done;
  }),
}, {
  name: 'key list', summary: 'List API keys, without their secrets', options: { account: { value: 'ID', help: 'only those of this account' } }, example: 'holdfast key list --account acme',
  run: (call) => call.withApp(async (app) => {
    const keys = await app.security.keys(call.text('account'));
    call.print({ data: keys }, table(keys, { KEY: (key) => key.keyId, ACCOUNT: (key) => key.accountId, NAME: (key) => key.name, ENDS: (key) => key.hint && `…${key.hint}`, STATUS: (key) => key.status,
      CREATED: (key) => key.createdAt, REVOKED: (key) => key.revokedAt }, 'there are no keys'));
    return EXIT.done;
  }),
}, {
  name: 'key rotate-log', summary: "Give the published log a new signing key from its last checkpoint on; the old key signs the hand-over, and what it signed before stays valid",
  options: reasonOption, example: 'holdfast key rotate-log --reason "yearly change of keys"',
  run: (call) => call.withApp(async (app, actor) => {
    const rotated = call.accept(await app.act(actor, (tx) => app.ledger.rotateKey(tx, call.need('reason'))));
    call.print(rotated, facts({ 'new key': rotated.verifierKey, 'old key': rotated.before, 'signs trees larger than': rotated.fromSize }));
    return EXIT.done;
  }),
}];

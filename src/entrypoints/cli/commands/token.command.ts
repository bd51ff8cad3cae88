import { EXIT, type Command } from '../frame/command.js';
import { reasonOption, rolesFrom, rolesOption, secretFrom, secretOption } from '../frame/shared-options.js';
import { facts, table } from '../frame/table.js';

export const tokenCommands: readonly Command[] = [{
  name: 'token issue', summary: 'Issue a token of the management API, which acts with roles; its secret is told once',
  options: { name: { value: 'NAME', required: true, help: 'what the token is for, as it stands on records' }, ...rolesOption, ...secretOption }, example: 'holdfast token issue --name monitoring --role auditor',
  run: (call) => call.withApp(async (app, actor) => {
    const input = { name: call.need('name'), roles: rolesFrom(call), ...secretFrom(call) };
    const issued = call.accept(await app.act(actor, (tx) => app.security.issueToken(tx, input)));
    call.print(issued, facts({ token: issued.tokenId, roles: input.roles, secret: input.secret === undefined ? issued.secret : '(as given)' }));
    return EXIT.done;
  }),
}, {
  name: 'token revoke', summary: 'End a token for good', arguments: [{ name: 'TOKEN_ID', help: 'as `holdfast token list` tells it' }], options: reasonOption,
  example: 'holdfast token revoke 01999d5e-7b3c-7000-8000-000000000000 --reason "no longer used"',
  run: (call) => call.withApp(async (app, actor) => {
    const tokenId = call.argument('TOKEN_ID'), reason = call.need('reason');
    const { changed } = call.accept(await app.act(actor, (tx) => app.security.revokeToken(tx, tokenId, reason)));
    call.print({ tokenId, changed }, changed ? `${tokenId} is revoked` : `${tokenId} was revoked before`);
    return EXIT.done;
  }),
}, {
  name: 'token list', summary: 'List tokens, without their secrets', example: 'holdfast token list',
  run: (call) => call.withApp(async (app) => {
    const tokens = await app.security.tokens();
    call.print({ data: tokens }, table(tokens, { TOKEN: (one) => one.tokenId, NAME: (one) => one.name, ROLES: (one) => one.roles, STATUS: (one) => one.status, CREATED: (one) => one.createdAt }, 'there are no tokens'));
    return EXIT.done;
  }),
}];

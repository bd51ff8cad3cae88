import { randomBytes } from 'node:crypto';
import type { App } from '../../../app.js';
import { HoldfastError } from '../../../kernel/errors.js';
import { EXIT, type Call, type Command } from '../frame/command.js';
import { reasonOption, rolesFrom, rolesOption, secretFrom } from '../frame/shared-options.js';
import { facts, table } from '../frame/table.js';

const who = [{ name: 'OPERATOR', help: 'e-mail or id' }];
const passwordOption = { 'password-env': { value: 'VARIABLE', help: 'take the password from this environment variable instead of making one' } };

export const operatorCommands: readonly Command[] = [{
  name: 'operator create', summary: 'Create an operator who signs in to the console; a password that is made here is told once',
  options: { email: { value: 'ADDRESS', required: true, help: 'what he signs in with' }, name: { value: 'NAME', required: true, help: 'as it stands on records' }, ...rolesOption, ...passwordOption },
  example: 'holdfast operator create --email ada@example.com --name "Ada Lovelace" --role compliance_officer --role support_agent',
  run: (call) => call.withApp(async (app, actor) => {
    const password = passwordFrom(call), input = { email: call.need('email'), name: call.need('name'), roles: rolesFrom(call), password: password.text };
    const { operatorId } = call.accept(await app.act(actor, (tx) => app.security.createOperator(tx, input)));
    call.print({ operatorId, email: input.email, roles: input.roles, ...password.told }, facts({ operator: operatorId, 'e-mail': input.email, roles: input.roles, ...password.told }));
    return EXIT.done;
  }),
}, {
  name: 'operator disable', summary: 'Disable an operator; his sessions end at their next request', arguments: who, options: reasonOption, example: 'holdfast operator disable ada@example.com --reason "left the company"',
  run: (call) => changeStatus(call, 'disable'),
}, {
  name: 'operator enable', summary: 'Enable a disabled operator again', arguments: who, options: reasonOption, example: 'holdfast operator enable ada@example.com --reason "is back"',
  run: (call) => changeStatus(call, 'enable'),
}, {
  name: 'operator reset-password', summary: 'Give an operator a new password and end a lock', arguments: who, options: passwordOption, example: 'holdfast operator reset-password ada@example.com',
  run: (call) => call.withApp(async (app, actor) => {
    const password = passwordFrom(call), operatorId = await idOf(app, call.argument('OPERATOR'));
    call.accept(await app.act(actor, (tx) => app.security.resetPassword(tx, operatorId, password.text)));
    call.print({ operatorId, ...password.told }, facts({ operator: operatorId, password: '(as given)', ...password.told }));
    return EXIT.done;
  }),
}, {
  name: 'operator list', summary: 'List operators', example: 'holdfast operator list',
  run: (call) => call.withApp(async (app) => {
    const operators = await app.security.operators();
    call.print({ data: operators }, table(operators, { OPERATOR: (one) => one.operatorId, 'E-MAIL': (one) => one.email, NAME: (one) => one.name, ROLES: (one) => one.roles,
      STATUS: (one) => one.status, 'LOCKED UNTIL': (one) => (one.lockedUntil && one.lockedUntil > app.clock.now() ? one.lockedUntil : null), CREATED: (one) => one.createdAt }, 'there are no operators'));
    return EXIT.done;
  }),
}];

function changeStatus(call: Call, verb: 'disable' | 'enable'): Promise<number> {
  return call.withApp(async (app, actor) => {
    const operatorId = await idOf(app, call.argument('OPERATOR')), reason = call.need('reason');
    const { changed } = call.accept(await app.act(actor, (tx) => (verb === 'disable' ? app.security.disableOperator(tx, operatorId, reason) : app.security.enableOperator(tx, operatorId, reason))));
    call.print({ operatorId, changed }, `${operatorId} ${changed ? 'is' : 'was'} ${verb}d${changed ? '' : ' before'}`);
    return EXIT.done;
  });
}

async function idOf(app: App, emailOrId: string): Promise<string> {
  const found = (await app.security.operators()).find((one) => one.operatorId === emailOrId || one.email === emailOrId.toLowerCase());
  if (!found) throw new HoldfastError('not_found', `there is no operator ${emailOrId}; holdfast operator list tells them`);
  return found.operatorId;
}

/** The password, and what of it is to be printed: only what was made here. */
function passwordFrom(call: Call): { readonly text: string; readonly told: { readonly password?: string } } {
  const { secret } = secretFrom(call, 'password-env');
  const text = secret ?? randomBytes(18).toString('base64url');
  return { text, told: secret === undefined ? { password: text } : {} };
}

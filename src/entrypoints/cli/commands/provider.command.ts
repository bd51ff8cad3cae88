import { EXIT, type Call, type Command } from '../frame/command.js';
import { reasonOption } from '../frame/shared-options.js';
import { table } from '../frame/table.js';

const which = [{ name: 'PROVIDER_ID', help: 'as `holdfast provider list` tells it' }];

export const providerCommands: readonly Command[] = [{
  name: 'provider list', summary: 'List providers of all categories', example: 'holdfast provider list',
  run: (call) => call.withApp(async (app) => {
    const providers = await app.providers.providers();
    call.print({ data: providers }, table(providers, { PROVIDER: (one) => one.providerId, NAME: (one) => one.name, CATEGORY: (one) => one.category, 'LEGAL ENTITY': (one) => one.legalEntity,
      PROCESSES: (one) => one.jurisdictions, PROTOCOL: (one) => one.protocol, TERMS: (one) => one.terms.at(-1)?.version, STATUS: (one) => one.status }, 'there are no providers'));
    return EXIT.done;
  }),
}, {
  name: 'provider suspend', summary: 'Send no more calls to a provider, on every gateway within a second', arguments: which, options: reasonOption, example: 'holdfast provider suspend openai --reason "incident 2026-14"',
  run: (call) => changeStatus(call, 'suspend'),
}, {
  name: 'provider resume', summary: 'Send calls to a suspended provider again', arguments: which, options: reasonOption, example: 'holdfast provider resume openai --reason "incident 2026-14 is over"',
  run: (call) => changeStatus(call, 'resume'),
}];

function changeStatus(call: Call, verb: 'suspend' | 'resume'): Promise<number> {
  return call.withApp(async (app, actor) => {
    const providerId = call.argument('PROVIDER_ID'), reason = call.need('reason');
    const { changed } = call.accept(await app.act(actor, (tx) => (verb === 'suspend' ? app.providers.suspendProvider(tx, providerId, reason) : app.providers.resumeProvider(tx, providerId, reason))));
    const state = verb === 'suspend' ? 'suspended' : 'active';
    call.print({ providerId, changed, status: state }, `${providerId} ${changed ? 'is' : 'was'} ${state}${changed ? '' : ' before'}`);
    return EXIT.done;
  });
}

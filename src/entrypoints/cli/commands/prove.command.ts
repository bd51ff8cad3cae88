import { writeFileSync } from 'node:fs';
import { checkProofFile, type AskedProof } from '../../../domain/ledger/index.js';
import { reportText } from '../../offline/print-report.js';
import { EXIT, type Command, UsageError } from '../frame/command.js';
import { purposeFrom, purposeOption } from '../frame/shared-options.js';

export const proveCommand: Command = {
  name: 'prove', summary: 'Make a file that proves, without this system: these are all calls of an account in a window, there is no such call, or this call is on record',
  options: {
    account: { value: 'ID', help: 'the account; with --from and --to: all its calls of the window' },
    from: { value: 'TIME', help: 'begin of the window, RFC 3339; calls that began at or after it' }, to: { value: 'TIME', help: 'end of the window; calls that began before it' },
    call: { value: 'REQUEST_ID', help: 'an id of ours: proves that the call is on record, or with --account that the account has none with it' },
    out: { value: 'FILE', required: true, help: 'where to write it; readable by you alone' }, ...purposeOption('dispute_resolution'),
  },
  example: 'holdfast prove --account acme --from 2026-03-01T00:00:00Z --to 2026-04-01T00:00:00Z --out march.json',
  run: (call) => {
    const asked = askedOf(call.text('account'), call.text('call'), call.text('from'), call.text('to')), purpose = purposeFrom(call, 'dispute_resolution'), out = call.need('out');
    return call.withApp(async (app, actor) => {
      const text = call.accept(await app.ledger.proveCalls(actor, asked, { purpose }));
      writeFileSync(out, text, { mode: 0o600 });
      const report = checkProofFile(text, { trustedKey: app.ledger.verifierKey() });
      call.print({ file: out, ...report }, reportText(out, report));
      return report.verdict === 'intact' ? EXIT.done : EXIT.verificationFailed;
    });
  },
};

function askedOf(account: string | undefined, callId: string | undefined, from: string | undefined, to: string | undefined): AskedProof {
  if (callId !== undefined) {
    if (from !== undefined || to !== undefined) throw new UsageError('--call stands without --from and --to');
    return { callId, ...(account === undefined ? {} : { account }) };
  }
  if (account === undefined || from === undefined || to === undefined) throw new UsageError('give --account with --from and --to, or --call');
  return { account, from: timeOf(from, '--from'), to: timeOf(to, '--to') };
}

function timeOf(text: string, where: string): Date {
  const at = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(at.getTime())) throw new UsageError(`${where} "${text}" is no time with an offset, such as 2026-03-01T00:00:00Z`);
  return at;
}

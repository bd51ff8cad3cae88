import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { CLASSES } from '../../../domain/cases/index.js';
import { HoldfastError } from '../../../kernel/errors.js';
import { EXIT, type Command, UsageError } from '../frame/command.js';
import { facts, table } from '../frame/table.js';

export const reconcileCommands: readonly Command[] = [{
  name: 'reconcile import', summary: "Take in a provider's usage file (CSV); the same file again changes nothing", arguments: [{ name: 'FILE', help: 'columns day, model, input_tokens, output_tokens and, where given, request_id, amount, currency' }],
  options: { provider: { value: 'ID', required: true, help: 'the provider it comes from' } }, example: 'holdfast reconcile import november.csv --provider openai',
  run: (call) => call.withApp(async (app, actor) => {
    const path = call.argument('FILE'), csv = readFileSync(path, 'utf8');
    const one = call.accept(await app.act(actor, (tx) => app.cases.importUsage(tx, { providerId: call.need('provider'), name: basename(path), csv })));
    call.print(one, facts({ import: one.importId, rows: one.rows, days: `${one.fromDay} to ${one.toDay}`, by: one.byRequest ? 'request' : 'day and model', state: one.changed ? 'imported' : 'was imported before' }));
    return EXIT.done;
  }),
}, {
  name: 'reconcile show', summary: 'Hold an imported file against our calls: matched, different, ours only, theirs only, per day and model', arguments: [{ name: 'IMPORT', help: 'as `holdfast reconcile import` tells it', optional: true }],
  options: { 'tolerance-tokens': { value: 'N', help: 'so many tokens may differ; 0 unless given' }, 'tolerance-percent': { value: 'P', help: 'such a share of theirs may differ, up to two decimals; the larger of both counts' } },
  example: 'holdfast reconcile show 01999d5e-7b3c-7000-8000-000000000000 --tolerance-percent 0.5',
  run: (call) => call.withApp(async (app, actor) => {
    const id = call.argument('IMPORT');
    if (id === '') {
      const imports = await app.cases.usageImports();
      call.print({ data: imports }, table(imports, { IMPORT: (one) => one.importId, PROVIDER: (one) => one.providerId, FILE: (one) => one.name, ROWS: (one) => one.rows, FROM: (one) => one.fromDay, TO: (one) => one.toDay, IMPORTED: (one) => one.importedAt }, 'no usage file was imported'));
      return EXIT.done;
    }
    const found = await app.cases.reconcileUsage(id, { tokens: whole(call.text('tolerance-tokens') ?? '0'), basisPoints: basisPoints(call.text('tolerance-percent') ?? '0') });
    if (!found) throw new HoldfastError('not_found', `there is no import ${id}; holdfast reconcile show lists them`);
    await app.act(actor, (tx) => app.ledger.append(tx, { action: 'usage.reconcile', subjectKind: 'usage_import', subjectId: id, purpose: 'billing' }));
    const { groups, total, differences } = found.result;
    call.print({ imported: found.imported, ...found.result }, [facts(Object.fromEntries(CLASSES.map((kind) => [kind.replace('_', ' '), total[kind]]))),
      table(groups, { DAY: (one) => one.day, MODEL: (one) => one.model, MATCHED: (one) => one.counts.matched, DIFFERS: (one) => one.counts.amount_differs, 'OURS ONLY': (one) => one.counts.ours_only, 'THEIRS ONLY': (one) => one.counts.theirs_only, 'OURS IN/OUT': (one) => `${one.ours.input}/${one.ours.output}`, 'THEIRS IN/OUT': (one) => `${one.theirs.input}/${one.theirs.output}` }, 'nothing on either side'),
      ...(differences.length === 0 ? [] : [table(differences.slice(0, 50), { CLASS: (one) => one.class, DAY: (one) => one.day, "PROVIDER'S ID": (one) => one.upstreamRequestId, REQUEST: (one) => one.requestId, OURS: (one) => one.ours && `${one.ours.input}/${one.ours.output}`, THEIRS: (one) => one.theirs && `${one.theirs.input}/${one.theirs.output}` }, '')])].join('\n\n'));
    return EXIT.done;
  }),
}];

function whole(text: string): bigint {
  if (!/^\d{1,12}$/.test(text)) throw new UsageError(`--tolerance-tokens "${text}" is not a whole number`);
  return BigInt(text);
}
function basisPoints(text: string): bigint {
  const [, percent, part = ''] = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  if (percent === undefined) throw new UsageError(`--tolerance-percent "${text}" is not a percentage such as 0.5`);
  return BigInt(percent) * 100n + BigInt(part.padEnd(2, '0'));
}

import { createInterface } from 'node:readline/promises';
import type { ImportRow, Price } from '../../../domain/billing/index.js';
import { HoldfastError } from '../../../kernel/errors.js';
import { formatMicros } from '../../../kernel/money.js';
import { planImport } from '../../views/plan-import.js';
import { EXIT, UsageError, type Call, type Command } from '../frame/command.js';
import { table } from '../frame/table.js';

type Amounts = Pick<Price, 'inputMicros' | 'cacheReadMicros' | 'cacheWriteMicros' | 'outputMicros' | 'longContext'>;

export const pricesCommands: readonly Command[] = [{
  name: 'prices list', summary: 'List the price book: every price there ever was, per million tokens', options: { provider: { value: 'ID', help: 'only this provider' } }, example: 'holdfast prices list --provider openai',
  run: (call) => call.withApp(async (app) => {
    const prices = (await app.billing.prices()).filter((price) => call.text('provider') === undefined || price.providerId === call.text('provider'));
    call.print({ data: prices }, table(prices, { MODEL: (one) => one.model, PROVIDER: (one) => one.providerId, FROM: (one) => one.effectiveFrom, VERSION: (one) => one.version, CURRENCY: (one) => one.currency, ...AMOUNTS, SOURCE: (one) => one.source ?? 'by hand', PRICE: (one) => one.priceId }, 'there are no prices'));
    return EXIT.done;
  }),
}, {
  name: 'prices import', summary: 'Take prices from the bundled library for the models that have routes; shows what would change and asks',
  options: {
    provider: { value: 'ID', help: 'only this provider of ours' }, model: { value: 'NAME', help: 'only this model, by its name here or in the library' },
    markup: { value: 'PERCENT', help: 'add so much to every amount; 12.5 is an eighth' }, from: { value: 'DAY', help: "first day, YYYY-MM-DD; today in the operator's time zone unless given" },
    all: { help: 'also models that no route leads to' }, 'dry-run': { help: 'only show what would change' }, yes: { help: 'do not ask' },
  },
  example: 'holdfast prices import --provider openai --markup 10',
  run: (call) => call.withApp(async (app, actor) => {
    const plan = call.accept(await planImport(app, { provider: call.text('provider'), model: call.text('model'), markupPercent: percentOf(call.text('markup')), from: call.text('from'), all: call.flag('all') }));
    const count = (state: ImportRow['state']): number => plan.rows.filter((row) => row.state === state).length, due = count('added') + count('changed');
    const counts = `${count('added')} added, ${count('changed')} changed, ${count('unchanged')} unchanged, ${count('kept')} kept, ${count('left_out')} left out`;
    const shown = `${tableOf(plan.rows)}\n\nsource: ${plan.source}, USD per million tokens\n${counts}`;
    if (call.flag('dry-run') || due === 0) { call.print({ dryRun: true, ...plan }, `${shown}\n${due === 0 ? 'there is nothing to import' : 'nothing was changed (dry run)'}`); return EXIT.done; }
    if (!call.flag('yes')) { call.note(shown); await confirm(call, `Set ${due} ${due === 1 ? 'price' : 'prices'}? [y/N] `); }
    const done = call.accept(await app.act(actor, (tx) => app.billing.importPrices(tx, plan, plan.digest)));
    call.print({ dryRun: false, ...done, ...plan }, `${call.flag('yes') ? `${shown}\n` : ''}${done.added} prices added, ${done.changed} changed`);
    return EXIT.done;
  }),
}];

const AMOUNTS = {
  INPUT: (one: Amounts) => formatMicros(one.inputMicros), 'CACHE READ': (one: Amounts) => formatMicros(one.cacheReadMicros), 'CACHE WRITE': (one: Amounts) => formatMicros(one.cacheWriteMicros),
  OUTPUT: (one: Amounts) => formatMicros(one.outputMicros), 'LONG CONTEXT': (one: Amounts) => one.longContext && `above ${one.longContext.above}: ${formatMicros(one.longContext.inputMicros)} / ${formatMicros(one.longContext.outputMicros)}`,
};

function tableOf(rows: readonly ImportRow[]): string {
  const was = (row: ImportRow, name: 'inputMicros' | 'outputMicros'): string => {
    const now = row.after?.[name] ?? row.before?.[name], before = row.before?.[name];
    return now === undefined ? '-' : row.state === 'changed' && before !== undefined && before !== now ? `${formatMicros(before)} → ${formatMicros(now)}` : formatMicros(now);
  };
  return table(rows, { '': (row) => row.state.replace('_', ' '), MODEL: (row) => row.model, PROVIDER: (row) => row.providerId, FROM: (row) => row.effectiveFrom, INPUT: (row) => was(row, 'inputMicros'), OUTPUT: (row) => was(row, 'outputMicros'),
    'CACHE READ': (row) => row.after && formatMicros(row.after.cacheReadMicros), 'LONG CONTEXT': (row) => row.after && AMOUNTS['LONG CONTEXT']({ ...row.after }), LIBRARY: (row) => row.libraryModel, NOTE: (row) => row.note }, 'no model has a route to a provider the library knows');
}

function percentOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^-?\d+(?:\.\d+)?$/.test(text)) throw new UsageError(`--markup "${text}" is not a number`);
  return Number(text);
}

/** Only a person at a terminal can be asked. */
async function confirm(call: Call, question: string): Promise<void> {
  if (!process.stdin.isTTY) throw new HoldfastError('confirmation_required', 'nothing was changed; look at the table and run it again with --yes');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    if (!/^y(?:es)?$/i.test((await terminal.question(question)).trim())) throw new HoldfastError('confirmation_required', 'nothing was changed');
  } finally { terminal.close(); }
  call.note('');
}

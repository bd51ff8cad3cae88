import { USAGE_GROUPS, type UsageRow } from '../../../domain/gateway/index.js';
import { formatMicros } from '../../../kernel/money.js';
import { isDay } from '../../../kernel/period.js';
import { usageCsv } from '../../views/usage-csv.js';
import { usageWindow } from '../../views/usage-window.js';
import { EXIT, UsageError, type Call, type Command } from '../frame/command.js';
import { oneOf, purposeFrom, purposeOption } from '../frame/shared-options.js';
import { table } from '../frame/table.js';

export const usageCommand: Command = {
  name: 'usage', summary: 'Add up usage and charges from the calls on record; the reading is on record',
  options: {
    account: { value: 'ID', help: 'only this account' }, key: { value: 'KEY', help: 'only this key, by its id or name' }, from: { value: 'DAY', help: 'first day, or an instant; 30 days back unless given' },
    to: { value: 'DAY', help: 'last day, or an instant not included; today unless given' }, by: { value: 'GROUP', help: `${USAGE_GROUPS.join(', ')}; day unless given` }, csv: { help: 'print CSV for a spreadsheet' }, ...purposeOption('billing'),
  },
  example: 'holdfast usage --account acme --by model',
  run: (call) => call.withApp(async (app, actor) => {
    const groupBy = oneOf(USAGE_GROUPS, call.text('by') ?? 'day', '--by'), account = call.text('account'), key = call.text('key');
    const bounds = call.accept(usageWindow(app, dayFrom(call, 'from'), dayFrom(call, 'to'))), purpose = purposeFrom(call, 'billing');
    const rows = await app.gateway.usage({ account, key, ...bounds, groupBy });
    // The record first: nothing is shown that is not on record as seen.
    await app.act(actor, (tx) => app.ledger.append(tx, { action: 'usage.read', subjectKind: 'calls', subjectId: 'usage', purpose,
      after: { account: account ?? null, key: key ?? null, from: bounds.from.toISOString(), to: bounds.to.toISOString(), group_by: groupBy } }));
    call.print({ ...bounds, groupBy, data: rows }, call.flag('csv') ? usageCsv(groupBy, rows).trimEnd() : `${table(rows, columnsOf(groupBy), 'no calls')}${totalsOf(rows)}`);
    return EXIT.done;
  }),
};

const columnsOf = (groupBy: string): Record<string, (row: UsageRow) => unknown> => ({ [groupBy.toUpperCase()]: (row) => row.group, CALLS: (row) => row.calls, ESTIMATED: (row) => row.estimated, INPUT: (row) => row.input,
  'CACHE READ': (row) => row.cacheRead, 'CACHE WRITE': (row) => row.cacheWrite, OUTPUT: (row) => row.output, COST: (row) => formatMicros(row.costMicros), CURRENCY: (row) => row.currency });

function totalsOf(rows: readonly UsageRow[]): string {
  const byCurrency = new Map<string, bigint>();
  for (const row of rows) if (row.currency !== null) byCurrency.set(row.currency, (byCurrency.get(row.currency) ?? 0n) + row.costMicros);
  return [...byCurrency].map(([currency, micros]) => `\ntotal ${formatMicros(micros)} ${currency}`).join('');
}

function dayFrom(call: Call, option: 'from' | 'to'): string | undefined {
  const text = call.text(option);
  if (text !== undefined && !isDay(text) && !/^\d{4}-\d{2}-\d{2}T\S+$/.test(text)) throw new UsageError(`--${option} "${text}" is neither a day, YYYY-MM-DD, nor an instant`);
  return text;
}

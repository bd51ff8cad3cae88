import { isRefusal } from '../../../kernel/result.js';
import { EXIT, UsageError, type Command } from '../frame/command.js';
import { facts, table } from '../frame/table.js';

export const purgeReplayCommand: Command = {
  name: 'purge replay', whileClosed: true,
  summary: 'After a backup of the database was restored: remove again what is certified as gone since, and open reads',
  options: {
    'dry-run': { help: 'tell what would be removed and what is lost; change nothing' },
    'accept-lost': { value: 'N', help: 'go on although N records written since the backup are lost; --dry-run tells the number' },
  },
  example: 'holdfast purge replay --dry-run',
  run: (call) => call.withApp(async (app, actor) => {
    const dryRun = call.flag('dry-run'), text = call.text('accept-lost');
    if (text !== undefined && !/^\d{1,18}$/.test(text)) throw new UsageError('--accept-lost takes the number of records that --dry-run tells as lost');
    const report = await app.retention.replayPurges(actor, { dryRun, ...(text === undefined ? {} : { acceptLost: BigInt(text) }), onEntry: (entry) => { call.note(`entry ${entry.number}: ${entry.kind} ${entry.subject}, ${entry.rows} rows`); } });
    if (isRefusal(report)) { call.accept(report); return EXIT.failed; }
    const { closed } = await app.ledger.standing(), { gap } = report;
    call.print({ ...report, closed: closed ?? null }, [
      table(report.entries, { ENTRY: (one) => one.number, KIND: (one) => one.kind, SUBJECT: (one) => one.subject, AT: (one) => one.at, [dryRun ? 'ROWS THERE AGAIN' : 'ROWS REMOVED']: (one) => one.rows }, 'the database knows every removal of the journal'),
      facts({ ...(gap ? { 'log at the backup': `${gap.fromSize} leaves`, 'published log': `${gap.toSize} leaves`, 'records lost': gap.lost, 'records found unsealed': gap.found } : {}), rows: report.rows,
        ...(report.keysDestroyed.length > 0 ? { 'keys destroyed again': report.keysDestroyed } : {}), reads: dryRun ? (closed === undefined ? 'open' : 'closed until this is run without --dry-run') : closed ?? 'open' }),
      ...dryRun && gap && gap.lost > 0n ? [`To go on: holdfast purge replay --accept-lost ${gap.lost}`] : [],
    ].join('\n'));
    return dryRun || closed === undefined ? EXIT.done : EXIT.failed;
  }),
};

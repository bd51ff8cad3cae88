import { migrate } from '../../../platform/db/index.js';
import { EXIT, type Command } from '../frame/command.js';

export const migrateCommand: Command = {
  name: 'migrate', summary: "Bring the database to this program's schema and make the partitions of the coming days",
  whileClosed: true,
  example: 'DATABASE_URL=postgres://holdfast@db.internal/holdfast holdfast migrate',
  run: (call) => call.withApp(async (app) => {
    const done = await migrate(app.database, app.clock);
    call.print({ migrations: done }, done.length > 0 ? done.map((name) => `ran ${name}`).join('\n') : 'the schema is up to date');
    return EXIT.done;
  }),
};

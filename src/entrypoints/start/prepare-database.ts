// Schema and first data, before any role looks at the database.
import { createApp } from '../../app.js';
import type { Config } from '../../platform/config/config.js';
import { migrate } from '../../platform/db/index.js';
import { firstRun } from '../cli/first-run.js';

/** Addresses the demo data and first-run.json name. */
export interface Urls { readonly gatewayUrl: string; readonly consoleUrl: string; readonly standInUrl: string }

/** Migrates, and fills an instance without operators. Throws `conflict` for a database of a newer program, which stays as it is. */
export async function prepareDatabase(config: Config, urls: Urls, step: <T>(title: string, work: () => Promise<T>) => Promise<T>): Promise<void> {
  const app = await createApp(config, 'supervisor');
  try {
    await step('database', async () => {
      const done = await migrate(app.database, app.clock);
      return done.length > 0 ? `${done.length} migrations` : 'up to date';
    });
    await step('demo data', async () => await firstRun(app, urls) === 'created' ? 'created' : 'kept');
  } finally { await app.close(); }
}

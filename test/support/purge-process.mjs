// Runs one purge run in a process of its own, for the tests that kill it.
import { createApp } from '../../dist/src/app.js';
import { parseConfig } from '../../dist/src/platform/config/config.js';

const { PURGE_RUN: runId, ...env } = process.env;
const app = await createApp(parseConfig(env), 'worker');
await app.retention.runPurge(runId);
await app.close();
process.stdout.write('done\n');

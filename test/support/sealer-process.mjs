// A sealer in a process of its own, for the tests that kill it.
import { createApp } from '../../dist/src/app.js';
import { startSealer } from '../../dist/src/entrypoints/jobs/sealer.js';
import { parseConfig } from '../../dist/src/platform/config/config.js';

const app = await createApp(parseConfig(process.env), 'sealer');
const sealer = await startSealer(app);
process.once('SIGTERM', async () => { await sealer.close(); await app.close(); process.exit(0); });

// A gateway in a process of its own, for tests that kill it. Prints one line of JSON with its URL; ends gracefully on SIGTERM.
import { createApp } from '../../dist/src/app.js';
import { startGateway } from '../../dist/src/entrypoints/http/gateway-server.js';
import { parseConfig } from '../../dist/src/platform/config/config.js';

const app = await createApp(parseConfig(process.env), 'gateway');
const gateway = await startGateway(app);
process.stdout.write(`${JSON.stringify({ url: gateway.url })}\n`);
let asked = false;
process.on('SIGTERM', () => {
  if (asked) { gateway.hurry(); return; }
  asked = true;
  void gateway.close().then(() => app.close()).then(() => process.exit(0));
});

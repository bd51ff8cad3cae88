// For a container engine: `node bin/healthcheck.mjs ROLE` ends with 0 when the role of this container works.
import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FRESH_MS = 45_000;
const PORTS = { gateway: process.env.GATEWAY_PORT || '4000', console: process.env.CONSOLE_PORT || '4001' };

/** Roles with a door are asked; the others touch a file as long as their event loop turns and the database answers them. */
async function isHealthy(role) {
  if (role in PORTS) return (await fetch(`http://127.0.0.1:${PORTS[role]}/healthz`, { signal: AbortSignal.timeout(4_000) })).ok;
  return Date.now() - statSync(join(tmpdir(), `holdfast-${role}.alive`)).mtimeMs < FRESH_MS;
}

try { process.exitCode = await isHealthy(process.argv[2]) ? 0 : 1; } catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

// Stops what global-setup started; an outside server only loses the template.
import { rmSync } from 'node:fs';
import pg from 'pg';

export default async function teardown() {
  const servers = globalThis.holdfastTestServers;
  if (!servers) return;
  if (servers.running.length < 2) {
    const client = new pg.Client(process.env.TEST_POSTGRES_URL);
    await client.connect().catch(() => undefined);
    for (const name of servers.databases) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`).catch(() => undefined);
    await client.end().catch(() => undefined);
  }
  await Promise.all(servers.running.map((server) => server.stop()));
  servers.running.length = 0;
  rmSync(servers.folder, { recursive: true, force: true });
}

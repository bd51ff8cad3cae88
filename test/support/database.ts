// A database of its own for each test file, copied from a migrated template.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createApp, type App } from '../../src/app.js';
import type { Clock } from '../../src/kernel/clock.js';
import { parseConfig } from '../../src/platform/config/config.js';
import { createLogger } from '../../src/platform/log/log.js';

/** Set by global-setup: a server's maintenance URL and the name of the migrated template database. */
function server(): { url: string; template: string } {
  const url = process.env['TEST_POSTGRES_URL'], template = process.env['TEST_POSTGRES_TEMPLATE'];
  if (!url || !template) throw new Error('no test server: run `npm test`, or jest with global-setup');
  return { url, template };
}

export interface TestDatabase { readonly url: string; drop(): Promise<void> }

/** Makes a database from the template. Call `drop` in afterAll. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { url, template } = server();
  const name = `t_${randomBytes(6).toString('hex')}`;
  const run = async (sql: string): Promise<void> => {
    const client = new pg.Client(url);
    await client.connect();
    try { await client.query(sql); } finally { await client.end(); }
  };
  await run(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return { url: own.toString(), drop: () => run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

export interface TestApp { readonly app: App; readonly home: string; readonly databaseUrl: string; close(): Promise<void> }

/**
 * The real composition root on a database and home folder of its own; Redis is the run's, under a prefix of its own when asked for.
 * `env` adds variables; `clock` injects one. Logs below error are dropped.
 */
export async function createTestApp(options: { env?: Record<string, string>; clock?: Clock } = {}): Promise<TestApp> {
  const database = await createTestDatabase();
  const home = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  const config = parseConfig({ HOLDFAST_HOME: home, DATABASE_URL: database.url, REDIS_URL: process.env['TEST_REDIS_URL'], HOLDFAST_LOG_LEVEL: 'error', GATEWAY_PORT: '0', CONSOLE_PORT: '0', ...options.env });
  const app = await createApp(config, 'test', { ...(options.clock ? { clock: options.clock } : {}), log: createLogger('test', 'error') });
  return { app, home, databaseUrl: database.url, close: async () => {
    await app.close();
    await database.drop();
    rmSync(home, { recursive: true, force: true });
  } };
}

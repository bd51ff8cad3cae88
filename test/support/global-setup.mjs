// Real servers for one run of the tests: the embedded PostgreSQL and Redis in a temporary folder, unless the environment names others.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createApp } from '../../dist/src/app.js';
import { parseConfig } from '../../dist/src/platform/config/config.js';
import { migrate } from '../../dist/src/platform/db/index.js';
import { startEmbeddedPostgres } from '../../dist/src/platform/embedded/postgres.js';
import { startEmbeddedRedis } from '../../dist/src/platform/embedded/redis.js';
import { killServers, PREFIX, removeAbandoned } from './test-servers.mjs';

export default async function setup() {
  await removeAbandoned();
  const servers = globalThis.holdfastTestServers = { folder: mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`)), running: [], databases: [] };
  // Root's servers run as nobody, who must be able to pass through. Whatever tests put into the folder for temporary files goes with it.
  chmodSync(servers.folder, 0o711);
  process.env.TMPDIR = join(servers.folder, 'tmp');
  mkdirSync(process.env.TMPDIR, { mode: 0o711 });
  // However the run ends, nothing of it stays; only kill -9 gets past this, and the next run's removeAbandoned repairs that.
  process.once('exit', () => killServers(servers));
  if (!process.env.TEST_POSTGRES_URL) {
    const postgres = await startEmbeddedPostgres({ home: servers.folder, durable: false });
    servers.running.push(postgres);
    const url = new URL(postgres.url);
    url.pathname = '/postgres';
    process.env.TEST_POSTGRES_URL = url.toString();
  }
  if (!process.env.TEST_REDIS_URL) {
    const redis = await startEmbeddedRedis({ home: servers.folder, path: process.env.PATH ?? '' });
    servers.running.push(redis);
    process.env.TEST_REDIS_URL = redis.url;
  }
  process.env.TEST_POSTGRES_TEMPLATE = await makeTemplate(process.env.TEST_POSTGRES_URL, servers);
}

async function makeTemplate(url, servers) {
  const template = `template_${randomBytes(4).toString('hex')}`;
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`CREATE DATABASE ${template}`);
  await client.end();
  servers.databases.push(template);
  const own = new URL(url);
  own.pathname = `/${template}`;
  const app = await createApp(parseConfig({ DATABASE_URL: own.toString(), REDIS_URL: process.env.TEST_REDIS_URL, HOLDFAST_HOME: join(servers.folder, 'template') }), 'template');
  await migrate(app.database, app.clock);
  await app.close();
  return template;
}

// Placeholder until the embedded launcher is in place: uses servers named by the environment.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { createApp } from '../../dist/src/app.js';
import { parseConfig } from '../../dist/src/platform/config/config.js';
import { migrate } from '../../dist/src/platform/db/index.js';

export default async function setup() {
  const url = process.env.TEST_POSTGRES_URL;
  const template = `template_${randomBytes(4).toString('hex')}`;
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`CREATE DATABASE ${template}`);
  await client.end();
  const own = new URL(url);
  own.pathname = `/${template}`;
  const app = await createApp(parseConfig({ DATABASE_URL: own.toString(), HOLDFAST_HOME: '/tmp/holdfast-template' }), 'template');
  await migrate(app.database, app.clock);
  await app.close();
  process.env.TEST_POSTGRES_TEMPLATE = template;
}

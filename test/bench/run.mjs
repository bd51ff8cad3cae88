// `npm run bench -- NAME [options]`: runs test/bench/NAME.bench.mjs on the built program and a PostgreSQL of its own that keeps fsync.
// A benchmark exports one function; it gets the app and answers lines { name, value, unit }, or prints for itself.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url)), root = join(here, '..', '..');
const [name, ...options] = process.argv.slice(2), file = join(here, `${name}.bench.mjs`);
if (!name || !existsSync(file)) {
  console.error(`usage: npm run bench -- ${readdirSync(here).flatMap((entry) => (entry.endsWith('.bench.mjs') ? [entry.replace('.bench.mjs', '')] : [])).join(' | ')}`);
  process.exit(2);
}
process.chdir(root);
if (!existsSync(join(root, 'dist', 'src', 'app.js')) && spawnSync('npm', ['run', 'build'], { stdio: 'inherit' }).status !== 0) process.exit(1);
const { createApp } = await import('../../dist/src/app.js');
const { parseConfig } = await import('../../dist/src/platform/config/config.js');
const { migrate } = await import('../../dist/src/platform/db/index.js');
const { startEmbeddedPostgres } = await import('../../dist/src/platform/embedded/postgres.js');

const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
process.once('exit', () => { rmSync(folder, { recursive: true, force: true }); });
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
const postgres = await startEmbeddedPostgres({ home: folder, durable: true });
process.once('exit', () => { try { process.kill(postgres.pid, 'SIGQUIT'); } catch { /* it stopped before us */ } });
const env = { DATABASE_URL: postgres.url, HOLDFAST_HOME: folder, HOLDFAST_LOG_LEVEL: 'error', GATEWAY_PORT: '0' };
const app = await createApp(parseConfig(env), 'bench');
await migrate(app.database, app.clock);
const { default: bench } = await import(file);
const lines = await bench({ app, env, folder, options, postgres });
for (const line of lines ?? []) console.log(`${line.name}: ${line.value} ${line.unit ?? ''}`);
await app.close();
await postgres.stop();
process.exit(0);

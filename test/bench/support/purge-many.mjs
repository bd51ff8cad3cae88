// Many days at once while a gateway writes: disk given back, what the writer noticed, and the memory of the purging process.
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePartitions } from '../../../dist/src/platform/db/index.js';
import { DAY_MS } from './purge-days.mjs';
import { purgeInProcess, thinned } from './purge-figures.mjs';
import { startQuiet } from './processes.mjs';

const HELD = 'bench-7', QUIET_S = 30;
const round = (value) => Number(value.toPrecision(3)), n = (value) => Math.round(value).toLocaleString('en'), gb = (bytes) => `${round(bytes / 1e9)} GB`;
const sleep = (seconds) => new Promise((done) => { setTimeout(done, seconds * 1000); });

/** One account is held in the first half of the days, so that as many partitions are rewritten as are dropped. Prints. */
export async function manyDays({ app, env, total, days, rate, another, hold }) {
  const { pool } = app.database, perDay = Math.ceil(total / days), seeding = performance.now(), made = [];
  for (let day = 0; day < days; day++) {
    made.push(await another(perDay));
    if (day % 20 === 19) console.error(`  ${day + 1} days of ${n(perDay)} calls, ${n((performance.now() - seeding) / 1000)} s`);
  }
  await hold(HELD, made[0].at, new Date(made[0].at.getTime() + Math.floor(days / 2) * DAY_MS));
  console.log(`\n${n(perDay * days)} calls in ${days} partitions, one account of a thousand held in half of them; a gateway puts ${rate} calls a second on record`);
  await ensurePartitions(pool, app.clock.now(), new Date(app.clock.now().getTime() + DAY_MS));
  await pool.query(`ALTER SYSTEM SET log_lock_waits = on`);
  await pool.query(`ALTER SYSTEM SET deadlock_timeout = '10ms'`);
  await pool.query('SELECT pg_reload_conf()');
  const sealer = startQuiet('test/support/sealer-process.mjs', env), writer = startWriter(env, rate);
  await sleep(10);
  await writer.window('before');
  await sleep(QUIET_S);
  const size = async () => Number((await pool.query('SELECT pg_database_size(current_database()) AS bytes')).rows[0].bytes);
  const before = await size(), quiet = await writer.window('purge');
  const run = await purgeInProcess(env, 2_000), busy = await writer.window('after');
  await sleep(QUIET_S);
  const after = await writer.window('end');
  await pool.query('CHECKPOINT');
  const left = Number((await pool.query('SELECT count(*) AS n FROM calls WHERE account_id LIKE $1', ['bench-%'])).rows[0].n);
  if (left !== run.rowsHeld || run.rowsDeleted + left !== perDay * days) throw new Error(`${left} calls are left, ${run.rowsDeleted} deleted, ${run.rowsHeld} held, of ${perDay * days}`);
  console.log(`purge: plan ${round(run.planSeconds)} s, run ${round(run.runSeconds)} s to its certificate: ${n(run.rowsDeleted)} rows, ${n(run.rowsHeld)} held, ${n(run.rowsDeleted / run.runSeconds)} rows/s; processor time of the process ${round(run.cpuSeconds)} s`);
  console.log(`disk: ${gb(before)} before, ${gb(await size())} after`);
  console.log(`memory of the purging process over the run: ${thinned(run.memory)} MB, peak ${round(run.peak)} MB`);
  const without = quantiles([...quiet.took, ...after.took]), under = quantiles(busy.took);
  console.log(`writes without a purge: ${describe(without)}; before it p99 ${round(quantiles(quiet.took).p99)} ms, after it ${round(quantiles(after.took).p99)} ms`);
  console.log(`writes during plan and purge: ${describe(under)}; p99 ${round(under.p99 / without.p99)} times; ${quiet.failed + busy.failed + after.failed} failed`);
  const waits = lockWaits((await pool.query('SHOW data_directory')).rows[0].data_directory);
  console.log(`waits for a lock of a table above 10 ms by any statement: ${waits.length === 0 ? 'none' : `${waits.length}, the longest ${n(Math.max(...waits))} ms`}`);
  for (const child of [sealer, writer.child]) { const ended = new Promise((done) => { child.once('exit', done); }); child.kill(child === sealer ? 'SIGTERM' : 'SIGKILL'); await ended; }
}

function startWriter(env, rate) {
  const child = fork(join(import.meta.dirname, 'purge-writer.mjs'), [String(rate)], { execArgv: [], env: { PATH: process.env.PATH, ...env } });
  process.once('exit', () => child.kill('SIGKILL'));
  return { child, window: (from) => new Promise((resolve) => { child.once('message', resolve); child.send({ from }); }) };
}

function quantiles(took) {
  const sorted = took.toSorted((a, b) => a - b), at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), longest: sorted.at(-1) };
}

function describe({ count, p50, p99, longest }) { return `${n(count)}, p50 ${round(p50)} ms, p99 ${round(p99)} ms, longest ${round(longest)} ms`; }

/** What the server's log says of waits for locks of tables that ended with the lock, ms. */
function lockWaits(data) {
  return [...readFileSync(join(data, '..', 'server.log'), 'utf8').matchAll(/acquired (\w+)Lock on relation \d+ of database \d+ after ([\d.]+) ms/g)].map((match) => Number(match[2]));
}

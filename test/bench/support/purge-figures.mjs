// A purge in a process of its own, and whether it did what its figures say.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpackLeaves } from '../../../dist/src/domain/retention/purged-leaves.js';

/** What takes rows away, with all commits, since the files go with one; the rest of a run lists, counts, proves. */
const REMOVES = /^(ALTER TABLE|DROP TABLE|CREATE TABLE|INSERT INTO calls|DELETE|LOCK TABLE|DO |COMMIT)/;

/** Processor time of the server and all its sessions so far, those that ended included, s (Linux; 0 elsewhere). What to compare on a busy machine. */
export function serverCpu(pid) {
  try {
    const times = (one, ...fields) => { const stat = readFileSync(`/proc/${one}/stat`, 'utf8').split(') ')[1].split(' '); return { parent: Number(stat[1]), spent: fields.reduce((sum, field) => sum + Number(stat[field]), 0) / 100 }; };
    return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && entry !== String(pid)).reduce((sum, entry) => { try { const { parent, spent } = times(entry, 11, 12); return parent === pid ? sum + spent : sum; } catch { return sum; } }, times(pid, 11, 12, 13, 14).spent);
  } catch { return 0; }
}

/** Plans and runs one; `every` ms its memory is noted. Answers what the process says. */
export function purgeInProcess(env, every = 500) {
  const child = spawn(process.execPath, ['--expose-gc', join(import.meta.dirname, 'purge-process.mjs'), String(every)], { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env.PATH, ...env } });
  process.once('exit', () => child.kill('SIGKILL'));
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (data) => { text += data; });
    child.once('close', (code) => {
      if (code !== 0) { reject(new Error(`the purging process ended with ${code}`)); return; }
      const run = JSON.parse(text);
      resolve({ ...run, removalSeconds: run.statements.filter((one) => REMOVES.test(one.kind)).reduce((sum, one) => sum + one.ms, 0) / 1000 });
    });
  });
}

/** Throws unless exactly what is not held is gone and its leaves, all of them and no others, are listed. Adds the bytes given back. */
export async function gone(app, { run, name, rows, leaf, held }) {
  const { pool } = app.database, count = async (from) => Number((await pool.query(`SELECT count(*) AS n FROM ${from}`)).rows[0].n), kept = held ? Math.ceil((rows - Number(held.split('-')[1])) / 1_000) : 0;
  const left = await count(`calls WHERE account_id LIKE 'bench-%'`), { rows: [item] } = await pool.query('SELECT purged_leaves, bytes_freed FROM purge_run_items WHERE run_id = $1', [run.runId]);
  if (left !== kept || run.rowsDeleted !== rows - kept || run.rowsHeld !== kept) throw new Error(`${left} calls are left in ${name}, ${run.rowsDeleted} deleted, ${run.rowsHeld} held; should be ${kept}`);
  const listed = unpackLeaves(item.purged_leaves), due = [];
  for (let n = 0; n < rows; n++) if (!held || n % 1_000 !== Number(held.split('-')[1])) due.push(leaf + Math.floor(n / 20) * 60 + n % 20 * 3 + Math.floor(n / 7) % 2);
  if (listed.length !== due.length || listed.some((one, at) => one !== due[at])) throw new Error('the certificate does not list the leaves that were emptied');
  run.bytesFreed = Number(item.bytes_freed);
}

/** At most 24 of a series, evenly spread, the last among them. */
export function thinned(series) { const step = Math.ceil(series.length / 24); return series.filter((_, at) => (series.length - 1 - at) % step === 0).join(' '); }

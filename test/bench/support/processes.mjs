// Children of a benchmark: started, found by the URL they print, ended with it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const children = [];
const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
process.once('exit', () => { for (const child of children) child.kill('SIGKILL'); rmSync(folder, { recursive: true, force: true }); });

/** Starts a script; resolves with its URL, once it printed one, and its pid. */
export function start(script, args = [], env = {}, options = []) {
  const child = spawn(process.execPath, [...options, script, ...args], { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env.PATH, ...env } });
  children.push(child);
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => { reject(new Error(`${script} ended with ${code}`)); });
    createInterface(child.stdout).on('line', (line) => { if (line.startsWith('{"url"')) resolve({ pid: child.pid, ...JSON.parse(line), kill: (signal) => new Promise((done) => { child.once('exit', done); child.kill(signal); }) }); });
  });
}

/** Starts a script that prints no URL. */
export function startQuiet(script, env) { const child = spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'inherit'], env: { PATH: process.env.PATH, ...env } }); children.push(child); return child; }

export const hasWrk = spawnSync('wrk', ['-v']).error === undefined, hasNginx = spawnSync('nginx', ['-v']).error === undefined;

let loads = 0;

/** Loads `url` with POSTs of `body` over `connections` for `seconds`, with `headers` beside the key's; requests a second and latencies in ms. wrk where there is one, else a worker of our own. */
export function load(url, { connections, seconds, body, key, headers = {} }) {
  return hasWrk ? loadWithWrk(url, { connections, seconds, body, key, headers }) : loadWithNode(url, { connections, seconds, body, key, headers });
}

function loadWithWrk(url, { connections, seconds, body, key, headers }) {
  const script = join(folder, `post-${loads += 1}.lua`);
  writeFileSync(script, `wrk.method = "POST"\nwrk.body = [[${body}]]\nwrk.headers["content-type"] = "application/json"\nwrk.headers["authorization"] = "Bearer ${key}"\n`
    + Object.entries(headers).map(([name, value]) => `wrk.headers["${name}"] = "${value}"\n`).join('')
    + `done = function(summary, latency, requests)\n  io.write(string.format("RESULT %d %d %d %d %d\\n", summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), summary.errors.status + summary.errors.read + summary.errors.connect + summary.errors.timeout))\nend\n`);
  return new Promise((resolve, reject) => {
    const child = spawn('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '30s', '-s', script, url]);
    let text = '';
    child.stdout.on('data', (data) => { text += data; });
    child.once('close', () => {
      const match = /RESULT (\d+) (\d+) (\d+) (\d+) (\d+)/.exec(text);
      if (!match) { reject(new Error(`wrk said: ${text}`)); return; }
      const [requests, micros, p50, p99, errors] = match.slice(1).map(Number);
      resolve({ perSecond: requests / (micros / 1e6), p50: p50 / 1_000, p99: p99 / 1_000, errors });
    });
  });
}

function loadWithNode(url, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'load.mjs'), url, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (data) => { text += data; });
    child.once('close', () => { try { resolve(JSON.parse(text)); } catch (error) { reject(error); } });
  });
}

/** Processor time of a process so far, ms (Linux); undefined elsewhere. */
export function cpuMs(pid) {
  const fields = statOf(pid);
  return fields && (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Processor time so far of all processes below `parent`, ms (Linux); undefined elsewhere. */
export function cpuMsBelow(parent) {
  try {
    let total = 0;
    for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
      const fields = statOf(pid);
      if (fields && Number(fields[1]) === parent) total += (Number(fields[11]) + Number(fields[12])) * 10;
    }
    return total;
  } catch { return undefined; }
}

function statOf(pid) { try { return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' '); } catch { return undefined; } }

// The embedded PostgreSQL: the real server as a private child, for installations that bring none of their own.
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { HoldfastError } from '../../kernel/errors.js';
import { freePort } from './free-port.js';
import { passwordOf } from './password.js';
import { findPostgres, type PostgresBinaries } from './postgres-binaries.js';
import { serverFolder } from './server-folder.js';
import { endProcess, isServerOf, startServer, type EmbeddedServer, type ServerProcess } from './server-process.js';
import { makeServerFolder, serverUser, type ServerUser } from './server-user.js';

const OWNER = 'holdfast', DATABASE = 'holdfast';
// Fast shutdown; if a backend hangs, immediate (recovers at the next start); a kill loses nothing committed either.
const STOP = [['SIGINT', 30_000], ['SIGQUIT', 5_000], ['SIGKILL', 2_000]] as const;
const START_PATIENCE_MS = 20_000, RECOVERY_PATIENCE_MS = 600_000;
/** Written to postgresql.conf by initdb; later changes there or by ALTER SYSTEM are the operator's. */
const SETTINGS: Record<string, string> = {
  max_connections: '200', shared_buffers: '128MB', synchronous_commit: 'on', wal_compression: 'on', max_wal_size: '1GB', min_wal_size: '80MB',
  timezone: 'UTC', log_timezone: 'UTC', log_line_prefix: '%m [%p] ', log_checkpoints: 'off',
  // DETAIL lines and parameters of failing statements would put customer data into the log.
  log_error_verbosity: 'terse', log_parameter_max_length_on_error: '0',
};

/**
 * Starts the server on the data below `home`, which it makes at first use; a server of ours that a killed supervisor left
 * behind is stopped first. `durable: false` (tests) gives up fsync. Throws HoldfastError with one line that says what to do.
 */
export async function startEmbeddedPostgres(options: { home: string; durable?: boolean }): Promise<EmbeddedServer> {
  const user = serverUser();
  const base = serverFolder(options.home, user);
  const folder = join(base, 'postgres'), data = join(folder, 'data');
  const binaries = findPostgres(base, user);
  makeServerFolder(folder, user);
  const password = passwordOf(options.home, 'postgres');
  if (!existsSync(data)) initialise(binaries, folder, data, password, user, options.durable ?? true);
  refuseOtherMajor(data, binaries.major);
  await stopOrphan(data);
  const { server, port } = await startOnFreePort(binaries, folder, data, user, options.durable ?? true, password);
  const url = urlOf(port, password, DATABASE);
  return { url, pid: server.pid, ended: server.ended, stop: async () => {
    if (!server.hasEnded()) await endProcess(server.pid, STOP);
    await server.ended;
  } };
}

function urlOf(port: number, password: string, database: string): string {
  return `postgres://${OWNER}:${password}@127.0.0.1:${port}/${database}`;
}

// Commit point: the rename. A crash before it leaves data.new, which the next start removes.
function initialise(binaries: PostgresBinaries, folder: string, data: string, password: string, user: ServerUser | undefined, durable: boolean): void {
  const fresh = `${data}.new`, passwordFile = join(folder, 'initial-password');
  rmSync(fresh, { recursive: true, force: true });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) chownSync(passwordFile, user.uid, user.gid);
  try {
    const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const run = spawnSync(binaries.initdb, ['-D', fresh, '-U', OWNER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8',
      '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions', ...durable ? [] : ['--no-sync'], ...settings,
    ], { ...user, cwd: folder, encoding: 'utf8', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } });
    if (run.status !== 0) throw new HoldfastError('internal', `initdb failed: ${lastLines(run.error?.message ?? `${run.stdout}\n${run.stderr}`)}`);
    renameSync(fresh, data);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(fresh, { recursive: true, force: true });
  }
}

function refuseOtherMajor(data: string, major: number): void {
  const found = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (found !== String(major)) throw new HoldfastError('conflict', `the data folder ${data} was made by PostgreSQL ${found}, and this Holdfast brings PostgreSQL ${major}; start the version that made it, or move the data over with pg_dump`);
}

async function stopOrphan(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  if (isServerOf(pid, 'postgres', data)) {
    if (!await endProcess(pid, STOP)) throw new HoldfastError('conflict', `a PostgreSQL left on ${data} does not stop (process ${pid}); end it, then start again`);
  }
  // A stale file names a process id that may be a stranger's by now, at which PostgreSQL would refuse to start.
  rmSync(file, { force: true });
}

async function startOnFreePort(binaries: PostgresBinaries, folder: string, data: string, user: ServerUser | undefined, durable: boolean, password: string): Promise<{ server: ServerProcess; port: number }> {
  const portFile = join(folder, 'port');
  const remembered = existsSync(portFile) ? Number.parseInt(readFileSync(portFile, 'utf8'), 10) : undefined;
  const sockets = socketFolder(folder, user);
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(attempt === 1 ? remembered : undefined);
    const server = startServer({
      command: binaries.postgres, folder: data, user, logFile: join(folder, 'server.log'),
      args: ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', sockets, ...durable ? [] : ['-F', '-c', 'full_page_writes=off', '-c', 'synchronous_commit=off']],
    });
    const problem = await untilReady(server, port, password);
    if (problem === undefined) {
      writeFileSync(portFile, String(port));
      return { server, port };
    }
    if (!server.hasEnded()) await endProcess(server.pid, STOP);
    // A port taken in between, or backends of a killed server that have not noticed its end yet: try again.
    const passing = /Address already in use|pre-existing shared memory block|shared memory.*in use/.test(problem);
    if (!passing || attempt >= 10) throw new HoldfastError('internal', `PostgreSQL did not start (${join(folder, 'server.log')}): ${lastLines(problem)}`);
    await sleep(300);
  }
}

/** A folder for the unix socket, or '' (TCP only) where the path would pass the kernel's limit of 107 bytes or read as a list. */
function socketFolder(folder: string, user: ServerUser | undefined): string {
  const sockets = join(folder, 'socket');
  if (Buffer.byteLength(sockets) > 85 || /[,"]/.test(sockets)) return '';
  makeServerFolder(sockets, user);
  return sockets;
}

/** Waits for the first answer and makes the database. Resolves to what went wrong, or undefined. */
async function untilReady(server: ServerProcess, port: number, password: string): Promise<string | undefined> {
  const begin = performance.now();
  for (let patience = START_PATIENCE_MS; performance.now() - begin < patience; await sleep(25)) {
    if (server.hasEnded()) return server.logTail() || await server.ended;
    const client = new pg.Client({ connectionString: urlOf(port, password, 'postgres'), connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
      return undefined;
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === '57P03') patience = RECOVERY_PATIENCE_MS; // it replays its log after a crash, which may take minutes
      else if (code !== 'ECONNREFUSED' && code !== 'ECONNRESET') return `${(error as Error).message}\n${server.logTail()}`;
    } finally { await client.end().catch(() => undefined); }
  }
  return `no answer within ${START_PATIENCE_MS / 1000} s\n${server.logTail()}`;
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-4).map((line) => line.trim()).join(' | ');
}

// The embedded Redis: the real server as a private child. It holds the job queue and nothing that must be proven.
import { chownSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HoldfastError } from '../../kernel/errors.js';
import { freePort } from './free-port.js';
import { passwordOf } from './password.js';
import { findRedis, redisCaches } from './redis-binaries.js';
import { serverFolder } from './server-folder.js';
import { endProcess, isServerOf, startServer, type EmbeddedServer, type ServerProcess } from './server-process.js';
import { makeServerFolder, serverUser, type ServerUser } from './server-user.js';

const STOP = [['SIGTERM', 10_000], ['SIGKILL', 2_000]] as const;
const PROGRAMS = ['redis', 'valkey'];

/**
 * Starts the server on the folder below `home`; one that a killed supervisor left behind is stopped first. `path` is the PATH to
 * search. Throws HoldfastError with one line that says what to do.
 */
export async function startEmbeddedRedis(options: { home: string; path: string; caches?: readonly string[] }): Promise<EmbeddedServer> {
  const user = serverUser();
  const base = serverFolder(options.home, user);
  const binary = await findRedis(options.path, options.caches ?? redisCaches(base), user);
  const folder = join(base, 'redis');
  makeServerFolder(folder, user);
  await stopOrphan(folder);
  const password = passwordOf(options.home, 'redis');
  const portFile = join(folder, 'port');
  const remembered = existsSync(portFile) ? Number.parseInt(readFileSync(portFile, 'utf8'), 10) : undefined;
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(attempt === 1 ? remembered : undefined);
    writeConfig(folder, port, password, user);
    const server = startServer({ command: binary.command, args: [join(folder, 'redis.conf')], folder, user, logFile: join(folder, 'server.log'), env: binary.env });
    writeFileSync(join(folder, 'pid'), String(server.pid));
    const problem = await untilReady(server, port, password);
    if (problem === undefined) {
      writeFileSync(portFile, String(port));
      return { url: `redis://:${password}@127.0.0.1:${port}`, pid: server.pid, ended: server.ended, stop: () => stop(server, folder) };
    }
    await stop(server, folder);
    if (!/in use/.test(problem) || attempt >= 5) throw new HoldfastError('internal', `Redis did not start (${join(folder, 'server.log')}): ${problem.split('\n').slice(-3).join(' | ')}`);
  }
}

async function stop(server: ServerProcess, folder: string): Promise<void> {
  if (!server.hasEnded()) await endProcess(server.pid, STOP);
  await server.ended;
  rmSync(join(folder, 'pid'), { force: true });
}

// The password is in a file of mode 0600, never on a command line that every user of the machine can read.
function writeConfig(folder: string, port: number, password: string, user: ServerUser | undefined): void {
  const file = join(folder, 'redis.conf');
  writeFileSync(file, [
    'bind 127.0.0.1', `port ${port}`, 'protected-mode yes', `requirepass ${password}`, 'daemonize no', `dir "${folder}"`,
    // Every queued job survives a crash but for the last second; the tables know what was lost and enqueue it again.
    'appendonly yes', 'appendfsync everysec', 'save ""', 'maxmemory-policy noeviction', '',
  ].join('\n'), { mode: 0o600 });
  if (user) chownSync(file, user.uid, user.gid);
}

async function stopOrphan(folder: string): Promise<void> {
  const file = join(folder, 'pid');
  if (!existsSync(file)) return;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  if (PROGRAMS.some((program) => isServerOf(pid, program, folder)) && !await endProcess(pid, STOP)) {
    throw new HoldfastError('conflict', `a Redis left on ${folder} does not stop (process ${pid}); end it, then start again`);
  }
  rmSync(file, { force: true });
}

async function untilReady(server: ServerProcess, port: number, password: string): Promise<string | undefined> {
  for (const deadline = performance.now() + 20_000; performance.now() < deadline; await sleep(20)) {
    if (server.hasEnded()) return server.logTail() || await server.ended;
    if (await pings(port, password)) return undefined;
  }
  return `no answer within 20 s\n${server.logTail()}`;
}

/** One AUTH and PING by hand: a whole client for this would reconnect on its own. While it loads its file it answers -LOADING. */
function pings(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = createConnection({ port, host: '127.0.0.1' }, () => { socket.write(`AUTH ${password}\r\nPING\r\n`); });
    socket.setTimeout(2_000, () => { socket.destroy(); });
    socket.on('data', (bytes) => {
      answer += bytes.toString('latin1');
      if (answer.split('\r\n').length > 2) socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => { resolve(answer.includes('+PONG')); });
  });
}

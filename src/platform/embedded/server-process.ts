// A server as a private child: in a session of its own (a terminal's Ctrl-C does not reach it), its output in a log file.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readlinkSync, readSync, realpathSync, renameSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerUser } from './server-user.js';

const LOG_LIMIT = 10 * 1024 * 1024;

export interface EmbeddedServer {
  readonly url: string;
  readonly pid: number;
  /** Resolves when the server has ended, wanted or not. */
  readonly ended: Promise<string>;
  /** Ends the server cleanly and waits for it. */
  stop(): Promise<void>;
}

export interface ServerProcess {
  readonly pid: number;
  /** Resolves when the process has ended, with how: "exit code 1", "signal SIGKILL". */
  readonly ended: Promise<string>;
  hasEnded(): boolean;
  /** What this process has written to its log so far, at most the last 2,000 characters. */
  logTail(): string;
  signal(signal: NodeJS.Signals): void;
}

/** Starts `command`; its output is appended to `logFile`, which is renamed to `.1` when it is over 10 MB. */
export function startServer(options: { command: string; args: string[]; folder: string; user: ServerUser | undefined; logFile: string; env?: Record<string, string> }): ServerProcess {
  if (existsSync(options.logFile) && statSync(options.logFile).size > LOG_LIMIT) renameSync(options.logFile, `${options.logFile}.1`);
  const log = openSync(options.logFile, 'a+', 0o600);
  const from = fstatSync(log).size;
  const child: ChildProcess = spawn(options.command, options.args, {
    cwd: options.folder, detached: true, stdio: ['ignore', log, log], ...options.user,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', ...options.env },
  });
  closeSync(log);
  let how: string | undefined;
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => { resolve(how ??= error.message); });
    child.once('exit', (code, signal) => { resolve(how ??= signal ? `signal ${signal}` : `exit code ${code}`); });
  });
  return {
    pid: child.pid ?? -1, ended, hasEnded: () => how !== undefined,
    logTail: () => readTail(options.logFile, from),
    signal: (signal) => { child.kill(signal); },
  };
}

/** The last 2,000 characters of a log file, from byte `from` on. */
export function readTail(file: string, from = 0): string {
  if (!existsSync(file)) return '';
  const fd = openSync(file, 'r');
  try {
    const size = fstatSync(fd).size;
    const start = Math.max(Math.min(from, size), size - 2_000);
    const bytes = Buffer.alloc(size - start);
    readSync(fd, bytes, 0, bytes.length, start);
    return bytes.toString('utf8').trim();
  } finally { closeSync(fd); }
}

/** Whether a process of this id exists; one of another user counts. */
export function isAlive(pid: number): boolean {
  // 0 and below would ask about whole process groups, our own among them.
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try { process.kill(pid, 0); } catch (error) { return (error as NodeJS.ErrnoException).code === 'EPERM'; }
  // A zombie has ended; only its parent (perhaps a container's careless pid 1) has not looked yet.
  if (!existsSync(`/proc/${pid}/stat`)) return true;
  try { return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8')); } catch { return false; }
}

/** Whether the process really is `program` working in `folder`: an id alone may have passed to a stranger after a reboot. */
export function isServerOf(pid: number, program: string, folder: string): boolean {
  if (!isAlive(pid) || !existsSync(folder)) return false;
  const own = realpathSync(folder);
  if (existsSync('/proc/self/cwd')) {
    try { return readlinkSync(`/proc/${pid}/cwd`) === own && basename(readlinkSync(`/proc/${pid}/exe`)).startsWith(program); } catch { return false; }
  }
  const command = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  return command.includes(program) && command.includes(folder);
}

/** Sends each signal in turn until the process has ended, waiting so many milliseconds after each. Returns whether it ended. */
export async function endProcess(pid: number, steps: readonly (readonly [NodeJS.Signals, number])[]): Promise<boolean> {
  for (const [signal, patience] of steps) {
    try { process.kill(pid, signal); } catch { return !isAlive(pid); }
    for (const deadline = performance.now() + patience; performance.now() < deadline;) {
      if (!isAlive(pid)) return true;
      await sleep(20);
    }
  }
  return !isAlive(pid);
}

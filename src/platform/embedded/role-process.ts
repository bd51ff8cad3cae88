// One role as a supervised child: restarted with back-off when it dies, given up when it dies again and again.
import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, copyFileSync, existsSync, openSync, statSync, truncateSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { readTail } from './server-process.js';

const LOG_LIMIT = 20 * 1024 * 1024, LOG_CHECK_MS = 60_000;
const FAILURES = 5, WINDOW_MS = 60_000, LONGEST_DELAY_MS = 10_000, READY_PATIENCE_MS = 60_000;

/** What a role tells its supervisor over IPC. */
export type RoleMessage = { readonly ready: true; readonly url?: string } | { readonly failed: string };

export interface RoleProcess {
  readonly role: string;
  /** Resolves with its URL at the first time it is ready; rejects when it could not start at all. */
  readonly ready: Promise<string | undefined>;
  readonly pid: () => number | undefined;
  /** SIGTERM, and SIGKILL when it has not ended after so many milliseconds. It is not restarted. */
  stop(patienceMs: number): Promise<void>;
  /** A second SIGTERM to a role that is being stopped, which then ends at once and records what is open; SIGKILL after so many milliseconds. */
  hurry(patienceMs: number): void;
  /** SIGKILL at once. Recorded calls are safe: that is what the two commits are for. */
  kill(): void;
}

export interface RoleOptions {
  readonly role: string;
  readonly args: readonly string[];
  readonly executable: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
  /** Doubled before each further restart, up to 10 s; 500 ms unless told. */
  readonly firstDelayMs?: number;
  /** One line for the person in front of the terminal. */
  report(line: string): void;
  /** Called once, when the role was ready before and keeps dying. */
  onGivenUp(reason: string): void;
}

/** Starts the role in a session of its own (a terminal's Ctrl-C reaches only the supervisor) and keeps it running. */
export function startRole(options: RoleOptions): RoleProcess {
  const { role } = options;
  let child: ChildProcess | undefined, stopping = false, wasReady = false, failure: string | undefined;
  const deaths: number[] = [];
  let resolveReady: (url: string | undefined) => void = () => undefined, rejectReady: (error: Error) => void = () => undefined;
  const ready = new Promise<string | undefined>((resolve, reject) => { resolveReady = resolve; rejectReady = reject; });
  ready.catch(() => undefined);

  const launch = (): void => {
    failure = undefined;
    const log = openSync(options.logFile, 'a', 0o600);
    const started = child = fork(options.executable, [role, ...options.args], { env: options.env, detached: true, execArgv: [], stdio: ['ignore', log, log, 'ipc'] });
    closeSync(log);
    const late = setTimeout(() => { failure = `not ready within ${READY_PATIENCE_MS / 1000} s`; started.kill('SIGKILL'); }, READY_PATIENCE_MS);
    started.on('message', (message: RoleMessage) => {
      if ('failed' in message) { failure = message.failed; return; }
      clearTimeout(late);
      if (wasReady) options.report(`${role} is back`);
      wasReady = true;
      resolveReady(message.url);
    });
    started.once('error', (error) => { failure ??= error.message; });
    started.once('exit', (code, signal) => { clearTimeout(late); void onExit(signal ? `signal ${signal}` : `exit code ${code}`); });
  };

  const onExit = async (how: string): Promise<void> => {
    child = undefined;
    if (stopping) return;
    const reason = failure ?? `${how}${lastLogLine(options.logFile)}`;
    const now = performance.now();
    deaths.push(now);
    while (deaths[0]! < now - WINDOW_MS) deaths.shift();
    // A role that never came up will not by trying again: what is wrong stands in its message.
    if (!wasReady) { stopping = true; rejectReady(new Error(failure ?? `${role} did not start: ${reason}`)); return; }
    if (deaths.length >= FAILURES) { stopping = true; options.onGivenUp(`${role} died ${deaths.length} times within a minute (${reason}); its log is ${options.logFile}`); return; }
    const delay = Math.min((options.firstDelayMs ?? 500) * 2 ** (deaths.length - 1), LONGEST_DELAY_MS);
    options.report(`${role} ended (${reason}); starting it again in ${delay / 1000} s`);
    await sleep(delay, undefined, { ref: false });
    if (!stopping) launch();
  };

  const trimmer = setInterval(() => { trimLog(options.logFile); }, LOG_CHECK_MS);
  trimmer.unref();
  launch();
  const signal = (name: NodeJS.Signals): void => { stopping = true; child?.kill(name); };
  return {
    role, ready, pid: () => child?.pid, kill: () => { signal('SIGKILL'); },
    hurry: (patienceMs) => { signal('SIGTERM'); setTimeout(() => { signal('SIGKILL'); }, patienceMs).unref(); },
    stop: async (patienceMs) => {
      clearInterval(trimmer);
      signal('SIGTERM');
      for (const deadline = performance.now() + patienceMs; child; await sleep(20)) if (performance.now() > deadline) signal('SIGKILL');
    },
  };
}

function lastLogLine(file: string): string {
  const line = readTail(file).split('\n').at(-1)?.slice(0, 300);
  return line ? `: ${line}` : '';
}

/** The child appends, so its file can be emptied under it; at most the lines of that instant are lost. */
function trimLog(file: string): void {
  if (!existsSync(file) || statSync(file).size < LOG_LIMIT) return;
  copyFileSync(file, `${file}.1`);
  truncateSync(file);
}

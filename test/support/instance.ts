// A whole instance as a person starts it: `node bin/holdfast.mjs start` in a process of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const EXECUTABLE = resolve('bin', 'holdfast.mjs');

export interface StartedInstance {
  readonly home: string; readonly child: ChildProcess;
  /** Everything printed so far. */
  readonly output: () => string;
  readonly exited: Promise<number>;
  /** Resolves when everything runs; throws with the output when it ended instead. */
  readonly up: Promise<{ gatewayUrl: string; consoleUrl: string; curl: string }>;
}

/** A folder for one instance, outside every other test's. */
export function temporaryHome(): string { return mkdtempSync(join(tmpdir(), 'holdfast-home-')); }

/** Starts an instance on free ports; `env` adds to an environment that names nothing of ours. */
export function startInstance(home: string, env: Record<string, string> = {}, nodeArgs: string[] = []): StartedInstance {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(HOLDFAST_|TEST_|NODE_OPTIONS|DATABASE_URL|REDIS_URL|.*_PORT$)/.test(name)));
  const child = spawn(process.execPath, [...nodeArgs, EXECUTABLE, 'start'], {
    stdio: ['ignore', 'pipe', 'pipe'], cwd: tmpdir(),
    env: { ...inherited, HOLDFAST_HOME: home, GATEWAY_PORT: '0', CONSOLE_PORT: '0', ...env },
  });
  let output = '';
  child.stdout.on('data', (bytes: Buffer) => { output += bytes.toString(); });
  child.stderr.on('data', (bytes: Buffer) => { output += bytes.toString(); });
  const exited = new Promise<number>((done) => { child.once('close', (code) => { done(code ?? -1); }); });
  const up = (async () => {
    let code: number | undefined;
    void exited.then((value) => { code = value; });
    while (!output.includes('Ctrl-C stops everything')) {
      if (code !== undefined) throw new Error(`the instance ended with exit code ${code}: ${output}`);
      await sleep(30);
    }
    const find = (pattern: RegExp): string => pattern.exec(output)?.[1] ?? '';
    return { gatewayUrl: find(/Gateway +(\S+)/), consoleUrl: find(/Console +(\S+)\/console/), curl: find(/^(curl .*)$/m) };
  })();
  up.catch(() => undefined);
  return { home, child, output: () => output, exited, up };
}

/** Every process that works for the instance of this home: by environment (roles) or working folder (servers). Linux. */
export function processesOf(home: string): { pid: number; command: string }[] {
  const own = realpathSync(home);
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      const environment = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0');
      const folder = readlinkSync(`/proc/${name}/cwd`);
      if (!environment.includes(`HOLDFAST_HOME=${home}`) && !folder.startsWith(`${own}/`)) return [];
      return [{ pid: Number(name), command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() }];
    } catch { return []; }
  });
}

/** Waits until the condition holds; throws after the patience, naming what was waited for. */
export async function eventually(what: string, condition: () => boolean | Promise<boolean>, patienceMs = 40_000): Promise<void> {
  for (const deadline = performance.now() + patienceMs; !await condition(); await sleep(50)) {
    if (performance.now() > deadline) throw new Error(`it did not come to pass within ${patienceMs / 1000} s that ${what}`);
  }
}

/** Ends whatever is left of an instance and removes its folder; for afterAll, whatever the test came to. */
export async function discard(home: string): Promise<void> {
  const kill = (): number => {
    const found = processesOf(home);
    for (const { pid } of found) try { process.kill(pid, 'SIGKILL'); } catch { /* has ended */ }
    return found.length;
  };
  await eventually('every process has ended', () => kill() === 0).catch(() => undefined);
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

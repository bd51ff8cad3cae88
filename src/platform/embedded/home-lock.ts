// One supervisor per home: two would run two PostgreSQL servers on one data folder.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HoldfastError } from '../../kernel/errors.js';
import { isAlive } from './server-process.js';

export interface HomeLock { release(): void }

/**
 * Takes the lock of a home. One whose process is gone (it was killed, or the machine went down) is taken over. Throws `conflict`
 * while another instance runs there.
 */
export function takeHomeLock(home: string): HomeLock {
  const folder = join(home, 'run'), lock = join(folder, 'supervisor.lock');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const own = join(folder, `supervisor.${process.pid}`), text = `${process.pid} ${startOf(process.pid)}\n`;
  writeFileSync(own, text, { mode: 0o600 });
  try {
    // The link exists for one of two that try at once; the other finds a living owner the second time round.
    for (let attempt = 0; attempt < 3; attempt++) {
      try { linkSync(own, lock); return { release: () => { rmSync(lock, { force: true }); } }; } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const found = read(lock);
      const [pid = '', start = ''] = found.trim().split(' ');
      if (isAlive(Number(pid)) && (start === '' || startOf(Number(pid)) === start)) {
        throw new HoldfastError('conflict', `Holdfast already runs on ${home} (process ${pid}); stop it first, or set HOLDFAST_HOME, GATEWAY_PORT and CONSOLE_PORT for a second one`);
      }
      removeStale(lock, `${own}.stale`, found);
    }
    throw new HoldfastError('conflict', `another start on ${home} is under way; try again`);
  } finally { rmSync(own, { force: true }); }
}

// Whoever moves the file away looks at what it moved: if a faster one has locked in between, it is put back.
function removeStale(lock: string, aside: string, expected: string): void {
  try { renameSync(lock, aside); } catch { return; }
  try { if (read(aside) !== expected) linkSync(aside, lock); } catch { /* the faster one has let go again */ } finally { rmSync(aside, { force: true }); }
}

function read(file: string): string {
  try { return readFileSync(file, 'utf8'); } catch { return ''; }
}

/** When the process began, in ticks since boot (Linux; '' elsewhere): a number that a later process of the same id does not share. */
function startOf(pid: number): string {
  try { return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? ''; } catch { return ''; }
}

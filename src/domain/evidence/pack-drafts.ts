// Files of packs while they are made: who writes them can be told from their names, so that those of dead processes can be removed.
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { sha256Hex } from '../../kernel/digest.js';
import { mintId, type Uuid } from '../../kernel/ids.js';

/** Two machines or containers may share the folder, and a process number means something only on its own. */
const HERE = sha256Hex(hostname()).slice(0, 12);
const NAME = /^\.[0-9a-f-]{36}\.([0-9a-f]{12})-(\d+)\.[0-9a-f-]{36}$/;
/** No attempt writes this long without ever touching its file. */
const LONGEST_MS = 60 * 60_000;

/** A path of its own for each attempt: two workers on one job must not write into one file. */
export function draftPath(home: string, packId: Uuid, at: Date): string { return join(home, 'packs', `.${packId}.${HERE}-${process.pid}.${mintId(at)}`); }

/** Removes what processes that are gone left behind; answers how many files. Drafts of others that may be alive stay for an hour. */
export async function removeLostDrafts(home: string): Promise<number> {
  const folder = join(home, 'packs');
  let removed = 0;
  for (const name of await readdir(folder).catch((): string[] => [])) {
    if (!name.startsWith('.')) continue;
    const [, host, process_] = NAME.exec(name) ?? [], path = join(folder, name);
    const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now());
    if (!(host === HERE && !isAlive(Number(process_))) && age < LONGEST_MS) continue;
    await rm(path, { force: true });
    removed += 1;
  }
  return removed;
}

function isAlive(pid: number): boolean {
  try { return process.kill(pid, 0); } catch (error) { return (error as NodeJS.ErrnoException).code === 'EPERM'; }
}

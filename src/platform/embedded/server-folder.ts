// Where an instance keeps the files of its embedded servers: in its home, or beside it when their user could not enter.
import { randomBytes } from 'node:crypto';
import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HoldfastError } from '../../kernel/errors.js';
import { canReach, type ServerUser } from './server-user.js';

const OUTSIDE = ['/var/lib/holdfast', '/var/tmp/holdfast'];

/**
 * The folder of the embedded servers. Normally `home` itself (made, 0711 for root so that nobody may pass, 0700 otherwise).
 * For root with a home below a private folder such as /root it is /var/lib/holdfast/<id>, and `home` remembers the path, so
 * that moving the home keeps its data. Throws `conflict` for a copied home, whose data belongs to the original.
 */
export function serverFolder(home: string, user: ServerUser | undefined, outside: readonly string[] = OUTSIDE): string {
  mkdirSync(home, { recursive: true });
  chmodSync(home, user ? 0o711 : 0o700);
  if (serverFolderOf(home) !== home) return remembered(home, serverFolderOf(home));
  if (!user || canReach(home, user)) return home;
  const folder = join(outside.find(isUsable) ?? outside[0]!, randomBytes(6).toString('hex'));
  mkdirSync(folder, { mode: 0o711, recursive: true });
  chmodSync(folder, 0o711);
  writeFileSync(join(folder, 'home'), realpathSync(home), { mode: 0o600 });
  writeFileSync(pointerOf(home), folder, { mode: 0o600, flush: true });
  return folder;
}

/** Where the server files of a home are now; makes nothing. */
export function serverFolderOf(home: string): string {
  return existsSync(pointerOf(home)) ? readFileSync(pointerOf(home), 'utf8').trim() : home;
}

function pointerOf(home: string): string { return join(home, 'servers.path'); }

function remembered(home: string, folder: string): string {
  const owner = join(folder, 'home');
  const own = realpathSync(home);
  if (!existsSync(owner)) throw new HoldfastError('conflict', `the data of ${home} was kept in ${folder}, which is gone; restore it, or remove ${pointerOf(home)} to begin an empty database`);
  const original = readFileSync(owner, 'utf8').trim();
  if (original !== own && existsSync(original)) {
    throw new HoldfastError('conflict', `${home} is a copy of ${original}, and the data in ${folder} belongs to that one; set HOLDFAST_HOME to a new folder`);
  }
  if (original !== own) writeFileSync(owner, own, { mode: 0o600 });
  return folder;
}

function isUsable(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o711 });
    chmodSync(folder, 0o711);
    accessSync(folder, constants.W_OK);
    return true;
  } catch { return false; }
}

// Finds a Redis (or Valkey) server; on Debian and Ubuntu without one, unpacks the distribution's own package, without root.
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { HoldfastError } from '../../kernel/errors.js';
import { canReach, type ServerUser } from './server-user.js';

export interface RedisBinary { readonly command: string; readonly env: Record<string, string> }

const run = promisify(execFile);
const NAMES = ['redis-server', 'valkey-server'];
const INSTALL_HINT = 'no Redis server was found; install one (Debian, Ubuntu: apt-get install redis-server; macOS: brew install redis), or set REDIS_URL to a server of yours';

/**
 * A server on `path`, else the distribution's package unpacked below a cache folder (`caches`, tried in order), where a later
 * start finds it again. Throws HoldfastError with the one command that helps when there is neither.
 */
export async function findRedis(path: string, caches: readonly string[], user: ServerUser | undefined): Promise<RedisBinary> {
  for (const folder of path.split(delimiter).filter(Boolean)) {
    for (const name of NAMES) if (runs({ command: join(folder, name), env: {} }, user)) return { command: join(folder, name), env: {} };
  }
  for (const cache of caches) {
    const cached = unpackedIn(join(cache, 'redis'));
    if (cached && runs(cached, user)) return cached;
  }
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg')) throw new HoldfastError('internal', INSTALL_HINT);
  return provision(caches, user);
}

/** Shared by the instances of one user, so that only the first ever downloads; `folder` is the fallback. */
export function redisCaches(folder: string): string[] {
  return [process.getuid?.() === 0 ? '/var/cache/holdfast' : join(homedir(), '.cache', 'holdfast'), folder];
}

function runs({ command, env }: RedisBinary, user: ServerUser | undefined): boolean {
  return existsSync(command) && spawnSync(command, ['--version'], { ...user, cwd: '/', env }).status === 0;
}

function unpackedIn(folder: string): RedisBinary | undefined {
  const command = join(folder, 'usr', 'bin', 'redis-server');
  if (!existsSync(command)) return undefined;
  const libraries = ['usr/lib', 'lib'].flatMap((lib) => [join(folder, lib), ...foldersIn(join(folder, lib))]);
  return { command, env: { LD_LIBRARY_PATH: libraries.join(delimiter) } };
}

function foldersIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.includes('-linux-gnu')).map((name) => join(folder, name)) : [];
}

async function provision(caches: readonly string[], user: ServerUser | undefined): Promise<RedisBinary> {
  // The servers' user must be able to read what is unpacked, whatever the caller's files are closed to.
  const mask = process.umask(0o022);
  const cache = caches.find((folder) => isUsable(folder, user));
  if (!cache) { process.umask(mask); throw new HoldfastError('internal', INSTALL_HINT); }
  const work = mkdtempSync(join(cache, 'partial-'));
  try {
    const apt = await aptWithLists(work);
    const archives = join(work, 'archives'), tree = join(work, 'tree');
    mkdirSync(archives);
    await run('apt-get', [...apt, 'download', '-q', ...await packages(apt)], { cwd: archives, timeout: 120_000, env: aptEnv });
    mkdirSync(tree, { mode: 0o755 });
    for (const archive of readdirSync(archives)) await run('dpkg', ['-x', join(archives, archive), tree], { timeout: 60_000, env: aptEnv });
    const found = unpackedIn(tree);
    // As ourselves: the folder of this download is closed to others until it is renamed.
    if (!found || !runs(found, undefined)) throw new Error('the unpacked server does not run');
    try { renameSync(tree, join(cache, 'redis')); } catch (error) { if (!unpackedIn(join(cache, 'redis'))) throw error; }
    return unpackedIn(join(cache, 'redis'))!;
  } catch (error) {
    throw new HoldfastError('internal', `${INSTALL_HINT} (downloading the package failed: ${firstLine(error)})`, { cause: error });
  } finally { process.umask(mask); rmSync(work, { recursive: true, force: true }); }
}

const aptEnv = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };

/** Options for apt: the system's package lists when they know redis-server, else lists of our own, which need no root. */
async function aptWithLists(work: string): Promise<string[]> {
  const unsandboxed = ['-o', 'APT::Sandbox::User=root'];
  if (await knowsRedis(unsandboxed)) return unsandboxed;
  const lists = join(work, 'lists'), cache = join(work, 'cache');
  for (const folder of [lists, cache]) mkdirSync(join(folder, 'partial'), { recursive: true });
  mkdirSync(join(cache, 'archives', 'partial'), { recursive: true });
  const own = [...unsandboxed, '-o', `Dir::State::lists=${lists}`, '-o', `Dir::Cache=${cache}`, '-o', 'Debug::NoLocking=1'];
  await run('apt-get', [...own, 'update', '-q'], { timeout: 120_000, env: aptEnv });
  return own;
}

async function knowsRedis(apt: string[]): Promise<boolean> {
  const { stdout } = await run('apt-get', [...apt, 'download', '--print-uris', 'redis-server', 'redis-tools'], { cwd: '/', timeout: 30_000, env: aptEnv }).catch(() => ({ stdout: '' }));
  return stdout.includes('redis-tools');
}

/** redis-server, redis-tools (which holds the program) and the libraries they name; libc is every system's own. */
async function packages(apt: string[]): Promise<string[]> {
  const names = ['redis-server', 'redis-tools'];
  const { stdout } = await run('apt-cache', [...apt, 'depends', '--important', ...names], { timeout: 30_000, env: aptEnv });
  const needed = [...stdout.matchAll(/^\s+\|?Depends: ([a-z0-9.+-]+)$/gm)].map((match) => match[1]!);
  return [...new Set([...names, ...needed.filter((name) => /^lib|^lua/.test(name) && !/^libc6|^libcrypt1$|^libgcc/.test(name))])];
}

function isUsable(folder: string, user: ServerUser | undefined): boolean {
  try { mkdirSync(folder, { recursive: true, mode: 0o755 }); } catch { return false; }
  const probe = join(folder, `.probe-${process.pid}`);
  try { mkdirSync(probe); rmSync(probe, { recursive: true }); return canReach(dirname(probe), user); } catch { return false; }
}

function firstLine(error: unknown): string {
  const text = (error as { stderr?: string }).stderr || (error as Error).message;
  return text.trim().split('\n').find((line) => line.startsWith('E:')) ?? text.trim().split('\n')[0] ?? '';
}

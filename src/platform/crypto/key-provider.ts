// Where the vault's keys live: outside the database, so that destroying one makes every copy of what it sealed unreadable, backups
// of the database included. Files under HOLDFAST_HOME/keys/vault here; a KMS can stand behind the same port.
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { keyFile } from './keyring.js';
import { openBytes, sealBytes } from './sealed-bytes.js';

/** Names are lower-case letters, digits and hyphens. */
export interface KeyProvider {
  /** The key of the name, 32 bytes, made at first use. Throws when it was destroyed: a name is never used again. */
  keyFor(name: string): Promise<Buffer>;
  /** The key, or undefined when there is none or it was destroyed. */
  findKey(name: string): Promise<Buffer | undefined>;
  /** Destroys the key for good; false when there was none. Safe to repeat after a crash. */
  destroyKey(name: string): Promise<boolean>;
  /** Names of the keys there are, sorted. */
  names(): Promise<string[]>;
}

const NAME = /^[a-z0-9][a-z0-9-]{0,99}$/;

/**
 * Keys as files (mode 0600), each sealed under the root key. A destroyed one leaves an empty `.gone` file behind. Several processes may
 * share the folder; whoever copies it keeps what it unlocks, so its backups must be shorter than the erasure that is promised.
 */
export function createFileKeyProvider(home: string): KeyProvider {
  const folder = join(home, 'keys', 'vault');
  const rootKey = (): Buffer => keyFile(join(home, 'keys'), 'root.key', () => randomBytes(32));
  const path = (name: string, ending: 'key' | 'gone'): string => {
    if (!NAME.test(name)) throw new Error(`not a key name: ${name.slice(0, 60)}`);
    return join(folder, `${name}.${ending}`);
  };
  const isGone = (name: string): boolean => existsSync(path(name, 'gone'));
  const read = (name: string): Buffer => openBytes(rootKey(), readFileSync(path(name, 'key')), `vault:${name}`);
  return {
    keyFor: async (name) => {
      if (isGone(name)) throw new Error(`the key ${name} was destroyed and is not made again`);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return openBytes(rootKey(), keyFile(folder, `${name}.key`, () => sealBytes(rootKey(), randomBytes(32), `vault:${name}`)), `vault:${name}`);
    },
    findKey: async (name) => (isGone(name) || !existsSync(path(name, 'key')) ? undefined : read(name)),
    destroyKey: async (name) => {
      const file = path(name, 'key');
      if (!existsSync(file)) return false;
      // The mark first: after a crash here nobody uses the key again, and the next call ends the work.
      writeFileSync(path(name, 'gone'), '', { mode: 0o600, flush: true });
      overwrite(file);
      rmSync(file);
      syncFolder(folder);
      return true;
    },
    names: async () => (existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.key')).map((file) => file.slice(0, -'.key'.length)).filter((name) => !isGone(name)).sort() : []),
  };
}

/** For what it is worth on the medium at hand: a file system that copies on write keeps the old blocks until it reuses them. */
function overwrite(file: string): void {
  const handle = openSync(file, 'r+');
  try {
    writeSync(handle, randomBytes(statSync(file).size), 0);
    fsyncSync(handle);
  } finally { closeSync(handle); }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try { fsyncSync(handle); } finally { closeSync(handle); }
}

// The files of cases, sealed under the root key in HOLDFAST_HOME/cases, outside the database and its backups.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HoldfastError } from '../../kernel/errors.js';
import { sha256Hex } from '../../kernel/digest.js';
import type { Uuid } from '../../kernel/ids.js';
import type { KeyRing } from '../../platform/crypto/keyring.js';

/** Larger files are refused. */
export const LARGEST_FILE = 20 * 1024 * 1024;

export interface CaseFiles {
  /** Whole or not at all; readable by this user alone. */
  write(fileId: Uuid, bytes: Buffer): void;
  /** Throws `not_found` where the file is gone, `verification_failed` where it is not what was stored. */
  read(fileId: Uuid, sha256: string): Buffer;
  /** Removes it; one that is gone already is no failure. */
  destroy(fileId: Uuid): void;
}

export function createCaseFiles(home: string, keys: KeyRing): CaseFiles {
  const folder = join(home, 'cases'), pathOf = (fileId: Uuid): string => join(folder, `${fileId}.sealed`), context = (fileId: Uuid): string => `case-file:${fileId}`;
  return {
    write: (fileId, bytes) => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const path = pathOf(fileId), temporary = `${path}.${process.pid}.new`;
      writeFileSync(temporary, keys.sealSecret(bytes.toString('base64'), context(fileId)), { mode: 0o600, flag: 'wx', flush: true });
      renameSync(temporary, path);
    },
    read: (fileId, sha256) => {
      let sealed: Buffer;
      try { sealed = readFileSync(pathOf(fileId)); } catch (error) { throw new HoldfastError('not_found', `the file ${fileId} is not in HOLDFAST_HOME/cases; was the folder restored?`, { cause: error }); }
      let bytes: Buffer;
      try { bytes = Buffer.from(keys.openSecret(sealed, context(fileId)), 'base64'); } catch (error) { throw new HoldfastError('verification_failed', `the file ${fileId} does not open: it was changed, or the root key is another`, { cause: error }); }
      if (sha256Hex(bytes) !== sha256) throw new HoldfastError('verification_failed', `the file ${fileId} is not what is on record`);
      return bytes;
    },
    destroy: (fileId) => { rmSync(pathOf(fileId), { force: true }); },
  };
}

// Where the build put the single-file verifier.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Path of verify.mjs: dist/verify.mjs of the installation this runs from, whether compiled or not. Undefined before a build. */
export function findVerifier(): string | undefined {
  for (let folder = dirname(fileURLToPath(import.meta.url)); dirname(folder) !== folder; folder = dirname(folder)) {
    const path = join(folder, 'dist', 'verify.mjs');
    if (existsSync(path)) return path;
  }
  return undefined;
}

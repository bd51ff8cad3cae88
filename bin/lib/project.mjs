// Where things lie in the package, and fingerprints of what a build step reads.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const inRoot = (...parts) => join(root, ...parts);

/** A failure whose message is the one line a person needs; anything else thrown is a defect of ours. */
export class SetupError extends Error {}

/** Whether this is a checkout to be built in place, not a package installed below some node_modules. */
export function isCheckout() { return existsSync(inRoot('src', 'main.ts')) && !root.split(sep).includes('node_modules'); }

/** Every file below the folder (or the file itself), sorted, as paths relative to the root. */
export function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [relative(root, path)];
  return readdirSync(path).sort().flatMap((name) => filesUnder(join(path, name)));
}

/** SHA-256 over names and contents; equal fingerprints mean an earlier result of the step still holds. */
export function fingerprint(paths, extra = '') {
  const hash = createHash('sha256').update(extra);
  for (const path of paths) hash.update(`\n${path}\n`).update(readFileSync(inRoot(path)));
  return hash.digest('hex');
}

/** The version that package-lock.json pins for a package. */
export function pinned(name) {
  return JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')).packages[`node_modules/${name}`]?.version ?? '';
}

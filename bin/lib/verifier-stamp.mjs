// Whether dist/verify.mjs is of the sources as they are. Apart from the bundler, which is there only once the dependencies are.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { filesUnder, fingerprint, inRoot, pinned } from './project.mjs';

export const verifierFile = inRoot('dist', 'verify.mjs');
const stamp = inRoot('dist', '.verify-sources');

/** Fingerprint of what the verifier is made of. */
export function verifierSources() {
  const sources = ['domain', 'entrypoints/offline', 'kernel', 'platform'].flatMap((folder) => filesUnder(inRoot('src', folder)));
  return fingerprint([...sources, 'bin/lib/verifier-bundle.mjs', 'package.json'].filter((path) => /\.(ts|mjs|json)$/.test(path)), pinned('esbuild') + pinned('zod'));
}

export function isVerifierStamped() { return existsSync(verifierFile) && existsSync(stamp) && readFileSync(stamp, 'utf8') === verifierSources(); }

export function stampVerifier(sources) { writeFileSync(stamp, sources); }

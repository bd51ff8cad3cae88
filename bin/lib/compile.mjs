// Compiles the TypeScript when it differs from what dist/ was made of.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { filesUnder, fingerprint, inRoot, pinned } from './project.mjs';
import { runCommand } from './run-command.mjs';

const stamp = inRoot('dist', '.sources');

function sources() {
  return ['src', 'migrations', 'ormconfig.ts', 'tsconfig.json'].flatMap((path) => filesUnder(inRoot(path))).filter((path) => /(\.ts|tsconfig\.json)$/.test(path));
}

const current = () => fingerprint(sources(), pinned('typescript'));

export function isCompiled() { return existsSync(stamp) && readFileSync(stamp, 'utf8') === current(); }

/** Runs tsc; throws SetupError with its messages. */
export async function compile() {
  const before = current();
  // Without a stamp nothing says that the compiler's own memory matches the files that are there.
  if (!existsSync(stamp)) rmSync(inRoot('dist', '.tsbuildinfo'), { force: true });
  rmSync(stamp, { force: true });
  await runCommand(process.execPath, [inRoot('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.json'], { first: 12 });
  removeLeftovers();
  writeFileSync(stamp, before);
}

/** A compiled file whose source is gone could still be imported, or run as a migration. */
function removeLeftovers() {
  const known = new Set(sources().map((path) => path.replace(/\.ts$/, '')));
  for (const path of ['src', 'migrations'].flatMap((folder) => filesUnder(inRoot('dist', folder)))) {
    if (/\.js(\.map)?$/.test(path) && !known.has(path.replace(/^dist./, '').replace(/\.js(\.map)?$/, ''))) rmSync(inRoot(path));
  }
}

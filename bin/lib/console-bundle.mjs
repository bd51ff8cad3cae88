// Bundles the console's browser components ahead of time; at run time AdminJS only serves the result.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { filesUnder, fingerprint, inRoot, pinned } from './project.mjs';
import { runCommand } from './run-command.mjs';

export const bundleFolder = inRoot('dist', 'console-bundle');
const stamp = inRoot('dist', 'console-bundle', '.sources');

function current() {
  const console_ = (...parts) => filesUnder(inRoot('src', 'entrypoints', 'console', ...parts));
  return fingerprint([...console_('components'), ...console_('components.ts'), ...console_('bundle.ts')], pinned('adminjs'));
}

export function isBundled() { return existsSync(inRoot('dist', 'console-bundle', 'bundle.js')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === current(); }

/** Bundles in a process of its own: it takes 0.5 GB, and AdminJS reads its settings when it is imported. */
export async function bundle() {
  const before = current();
  const module = pathToFileURL(inRoot('dist', 'src', 'entrypoints', 'console', 'bundle.js')).href;
  await runCommand(process.execPath, ['--input-type=module', '-e', `const { bundleConsole } = await import(${JSON.stringify(module)}); await bundleConsole(); process.exit(0);`]);
  writeFileSync(stamp, before);
}

// Builds the browser bundle of the console ahead of time; needs no database. Run at build time, never while serving.
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { consoleBundleFolder, prepareAdminJs, projectRoot } from '../../platform/config/adminjs-environment.js';

/**
 * Bundles the console's components into `outFolder` (bundle.js). Takes about 3 s of processor time and 0.2 GB. Must run in a process of its own:
 * AdminJS reads its settings when it is imported, and the current folder becomes the project's.
 */
export async function bundleConsole(outFolder: string = consoleBundleFolder()): Promise<void> {
  const folder = resolve(outFolder);
  prepareAdminJs('build', folder);
  // Babel looks for its plugins from the current folder upward.
  process.chdir(projectRoot());
  mkdirSync(folder, { recursive: true });
  const { AdminJS } = await import('adminjs');
  const { componentLoader } = await import('./components.js');
  await new AdminJS({ componentLoader, rootPath: '/console' }).initialize();
}

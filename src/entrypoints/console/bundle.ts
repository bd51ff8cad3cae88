// Builds the browser bundle of the console ahead of time; needs no database. Run at build time, never while serving.
import { mkdirSync } from 'node:fs';
import { consoleBundleFolder, prepareAdminJs } from '../../platform/config/adminjs-environment.js';

/**
 * Bundles the console's components into `outFolder` (bundle.js). Takes about 10 s and 0.5 GB. Must run in a process that has not
 * imported adminjs yet, since AdminJS reads its settings at that moment.
 */
export async function bundleConsole(outFolder: string = consoleBundleFolder()): Promise<void> {
  prepareAdminJs('build', outFolder);
  mkdirSync(outFolder, { recursive: true });
  const { AdminJS } = await import('adminjs');
  const { componentLoader } = await import('./components.js');
  await new AdminJS({ componentLoader, rootPath: '/console' }).initialize();
}

// All set-up of a checkout, in order; each step is skipped when its result is already there.
import { bundle, isBundled } from './console-bundle.mjs';
import { compile, isCompiled } from './compile.mjs';
import { dependenciesComplete, installDependencies } from './dependencies.mjs';
import { root, SetupError } from './project.mjs';
import { isVerifierStamped } from './verifier-stamp.mjs';
import { withSetupLock } from './setup-lock.mjs';

/** Brings node_modules, dist and the console bundle up to date. */
export async function setUp(step) {
  if (dependenciesComplete() && isCompiled() && isBundled() && isVerifierStamped()) return;
  try {
    await withSetupLock(async () => {
      if (!dependenciesComplete()) await step('dependencies', installDependencies);
      if (!isCompiled()) await step('build', async () => { await compile(); });
      if (!isVerifierStamped()) { const { bundleVerifier } = await import('./verifier-bundle.mjs'); await step('verifier', () => bundleVerifier()); }
      if (!isBundled()) await step('console bundle', async () => { await bundle(); });
    });
  } catch (error) {
    throw ['EACCES', 'EROFS', 'EPERM'].includes(error.code)
      ? new SetupError(`${root} is not built and cannot be written (${error.code}); run \`npm ci && npm run build\` there once as a user who may`)
      : error.code === 'ENOSPC' ? new SetupError(`no space is left on the disk of ${root}`) : error;
  }
}

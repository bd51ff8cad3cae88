// AdminJS takes three settings from the process environment at the moment it is imported; they are set here and nowhere else.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json, from compiled code in dist/ and from source alike. */
export function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error('package.json was not found above the program');
    folder = above;
  }
  return folder;
}

/** Where the prebuilt bundle of the console's components lies unless told otherwise. */
export function consoleBundleFolder(): string { return join(projectRoot(), 'dist', 'console-bundle'); }

/**
 * Must run before the first import of adminjs in this process. `serve` uses the bundle in `folder` as it is (bundling at start took
 * 8 s and 500 MB); `build` makes it. AdminJS picks its own minified scripts by NODE_ENV.
 */
export function prepareAdminJs(mode: 'serve' | 'build', folder: string): void {
  process.env['NODE_ENV'] = 'production';
  process.env['ADMIN_JS_TMP_DIR'] = resolve(folder);
  process.env['ADMIN_JS_SKIP_BUNDLE'] = mode === 'serve' ? 'true' : 'false';
}

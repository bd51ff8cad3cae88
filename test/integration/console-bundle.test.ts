import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../../src/platform/config/adminjs-environment.js';

test('the browser bundle is made without a database, from anywhere, and holds every component', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bundle-'));
  try {
    const module = pathToFileURL(join(projectRoot(), 'dist', 'src', 'entrypoints', 'console', 'bundle.js')).href;
    execFileSync(process.execPath, ['--input-type=module', '-e', `const { bundleConsole } = await import(${JSON.stringify(module)}); await bundleConsole(${JSON.stringify(folder)}); process.exit(0);`], { cwd: tmpdir(), stdio: 'pipe' });
    const bundle = readFileSync(join(folder, 'bundle.js'), 'utf8');
    for (const name of ['HoldfastHome', 'HoldfastLookup', 'HoldfastPurge', 'TopBar', 'Sidebar', 'ResourceRoute', 'ResourceActionRoute', 'RecordActionRoute']) expect(bundle).toContain(`AdminJS.UserComponents.${name}=`);
    expect(bundle.length).toBeLessThan(400_000);
    expect(existsSync(join(tmpdir(), '.adminjs'))).toBe(false);
  } finally { rmSync(folder, { recursive: true, force: true }); }
});

// Tools we did not write: poppler, qpdf, openssl. Where one is missing its tests are skipped with the reason; with CI=true they fail.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A test that needs these programs on PATH. */
export function testWithTools(tools: readonly string[], name: string, run: () => Promise<void>): void {
  const missing = tools.filter((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0);
  if (missing.length === 0) { test(name, run); return; }
  const reason = `${missing.join(', ')} not installed (apt-get install poppler-utils qpdf openssl)`;
  if (process.env['CI'] === 'true') test(name, () => { throw new Error(reason); });
  else test.skip(`${name}: ${reason}`, run);
}

/** Output of a program; throws with its error output when it does not exit with 0. */
export function output(tool: string, ...args: string[]): string {
  return execFileSync(tool, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 26 });
}

const folders: string[] = [];
afterAll(() => { for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true }); });

/** The bytes as a file in a folder of their own, which is removed after the tests of the file; answers the path. */
export function asFile(bytes: Buffer, name = 'pack.pdf'): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-pdf-'));
  folders.push(folder);
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

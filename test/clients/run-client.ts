// Runs an installed command-line client in an empty folder of its own.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Finished { readonly code: number | null; readonly out: string; readonly err: string }

/** `env` is all it gets beside PATH and HOME; `{home}` in a value is the empty folder. Kills it after two minutes. */
export function runClient(program: string, args: readonly string[], env: Record<string, string>): Promise<Finished> {
  const home = mkdtempSync(join(tmpdir(), 'holdfast-client-'));
  const own = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value.replaceAll('{home}', home)]));
  const child = spawn(program, args, { cwd: home, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], HOME: home, ...own }, timeout: 120_000 });
  let out = '', err = '';
  child.stdout.on('data', (bytes: Buffer) => { out += bytes.toString(); });
  child.stderr.on('data', (bytes: Buffer) => { err += bytes.toString(); });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => { rmSync(home, { recursive: true, force: true, maxRetries: 5 }); resolve({ code, out, err }); });
  });
}

const folder = join(process.env['CLIENTS_FOLDER'] ?? '', 'node_modules');
export const claude = (): string => join(packageOf('@anthropic-ai', 'claude-code-'), 'claude');
export const codex = (): string => { const vendor = join(packageOf('@openai', 'codex-'), 'vendor'); return join(vendor, readdirSync(vendor)[0]!, 'bin', 'codex'); };

/** The package with the program for this platform; npm installs the one that fits. */
function packageOf(scope: string, prefix: string): string {
  const name = readdirSync(join(folder, scope)).find((one) => one.startsWith(prefix) && one !== 'claude-code');
  if (name === undefined) throw new Error(`no ${scope}/${prefix}* for this platform is installed`);
  return join(folder, scope, name);
}

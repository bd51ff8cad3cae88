// `npm run clients`: installs Codex and Claude Code, pinned, into a folder of their own and runs them against a gateway under test.
// No part of `npm test`: it downloads 640 MB once. CLIENTS_FOLDER names another folder. Further arguments go to jest.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const CLIENTS = { '@openai/codex': '0.169.0', '@anthropic-ai/claude-code': '2.1.197' };
const folder = process.env.CLIENTS_FOLDER ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'holdfast-clients');

const run = (command, args, options) => { const { status } = spawnSync(command, args, { stdio: 'inherit', ...options }); if (status !== 0) process.exit(status ?? 1); };
const installed = (name) => { const file = join(folder, 'node_modules', name, 'package.json'); return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined; };

if (Object.entries(CLIENTS).some(([name, version]) => installed(name) !== version)) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', ...Object.entries(CLIENTS).map(([name, version]) => `${name}@${version}`)], { cwd: folder });
}
if (!existsSync(join(root, 'dist', 'src', 'app.js'))) run('npm', ['run', 'build'], { cwd: root });
run(process.execPath, ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', join(root, 'node_modules', 'jest', 'bin', 'jest.js'), '--testMatch', '**/test/clients/*.client.ts', '--runInBand', ...process.argv.slice(2)],
  { cwd: root, env: { ...process.env, CLIENTS_FOLDER: folder, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules`.trim() } });

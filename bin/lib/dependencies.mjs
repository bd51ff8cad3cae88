// Installs what package-lock.json names when node_modules is missing something of it.
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { inRoot } from './project.mjs';
import { runCommand } from './run-command.mjs';

/**
 * Whether node_modules holds every package of the lockfile in its version. npm writes its own record (.package-lock.json) as the
 * last thing it does, so an interrupted install does not look complete. The compiler needs the development packages (types) too.
 */
export function dependenciesComplete() {
  const record = inRoot('node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = packagesOf(inRoot('package-lock.json')), found = packagesOf(record);
  return Object.entries(wanted).every(([path, entry]) =>
    path === '' || entry.optional || entry.devOptional || found[path]?.version === entry.version);
}

/**
 * Runs `npm ci`; reports how many packages have arrived. What npm's cache knows is taken as it is (a third of the processor time
 * less); only if that fails is the registry asked about every package.
 */
export async function installDependencies(report) {
  const expected = Object.keys(packagesOf(inRoot('package-lock.json'))).filter((path) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path));
  const timer = setInterval(() => {
    const arrived = expected.filter((path) => existsSync(inRoot(path, 'package.json'))).length;
    report(arrived === 0 ? 'fetching' : `${arrived} of ${expected.length} packages`);
  }, 500);
  const [command, ...before] = npm();
  const install = (...more) => runCommand(command, [...before, 'ci', '--include=optional', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error', ...more]);
  try {
    await install('--prefer-offline').catch(() => install());
  } finally { clearInterval(timer); }
  return `${expected.length} packages`;
}

function packagesOf(file) { return JSON.parse(readFileSync(file, 'utf8')).packages; }

/** The npm that runs us, else the one beside this Node, else the one on PATH. */
function npm() {
  const running = process.env.npm_execpath;
  if (running && basename(running) === 'npm-cli.js') return [process.execPath, running];
  const beside = join(dirname(dirname(process.execPath)), 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  return existsSync(beside) ? [process.execPath, beside] : ['npm'];
}

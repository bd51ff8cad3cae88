// Runs a tool and keeps its output for the case that it fails.
import { spawn } from 'node:child_process';
import { root, SetupError } from './project.mjs';

/**
 * Runs a program in the root. Resolves with its output; throws SetupError with its first `first` lines (compilers) or else its last
 * 12 (npm, crashes).
 */
export function runCommand(command, args, { first = 0 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (bytes) => { output += bytes; });
    child.stderr.on('data', (bytes) => { output += bytes; });
    child.once('error', (error) => { reject(new SetupError(`${command} could not be run: ${error.message}`)); });
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output);
      else {
        const lines = output.trim().split('\n');
        reject(new SetupError(`${[command, ...args].join(' ')} ended with ${signal ?? `exit code ${code}`}\n${(first > 0 ? lines.slice(0, first) : lines.slice(-12)).join('\n')}`));
      }
    });
  });
}

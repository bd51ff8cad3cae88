// Runs a tool and keeps its output for the case that it fails.
import { spawn } from 'node:child_process';
import { root, SetupError } from './project.mjs';

/** Runs `node script ...args` (or a program) in the root; resolves with its output, throws SetupError with its last lines. */
export function runCommand(command, args, { env = process.env, show = 12, inherit = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', inherit ? 'inherit' : 'pipe', inherit ? 'inherit' : 'pipe'] });
    let output = '';
    child.stdout?.on('data', (bytes) => { output += bytes; });
    child.stderr?.on('data', (bytes) => { output += bytes; });
    child.once('error', (error) => { reject(new SetupError(`${command} could not be run: ${error.message}`)); });
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new SetupError(`${[command, ...args].join(' ')} ended with ${signal ?? `exit code ${code}`}\n${output.trim().split('\n').slice(-show).join('\n')}`));
    });
  });
}

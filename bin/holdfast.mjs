#!/usr/bin/env node
// The executable. Checks the Node version in words that an old Node still understands; bin/lib/run.mjs does the rest.
import { nodeProblem } from './lib/node-version.mjs';

const problem = nodeProblem(process.versions.node);
if (problem) {
  process.stderr.write('holdfast: ' + problem + '\n');
  process.exitCode = 1;
} else {
  void import('./lib/run.mjs').then((program) => program.run());
}

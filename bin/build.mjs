// `npm run build`: dependencies, compiled code and console bundle, without starting anything.
import { createProgress } from './lib/progress.mjs';
import { SetupError } from './lib/project.mjs';
import { setUp } from './lib/setup.mjs';

try { await setUp(createProgress()); } catch (error) {
  process.stderr.write(`build: ${error instanceof SetupError ? error.message : error.stack}\n`);
  process.exitCode = 1;
}

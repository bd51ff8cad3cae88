// `npm test`: set-up, types, lint, then jest on real servers. Arguments go to jest: `npm test -- evidence`.
import { spawnSync } from 'node:child_process';
import { createProgress } from '../bin/lib/progress.mjs';
import { nodeProblem } from '../bin/lib/node-version.mjs';
import { inRoot, root, SetupError } from '../bin/lib/project.mjs';
import { runCommand } from '../bin/lib/run-command.mjs';
import { setUp } from '../bin/lib/setup.mjs';

const step = createProgress();
const tool = (...parts) => inRoot('node_modules', ...parts);

async function test(args) {
  const problem = nodeProblem(process.versions.node);
  if (problem) throw new SetupError(problem);
  await setUp(step);
  // Warnings about the tests' own types and lint are failures of the run, but do not hide what jest has to say.
  const failed = [];
  const check = async (title, script, scriptArgs) => {
    try { await step(title, async () => { await runCommand(process.execPath, [script, ...scriptArgs], { first: 60 }); }); } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      process.stderr.write(`${error.message}\n`);
      failed.push(title);
    }
  };
  await check('types', tool('typescript', 'bin', 'tsc'), ['-p', 'tsconfig.test.json', '--noEmit']);
  await check('lint', tool('oxlint', 'bin', 'oxlint'), ['--type-aware', '--deny-warnings']);
  const begin = performance.now();
  const jest = spawnSync(process.execPath, ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', tool('jest', 'bin', 'jest.js'), ...args], {
    cwd: root, stdio: 'inherit',
    env: { ...process.env, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`.trim() },
  });
  process.stderr.write(`${jest.status === 0 ? '✓' : '✗'} ${'tests'.padEnd(14)} ${((performance.now() - begin) / 1000).toFixed(1)} s\n`);
  if (jest.status !== 0) failed.push(jest.signal ? `tests (${jest.signal})` : 'tests');
  if (failed.length > 0) process.stderr.write(`npm test: failed: ${failed.join(', ')}\n`);
  return failed.length === 0 ? 0 : 1;
}

try { process.exitCode = await test(process.argv.slice(2)); } catch (error) {
  process.stderr.write(`npm test: ${error instanceof SetupError ? error.message : error.stack}\n`);
  process.exitCode = 1;
}

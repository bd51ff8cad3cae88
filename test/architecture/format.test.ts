// The format that .editorconfig describes. Line breaks within a statement are the writer's: short files are the rule, not short lines.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const PATTERNS = ['*.ts', '*.tsx', '*.mjs', '*.js', '*.md', '*.yaml', '*.yml', '*.sql', '*.css', '*.json'];

function problems(text: string): string[] {
  const found: string[] = [];
  if (text.includes('\r')) found.push('carriage return');
  if (/[ \t]+$/m.test(text)) found.push('white space at the end of a line');
  if (/^ *\t/m.test(text)) found.push('indented by tab');
  if (text !== '' && (!text.endsWith('\n') || text.endsWith('\n\n'))) found.push('does not end with one newline');
  return found;
}

test('every text file keeps the format of .editorconfig', () => {
  const files = execFileSync('git', ['ls-files', ...PATTERNS], { encoding: 'utf8' }).split('\n').filter((path) => path !== '' && existsSync(path));
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap((path) => problems(readFileSync(path, 'utf8')).map((problem) => `${path}: ${problem}`))).toEqual([]);
});

test.each([['a\r\n'], ['a \n'], ['\ta\n'], ['a'], ['a\n\n']])('the check sees %j', (text) => { expect(problems(text)).toHaveLength(1); });

import { readFileSync } from 'node:fs';
import { ERRORS } from '../../src/kernel/errors.js';

const manual = readFileSync('docs/errors.md', 'utf8');
const sections = new Map([...manual.matchAll(/^### (\S+)\n([\s\S]*?)(?=^##|(?![\s\S]))/gm)].map(([, code, text]) => [code!, text!]));

test('every code is in the manual, and the manual has no code that is gone', () => {
  expect([...sections.keys()].sort()).toEqual(Object.keys(ERRORS).sort());
});

test.each(Object.entries(ERRORS))('the manual gives status and kind of %s as the catalogue has them, and says more than that', (code, { status, kind }) => {
  const text = sections.get(code) ?? '';
  expect(text).toMatch(new RegExp(`^${status}, ${kind}\\. `));
  expect(text.length).toBeGreaterThan(60);
});

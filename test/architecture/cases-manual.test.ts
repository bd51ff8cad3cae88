import { readFileSync, writeFileSync } from 'node:fs';
import { CASE_KINDS, MACHINES, mermaidOf, tablesOf } from '../../src/domain/cases/index.js';
import { BLOCKING_STATUTES } from '../../src/domain/cases/blocking-statutes.js';

const FILE = 'docs/cases.md';
/** The manual with the parts that are made from the data made again. */
function renewed(manual: string): string {
  const block = (text: string, name: string, body: string): string => text.replace(new RegExp(`(<!-- from the data: ${name} -->)[\\s\\S]*?(<!-- end -->)`), (_, head: string, tail: string) => `${head}\n${body}\n${tail}`);
  const statutes = ['| id | applies to data in | says | source |', '|---|---|---|---|', ...BLOCKING_STATUTES.map((one) => `| \`${one.id}\` | ${one.countries.length > 3 ? `${one.countries.length} countries of the EU` : one.countries.join(', ')} | ${one.says} | ${one.source} |`)].join('\n');
  return block(CASE_KINDS.reduce((text, kind) => block(text, kind, `${mermaidOf(MACHINES[kind])}\n\n${tablesOf(MACHINES[kind])}`), manual), 'blocking statutes', statutes);
}

test('docs/cases.md shows diagrams and tables as the data has them (UPDATE_MANUAL=1 npm test -- cases-manual renews it)', () => {
  const manual = readFileSync(FILE, 'utf8');
  if (process.env['UPDATE_MANUAL'] === '1') writeFileSync(FILE, renewed(manual));
  expect(readFileSync(FILE, 'utf8')).toBe(renewed(manual));
  for (const kind of CASE_KINDS) expect(manual).toContain(`<!-- from the data: ${kind} -->`);
});

test('the check sees a manual that lags behind', () => {
  const manual = readFileSync(FILE, 'utf8'), old = manual.replace('| `take_up` |', '| `take_it_up` |');
  expect(old).not.toBe(manual);
  expect(renewed(old)).toBe(renewed(manual));
  expect(renewed(old)).not.toBe(old);
});

test('every move that is in no table line of the manual would be missed', () => {
  const manual = readFileSync(FILE, 'utf8');
  for (const kind of CASE_KINDS) for (const move of MACHINES[kind].moves) expect(manual).toContain(`| \`${move.name}\``);
});

import { readFileSync } from 'node:fs';
import { parseConfig, variables } from '../../src/platform/config/config.js';

const manual = readFileSync('docs/configuration.md', 'utf8');
const rows = [...manual.matchAll(/^\| `([A-Z_]+)` \| (?:`([^`]*)`|unset) \| (.*) \|$/gm)].map(([, name, value, meaning]) => ({ name, value, meaning }));

test('docs/configuration.md lists every variable with its default and meaning, and no other', () => {
  const known = Object.entries(variables).map(([name, schema]) => {
    const value: string | number | undefined = schema.safeParse(undefined).data;
    return { name, value: value === undefined ? undefined : String(value), meaning: schema.description };
  });
  expect(rows).toEqual(known);
});

test('every HOLDFAST_ name that the manual mentions exists', () => {
  const internal = ['HOLDFAST_INSTANCE', 'HOLDFAST_'];
  const mentioned = [...manual.matchAll(/\bHOLDFAST_[A-Z_]*/g)].map(([name]) => name);
  expect(mentioned.filter((name) => !(name in variables) && !internal.includes(name))).toEqual([]);
});

test('what the manual gives as defaults is what an empty environment means', () => {
  expect(parseConfig({}, { instance: false })).toMatchObject({ gatewayPort: 4000, consolePort: 4001, bind: '127.0.0.1', demo: true, databaseUrl: undefined });
});

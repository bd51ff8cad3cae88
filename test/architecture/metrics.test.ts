import { readdirSync, readFileSync } from 'node:fs';

const manual = readFileSync('docs/metrics.md', 'utf8');
const documented = [...manual.matchAll(/^\| `([a-z_]+)(?:\{[^`]*\})?` \|/gm)].map(([, name]) => name!);
/** A metric is a name and its help text side by side; the shape of the call is the same everywhere. */
const METRIC = /'((?:holdfast|process)_[a-z0-9_]+)',\s*['"`]/g;
const exported = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
  .flatMap((path) => [...readFileSync(`src/${path}`, 'utf8').matchAll(METRIC)].map(([, name]) => name!));

test('every metric in the code is in the manual, and the manual has none that is gone', () => {
  expect([...new Set(documented)].sort()).toEqual([...new Set(exported)].sort());
});

test('the manual lists no metric twice on one port', () => {
  for (const section of manual.split(/^## /m)) {
    const names = [...section.matchAll(/^\| `([a-z_]+)/gm)].map(([, name]) => name);
    expect(names).toEqual([...new Set(names)]);
  }
});

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { DOORS, ENV_DOOR, FACES, FLOORS, MAX_LINES, ROOTS, SLICES, TX_DOOR } from './layers.js';

const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(?\s*)['"]([^'"]+)['"]/g;

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesUnder(path) : /\.tsx?$/.test(name) ? [path] : [];
  });
}

/** Every broken rule of one file, as sentences. Exported shape is plain so that the rules themselves can be tested below. */
function violations(path: string, text: string): string[] {
  const found: string[] = [];
  const own = path.replace(/^src\//, '');
  const [floor = '', slice = ''] = own.split('/');
  const code = text.replace(/^\s*(\/\/|\*|\/\*).*$/gm, '');
  for (const [, specifier = ''] of code.matchAll(SPECIFIER)) {
    const packageName = specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : specifier.split('/')[0]!;
    const door = DOORS[packageName];
    if (door && !door.test(own)) found.push(`${path} imports ${packageName} past its door`);
    if (!specifier.startsWith('.') || ROOTS.test(path)) continue;
    const target = normalize(join(dirname(own), specifier));
    const [targetFloor = '', targetSlice = '', ...rest] = target.split('/');
    if (floor === 'entrypoints' && targetFloor === 'app.js') continue;
    if (!FLOORS.includes(targetFloor)) { found.push(`${path} imports ${specifier}, which is outside the floors`); continue; }
    if (FLOORS.indexOf(targetFloor) > FLOORS.indexOf(floor)) found.push(`${path} imports upward: ${specifier}`);
    if (targetFloor !== 'domain' || (floor === 'domain' && slice === targetSlice)) continue;
    if (!FACES.includes(rest.join('/'))) found.push(`${path} reaches into ${targetSlice} past its index.ts`);
    if (floor === 'domain' && SLICES.indexOf(targetSlice) >= SLICES.indexOf(slice)) found.push(`${path}: ${slice} may not use ${targetSlice}`);
  }
  if (/\bmanagerOf\b/.test(code) && !TX_DOOR.test(own)) found.push(`${path} looks inside a transaction but is not a store`);
  if (/process\.env\b/.test(code) && !ENV_DOOR.test(own)) found.push(`${path} reads process.env`);
  if (text.split('\n').length > MAX_LINES + 1) found.push(`${path} has over ${MAX_LINES} lines`);
  return found;
}

const files = filesUnder('src').map((path) => relative('.', path));

test('every file keeps the import rules, the doors and the size', () => {
  expect(files.flatMap((path) => violations(path, readFileSync(path, 'utf8')))).toEqual([]);
});

test('every domain folder is a known slice', () => {
  for (const name of readdirSync('src/domain')) expect(SLICES).toContain(name);
});

test.each([
  ['src/kernel/a.ts', "import { x } from '../platform/log/log.js';", 'imports upward'],
  ['src/domain/ledger/a.ts', "import { x } from '../gateway/index.js';", 'may not use'],
  ['src/domain/gateway/a.ts', "export { x } from '../ledger/record.js';", 'past its index.ts'],
  ['src/domain/gateway/a.ts', "const b = await import('bull');", 'past its door'],
  ['src/domain/gateway/a.ts', "import type { X } from 'typeorm';", 'past its door'],
  ['src/domain/gateway/a.ts', 'const m = managerOf(tx);', 'looks inside'],
  ['src/domain/gateway/a.ts', 'const m = process.env.HOME;', 'process.env'],
  ['src/domain/gateway/a.ts', '\n'.repeat(301), 'over 300'],
])('the rules see what they forbid: %s %s', (path, text, message) => {
  expect(violations(path, text).join()).toContain(message);
});

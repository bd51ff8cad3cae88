import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Every file `entry` pulls in, and every package, over all relative imports and re-exports that survive compilation. */
function reach(entry: string): { files: Set<string>; packages: Set<string> } {
  const files = new Set<string>(), packages = new Set<string>();
  const visit = (path: string): void => {
    if (files.has(path)) return;
    files.add(path);
    for (const [, clause = '', specifier = ''] of readFileSync(path, 'utf8').matchAll(/^(import|export)\b(?! type\b)[^;]*?from '([^']+)';/gm)) {
      if (specifier.startsWith('.')) visit(join(dirname(path), specifier).replace(/\.js$/, '.ts'));
      else packages.add(`${clause} ${specifier}`.split(' ')[1]!);
    }
  };
  visit(entry);
  return { files, packages };
}

test.each(['billing', 'gateway', 'retention'])('the part of %s that verifies needs no package', (slice) => {
  const { files, packages } = reach(`src/domain/${slice}/offline.ts`);
  expect([...packages].filter((name) => !name.startsWith('node:'))).toEqual([]);
  expect([...files].filter((path) => path.endsWith('/index.ts'))).toEqual([]);
});

test.each([['pack-thread-main', ['zod']], ['render-pack', ['bidi-js', 'pdfkit', 'zod']]])('the thread that prints and verifies packs loads no database, no queue and no network: %s', (name, expected) => {
  const { files, packages } = reach(`src/domain/evidence/${name}.ts`);
  expect([...packages].filter((one) => !one.startsWith('node:')).sort()).toEqual(expected);
  expect([...packages].filter((name) => /^node:(?:net|https?|tls|dgram|child_process)$/.test(name))).toEqual([]);
  expect([...files].filter((path) => /^src\/domain\/[a-z-]+\/index\.ts$/.test(path))).toEqual([]);
});

test('the offline verifier is pure: node:crypto, the kernel, and nothing that opens a file, a socket or a database', () => {
  const { files, packages } = reach('src/domain/ledger/offline.ts');
  expect([...packages]).toEqual(['node:crypto']);
  // Two files of the platform are as pure: they read and write DER, and check time stamps.
  expect([...files].filter((path) => !/^src\/(kernel\/|domain\/ledger\/|platform\/(crypto\/der|timestamp\/token)\.ts$)/.test(path))).toEqual([]);
  expect(files.size).toBeGreaterThan(8);
});

// Bundles the single-file verifier, dist/verify.mjs, out of the sources that verify: generated, never kept in the repository.
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { inRoot } from './project.mjs';
import { stampVerifier, verifierFile, verifierSources } from './verifier-stamp.mjs';

/** Writes `outfile` and says how large it is. Throws when anything beside our own sources, Node and zod came along. */
export async function bundleVerifier(outfile = verifierFile) {
  const before = verifierSources(), { version } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  const { metafile } = await build({
    entryPoints: [inRoot('src', 'entrypoints', 'offline', 'main.ts')], outfile, bundle: true, format: 'esm', platform: 'node', target: 'node20', charset: 'utf8', metafile: true, logLevel: 'error', legalComments: 'inline',
    banner: { js: `#!/usr/bin/env node\n// Holdfast ${version}: offline verifier. Needs Node 20 or newer and nothing else; run \`node verify.mjs --help\`.` },
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true, target: 'ES2023' } }, plugins: [pure],
  });
  const strangers = Object.keys(metafile.outputs).flatMap((name) => Object.keys(metafile.outputs[name].inputs)).filter((path) => /node_modules\/(?!zod\/)/.test(path));
  const outside = Object.values(metafile.outputs).flatMap((output) => output.imports).filter((one) => !one.path.startsWith('node:'));
  if (strangers.length > 0 || outside.length > 0) throw new Error(`the verifier would need ${[...strangers, ...outside.map((one) => one.path)].slice(0, 5).join(', ')}`);
  if (outfile === verifierFile) stampVerifier(before);
  return `${Math.round(Object.values(metafile.outputs)[0].bytes / 1024)} KB`;
}

/** Our modules do nothing by being imported, so what nothing uses is left out: of a slice's face only what verifies. Pages are never printed. */
const pure = { name: 'pure', setup(bundler) {
  bundler.onResolve({ filter: /\/reprint-pages\.js$/ }, () => ({ path: 'no-printer', namespace: 'no-printer' }));
  bundler.onLoad({ filter: /.*/, namespace: 'no-printer' }, () => ({ contents: 'export {};' }));
  bundler.onResolve({ filter: /.*/ }, async (args) => {
    if (args.pluginData === 'resolved' || args.kind === 'entry-point') return undefined;
    // Other packages are never loaded; one that is still imported at the end fails the build.
    if (!args.path.startsWith('.') && !/^zod(\/|$)/.test(args.path)) return { path: args.path, external: true, sideEffects: false };
    const found = await bundler.resolve(args.path, { kind: args.kind, importer: args.importer, resolveDir: args.resolveDir, pluginData: 'resolved' });
    return found.errors.length > 0 || found.namespace !== 'file' ? found : { ...found, sideEffects: false };
  });
} };

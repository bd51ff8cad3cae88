// Scripts and styles of the console, read once, compressed once, cacheable for good under a versioned address.
// AdminJS's own way (sendFile) answers 404 when any folder above the files starts with a dot, and sends 4 MB uncompressed.
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { RequestHandler } from 'express';
import { sha256Hex } from '../../../kernel/digest.js';

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.woff': 'font/woff', '.ttf': 'font/ttf', '.eot': 'application/vnd.ms-fontobject',
};
const compress = promisify(gzip);

export interface StaticAsset { /** Address below the console's root. */ readonly path: string; /** File. */ readonly src: string }
export interface StaticAssets { /** Digest over all files, for addresses. */ readonly version: string; readonly serve: RequestHandler }
/** Old libraries look for the global object by evaluating text, which the content policy forbids and reports; the answer is known. */
function withoutEval(script: Buffer): Buffer { return Buffer.from(script.toString('utf8').replaceAll(/\b(?:new )?Function\("return this"\)\(\)/g, 'globalThis')); }
interface Loaded { readonly body: Buffer; readonly tag: string; readonly type: string; zipped?: Promise<Buffer> }

/** Loads the files (about 4 MB); rejects, naming the file, when one is missing. */
export async function loadStaticAssets(assets: readonly StaticAsset[]): Promise<StaticAssets> {
  const loaded = new Map<string, Loaded>();
  for (const { path, src } of assets) {
    const raw = await readFile(src).catch((cause: unknown) => { throw new Error(`the console's file ${src} is missing; run the build (npm run build)`, { cause }); });
    const body = path.endsWith('.js') ? withoutEval(raw) : raw;
    loaded.set(path, { body, tag: `"${sha256Hex(body).slice(0, 32)}"`, type: TYPES[extname(src)] ?? 'application/octet-stream' });
  }
  const version = sha256Hex([...loaded].map(([path, { tag }]) => `${path} ${tag}\n`).join('')).slice(0, 12);
  const serve: RequestHandler = async (request, response, next) => {
    const asset = loaded.get(request.path);
    if (!asset || (request.method !== 'GET' && request.method !== 'HEAD')) { next(); return; }
    response.set({ 'Content-Type': asset.type, ETag: asset.tag, Vary: 'Accept-Encoding', 'X-Content-Type-Options': 'nosniff',
      'Cache-Control': request.query['v'] === version ? 'public, max-age=31536000, immutable' : 'no-cache' });
    if (request.get('if-none-match') === asset.tag) { response.status(304).end(); return; }
    if (!request.acceptsEncodings('gzip')) { response.end(asset.body); return; }
    asset.zipped ??= compress(asset.body);
    response.set('Content-Encoding', 'gzip').end(await asset.zipped);
  };
  return { version, serve };
}

import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { readableText } from '../../../src/domain/vault/readable-text.js';

const text = 'Grüße, 你好, and so on. '.repeat(500);
const ways = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };

test.each(Object.entries(ways))('content that travelled in %s is read as it was', (contentEncoding, pack) => {
  expect(readableText({ bytes: pack(text), contentEncoding })).toBe(text);
});

test.each(Object.entries(ways))('of %s whose end was not kept, what there is is read', (contentEncoding, pack) => {
  const long = Array.from({ length: 20_000 }, (_, n) => `${(n * 7_919) % 10_007} `).join(''), whole = pack(long);
  const read = readableText({ bytes: whole.subarray(0, Math.floor(whole.length / 2)), contentEncoding });
  expect(read.length).toBeGreaterThan(1_000);
  expect(long.startsWith(read)).toBe(true);
});

test('what cannot be opened, and what is in no encoding, is shown as it is', () => {
  expect(readableText({ bytes: Buffer.from('plain'), contentEncoding: null })).toBe('plain');
  expect(readableText({ bytes: Buffer.from('not gzip at all'), contentEncoding: 'gzip' })).toBe('not gzip at all');
  expect(readableText({ bytes: Buffer.from('zstd?'), contentEncoding: 'zstd' })).toBe('zstd?');
});

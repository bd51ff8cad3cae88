import { HoldfastError } from '../../../src/kernel/errors.js';
import { explainFailure } from '../../../src/platform/embedded/explain-failure.js';

const failure = (code: string, rest: object = {}): Error => Object.assign(new Error(`${code}: something`), { code, ...rest });

test.each([
  [failure('ENOSPC', { path: '/h/run/x' }), /^no space is left on the disk of \/h; /],
  [failure('53100'), /^no space is left on the disk of \/h; /],
  [new HoldfastError('internal', 'initdb failed: could not write file: No space left on device'), /^no space is left on the disk of \/h; /],
  [failure('EROFS', { path: '/h/run' }), /^\/h\/run cannot be written \(EROFS\); .* HOLDFAST_HOME$/],
  [failure('EACCES', { port: 443 }), /^port 443 may not be opened by this user \(EACCES\)/],
  [failure('ENOTDIR', { path: '/f/home' }), /^\/f\/home cannot be made/],
  [failure('EADDRNOTAVAIL', { address: '9.9.9.9', port: 1 }), /^9\.9\.9\.9 cannot be used .* HOLDFAST_BIND/],
  [failure('ECONNREFUSED', { address: '127.0.0.1', port: 5432 }), /^the server at 127\.0\.0\.1:5432 does not answer .* DATABASE_URL/],
  [failure('28P01'), /refuses the user or password of DATABASE_URL/],
  [failure('3D000'), /does not exist; create it first/],
  [new HoldfastError('conflict', 'made by a newer Holdfast'), /^made by a newer Holdfast$/],
  [new Error('first line\nat somewhere'), /^first line$/],
  [new Error('cannot reach postgres://u:secret@h/d'), /^cannot reach \[redacted\]h\/d$/],
  ['text', /^text$/],
])('a failed start is one line that says what to do: %s', (thrown, line) => {
  expect(explainFailure(thrown, '/h')).toMatch(line);
  expect(explainFailure(thrown, '/h')).not.toContain('\n');
});

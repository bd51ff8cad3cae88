import { hashPassword, matchesPassword, passwordProblem } from '../../../../src/domain/security/password-rules.js';
import { hashSecret, hintOf, isUsableSecret, newSecret } from '../../../../src/domain/security/secrets.js';

test('a new secret is its prefix and 43 base64url characters, never the same twice', () => {
  expect(newSecret('hfk_')).toMatch(/^hfk_[A-Za-z0-9_-]{43}$/);
  expect(newSecret('hft_')).not.toBe(newSecret('hft_'));
  expect(hashSecret('hfk_x')).toHaveLength(32);
});

test('a hint tells long secrets apart and says nothing of a short one', () => {
  expect(hintOf('hfk_0123456789abcdef')).toBe('cdef');
  expect(hintOf('shortish')).toBe('');
});

test.each([['12345678', true], ['1234567', false], ['with space 1', false], ['ümlaut-secret', false], ['x'.repeat(257), false]])('a secret that is brought along: %s usable %s', (secret, usable) => {
  expect(isUsableSecret(secret)).toBe(usable);
});

test('a password matches itself in either Unicode form and nothing else; two hashes of it differ', async () => {
  const hash = await hashPassword('gr\u00fcner Tee um vier');
  expect(hash).not.toContain('Tee');
  expect(await matchesPassword('gru\u0308ner Tee um vier', hash)).toBe(true);
  expect(await matchesPassword('gruner Tee um vier', hash)).toBe(false);
  expect(await hashPassword('gr\u00fcner Tee um vier')).not.toBe(hash);
});

test('a password has at least 12 characters', () => {
  expect(passwordProblem('elevenchars')).toContain('12');
  expect(passwordProblem('twelve chars')).toBeUndefined();
});

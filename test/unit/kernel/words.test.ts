import { crossesBorder, isJurisdiction } from '../../../src/kernel/jurisdiction.js';
import { redact, redactText } from '../../../src/kernel/redact.js';
import { isRefusal, refuse } from '../../../src/kernel/result.js';
import { cleanText } from '../../../src/kernel/text.js';

test('a transfer crosses a border when any place of processing is outside the account\'s jurisdiction', () => {
  expect(crossesBorder('DE', ['DE'])).toBe(false);
  expect(crossesBorder('DE', ['DE', 'US'])).toBe(true);
  expect(crossesBorder('DE', [])).toBe(true);
});

test('jurisdictions are assigned ISO 3166-1 codes', () => {
  expect(['DE', 'CN', 'US'].every(isJurisdiction)).toBe(true);
  expect(['de', 'DEU', '', 'QQ', 'ZZ', 'EU', 'UK'].some(isJurisdiction)).toBe(false);
});

test('credentials do not survive redaction, by name or by look', () => {
  const text = JSON.stringify(redact({ authorization: 'x', nested: { apiKey: 'y', note: 'key hfk_abcdefgh12345 and Bearer abcdefghijk' }, url: 'postgres://u:geheim@h/d' }));
  expect(text).not.toMatch(/"x"|"y"|hfk_abc|abcdefghijk|geheim/);
  expect(redactText('plain words stay')).toBe('plain words stay');
});

test('errors are redacted with their stack', () => {
  expect(JSON.stringify(redact({ error: new Error('failed with sk-abcdefgh12345678') }))).not.toContain('abcdefgh12345678');
});

test('text from outside becomes storable', () => {
  expect(cleanText('a\u0000b\ud800c')).toBe('a\ufffdb\ufffdc');
  expect(cleanText('abcdef', 3)).toBe('abc');
  expect(cleanText(null)).toBeNull();
});

test('a refusal is recognised, anything else is not', () => {
  expect(isRefusal(refuse('conflict', 'm', 'f'))).toBe(true);
  expect([null, undefined, 1, {}, { refused: 'yes' }].some(isRefusal)).toBe(false);
});

// What counts as sensitive in a text, and what does not.
import fc from 'fast-check';
import { SENSITIVE_KINDS, SensitiveScan, type SensitiveKind } from '../../../src/kernel/find-sensitive.js';

function find(text: string, kinds: readonly SensitiveKind[] = SENSITIVE_KINDS): string[] {
  const bytes = Buffer.from(text, 'latin1'), found: string[] = [];
  new SensitiveScan(kinds, (kind, start, end) => { found.push(`${kind}: ${bytes.toString('latin1', start, end)}`); }).read(bytes, 0, bytes.length, bytes.length);
  return found;
}

test.each([
  ['4111111111111111', ['card: 4111111111111111']],
  ['Pay with 4111 1111 1111 1111.', ['card: 4111 1111 1111 1111']],
  ['5 4111-1111-1111-1111, please', ['card: 4111-1111-1111-1111']],
  ['amex 3782 822463 10005', ['card: 3782 822463 10005']],
  ['6221 2345 6789 0123 450 and 13812345678', ['card: 6221 2345 6789 0123 450', 'phone: 13812345678']],
  ['11010519491231002X', ['resident_id: 11010519491231002X']],
  ['id 110105 19491231 002x!', ['resident_id: 110105 19491231 002x']],
  ['call 13812345678', ['phone: 13812345678']],
  ['138-1234-5678 or +86 138 1234 5678', ['phone: 138-1234-5678', 'phone: +86 138 1234 5678']],
  ['0086 13812345678, 010-62751234', ['phone: 0086 13812345678', 'phone: 010-62751234']],
  ['+49 (89) 1234567, +14155552671', ['phone: +49 (89) 1234567', 'phone: +14155552671']],
  ['(415) 555-2671 or 415-555-2671', ['phone: (415) 555-2671', 'phone: 415-555-2671']],
  ['write to Anna.Muster+x@mail.example.org.', ['email: Anna.Muster+x@mail.example.org']],
  ['123456@qq.com', ['email: 123456@qq.com']],
  ['sk-proj-abcDEF0123456789abcDEF0123456789', ['secret: sk-proj-abcDEF0123456789abcDEF0123456789']],
  ['Authorization: Bearer abcdef0123456789abcdef', ['secret: abcdef0123456789abcdef']],
  ['AKIAIOSFODNN7EXAMPLE', ['secret: AKIAIOSFODNN7EXAMPLE']],
  ['postgres://admin:hunter2@db.example.org/x', ['secret: admin:hunter2']],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----\nafter', ['secret: -----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----']],
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc-DEF_123', ['secret: eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc-DEF_123']],
])('%s', (text, found) => { expect(find(text)).toEqual(found); });

test.each(['4111111111111112', '3.14159265358979', '0.4111111111111111', 'x4111111111111111', '41111111111111111111', 'order 1764000000000', '550e8400-e29b-41d4-a716-446655440000', '2024 2025 2026 2027 2028', '4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1',
  '110105194912310021', '11010519491331002X', '12812345678', '1381234567', '+20241124', 'a + 12345678', '@anthropic-ai/sdk@1.0.2', 'git@github.com:openai/codex.git', 'foo@bar', 'user@host_name.com',
  'sk-learn-contrib-hdbscan-package', 'the bearer of this letter is well known', 'https://example.org/a:b@c', 'AKIA', '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----', '212.555.1234.7', '10.0.0.1', '2026-11-24 12:00:00.123'])('nothing in: %s', (text) => {
  expect(find(text)).toEqual([]);
});

/** A number of n digits that begins with `prefix` and has a fitting check digit, by the definition: from the right, every second one doubled. */
function withCheckDigit(prefix: string, rest: number[]): string {
  const body = `${prefix}${rest.join('')}`;
  for (let check = 0; check < 10; check++) {
    const sum = Array.from(`${body}${check}`).reverse().reduce((total, char, index) => total + Array.from(String(Number(char) * (index % 2 === 1 ? 2 : 1))).reduce((a, b) => a + Number(b), 0), 0);
    if (sum % 10 === 0) return `${body}${check}`;
  }
  throw new Error('no check digit fits');
}
const digit = fc.integer({ min: 0, max: 9 }), card = fc.array(digit, { minLength: 14, maxLength: 14 }).map((rest) => withCheckDigit('4', rest));

test('any card number of an issuer is found, in groups or whole, and with one digit changed it is not', () => {
  fc.assert(fc.property(card, fc.constantFrom('', ' ', '-'), fc.nat(14), fc.integer({ min: 1, max: 9 }), (number, between, place, by) => {
    const grouped = number.replace(/(\d{4})(?=\d)/g, `$1${between}`);
    expect(find(`a ${grouped} b`, ['card'])).toEqual([`card: ${grouped}`]);
    const wrong = Array.from(number).map((char, index) => (index === place + 1 ? String((Number(char) + by) % 10) : char)).join('');
    expect(find(`a ${wrong} b`, ['card'])).toEqual([]);
  }));
});

test('read in pieces it finds what it finds in one go', () => {
  const word = fc.oneof(fc.constantFrom('4111 1111 1111 1111', '13812345678', 'a@b.co', 'sk-abcDEF0123456789abcDEF', '+86 13812345678', '11010519491231002X', 'x', '-', '.', '@', '12', ' '), fc.string({ maxLength: 5 }));
  fc.assert(fc.property(fc.array(word, { maxLength: 30 }), fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 }), (words, steps) => {
    const text = Buffer.from(words.join(' ')), pieces: [string, number, number][] = [];
    const scan = new SensitiveScan(SENSITIVE_KINDS, (...one) => { pieces.push(one); });
    for (let at = 0, n = 0; at < text.length; n++) at = scan.read(text, at, Math.min(text.length, at + steps[n % steps.length]!), text.length);
    const whole: [string, number, number][] = [];
    new SensitiveScan(SENSITIVE_KINDS, (...one) => { whole.push(one); }).read(text, 0, text.length, text.length);
    expect(pieces).toEqual(whole);
    for (const [index, [, start, end]] of whole.entries()) expect(start < end && start >= (whole[index - 1]?.[2] ?? 0)).toBe(true);
  }));
});

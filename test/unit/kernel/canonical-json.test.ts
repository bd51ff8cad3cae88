import * as independent from 'canonicalize';
import fc from 'fast-check';
import { canonicalJson, type Json } from '../../../src/kernel/canonical-json.js';

const canonicalize = independent.default as unknown as (value: unknown) => string;

// RFC 8785 §3.2.2 and §3.2.3: the specification's own examples.
test('the RFC 8785 sample object has the canonical form of the specification', () => {
  const input = { numbers: JSON.parse('[333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001]') as number[], string: '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\\u0022/', literals: [null, true, false] };
  expect(canonicalJson(input)).toBe('{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}');
});

test('keys are sorted by UTF-16 code units', () => {
  const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
  const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])));
  expect(Object.keys(JSON.parse(text) as object)[0]).toBe('1');
  expect(text.indexOf('\ud83d\ude00')).toBeLessThan(text.indexOf('\ufb33'));
});

test('any JSON value has the same form as an independent implementation gives it', () => {
  fc.assert(fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
    expect(canonicalJson(value as Json)).toBe(canonicalize(value));
  }));
});

test.each([[undefined], [Number.NaN], [Number.POSITIVE_INFINITY], [1n], [new Date()], ['\ud800'], [{ a: undefined }], [{ '\udc00': 1 }], [new Map()]])(
  'what has no canonical form is refused: %p', (value) => { expect(() => canonicalJson(value as unknown as Json)).toThrow(TypeError); });

import fc from 'fast-check';
import { visibleClusters } from '../../../src/domain/evidence/pdf/visible-text.js';

const show = (text: string, drawable: (cluster: string) => boolean = () => true): string => [...visibleClusters(text, drawable)].map((one) => (one.escaped ? `[${one.text}]` : one.text)).join('');

test.each([
  ['plain text and ideographs stay', 'Abc 中文 é', 'Abc 中文 é'],
  ['controls are escaped', 'a\u0000b\nc\u001b[31m', 'a[\\u{0}]b[\\u{a}]c[\\u{1b}][31m'],
  ['bidirectional overrides are escaped', 'invoice\u202Egnp.exe', 'invoice[\\u{202e}]gnp.exe'],
  ['lone surrogates are escaped', 'a\uD800b', 'a[\\u{d800}]b'],
  ['invisible characters and odd spaces are escaped', 'a\u200Bb\u00A0c\uFEFF', 'a[\\u{200b}]b[\\u{a0}]c[\\u{feff}]'],
  ['a text that looks like an escape is told from one', '\\u{41}', '[\\u{5c}]u{41}'],
  ['a base with one mark stays together', 'e\u0301', 'e\u0301'],
  ['a tower of marks is shown mark by mark', `e${'\u0301'.repeat(14)}`, `e${'[\\u{301}]'.repeat(14)}`],
])('%s', (_, text, shown) => { expect(show(text)).toBe(shown); });

test('what no font can draw is escaped code point by code point', () => {
  expect(show('a👩‍🚀b', (cluster) => cluster.length === 1)).toBe('a[\\u{1f469}][\\u{200d}][\\u{1f680}]b');
});

test('the printed form can be turned back into the text, whatever the text', () => {
  const back = (text: string): string => [...visibleClusters(text, (one) => one.charCodeAt(0) < 0x3000)]
    .map((one) => (one.escaped ? String.fromCodePoint(Number.parseInt(/\{(.*)\}/.exec(one.text)![1]!, 16)) : one.text)).join('');
  const anything = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\uD83D', '\uDE00', '\u202E', '\\u{', 'e\u0301\u0302', '👨‍👩‍👧'))).map((parts) => parts.join(''));
  fc.assert(fc.property(anything, (text) => { expect(back(text)).toBe(text); }), { numRuns: 300 });
});

test('clusters at the seams of the windows stay whole', () => {
  for (const offset of [253, 254, 255, 256, 257]) expect(show(`${'a'.repeat(offset)}👍🏽b`)).toBe(`${'a'.repeat(offset)}👍🏽b`);
});

test('a million characters are read one after the other', () => {
  // V8's segmenter on the whole string needs many minutes: then this test ends by its time limit.
  let count = 0;
  for (const cluster of visibleClusters('aB3'.repeat(333_334), () => true)) count += cluster.text.length;
  expect(count).toBe(1_000_002);
});

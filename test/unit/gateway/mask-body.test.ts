// Redaction of a JSON body: what is found where, and that nothing but the values changes.
import fc from 'fast-check';
import { SENSITIVE_KINDS } from '../../../src/kernel/find-sensitive.js';
import { isRefusal } from '../../../src/kernel/result.js';
import { findEndpoint, type Endpoint } from '../../../src/domain/gateway/endpoints.js';
import { findInJson, type Finds } from '../../../src/domain/gateway/json-texts.js';
import { maskAsked } from '../../../src/domain/gateway/mask-body.js';
import { bodyFor, readAsked, type Asked } from '../../../src/domain/gateway/read-asked.js';

const endpoint = findEndpoint('POST', '/v1/chat/completions', {}) as Endpoint;
function drive<T>(work: Generator<void, T>, atPause: () => void = () => undefined): T { for (;;) { const step = work.next(); if (step.done) return step.value; atPause(); } }
function ask(body: string | Buffer): Asked { const asked = readAsked(endpoint, 'application/json', Buffer.from(body as string)); if (isRefusal(asked)) throw new Error(asked.message); return asked; }
function look(body: string | Buffer): Finds { return drive(findInJson(Buffer.from(body as string), SENSITIVE_KINDS)); }
function mask(body: string): string { const asked = ask(body); return drive(maskAsked(asked, look(body), new Set(SENSITIVE_KINDS))).body.toString(); }

test.each([
  ['{"model":"m","messages":[{"role":"user","content":"card 4111 1111 1111 1111, again 4111111111111111, mail a@b.co"}]}',
    '{"model":"m","messages":[{"role":"user","content":"card [card-1], again [card-1], mail [email-1]"}]}'],
  [String.raw`{"model":"m","x":"\u0034111 1111 1111 111\u0031\n13812345678 \"a@b.co\""}`, String.raw`{"model":"m","x":"[card-1]\n[phone-1] \"[email-1]\""}`],
  ['{"model":"m","x":"电话：１３８１２３４５６７８。邮箱是zhang@example.com的"}', '{"model":"m","x":"电话：[phone-1]。邮箱是[email-1]的"}'],
  ['{"model":"m","x":"138\u20111234\u20115678 4111\u00a01111\u200b\u00a01111 1111"}', '{"model":"m","x":"[phone-1] [card-1]"}'],
  [String.raw`{"model":"m","tool_calls":[{"arguments":"{\"mail\":\"a@b.co\",\"n\":4111111111111111}"}]}`, String.raw`{"model":"m","tool_calls":[{"arguments":"{\"mail\":\"[email-1]\",\"n\":[card-1]}"}]}`],
  ['{ "model" : "m", "input" : { "card" : 4111111111111111 , "b":[13812345678, 5] }, "seed": 4111111111111111 }', '{ "model" : "m", "input" : { "card" : "[card-1]" , "b":["[phone-1]", 5] }, "seed": 4111111111111111 }'],
  ['{"model":"anna@example.org","x":"a@b.co"}', '{"model":"anna@example.org","x":"[email-2]"}'],
  ['{"model":"m","x":{"a@b.co":1}}', '{"model":"m","x":{"[email-1]":1}}'],
  [`{"model":"m","image_url":"data:image/png;base64,${'abcdEFGHijklMNOPqrst/+13812345678/'.repeat(30)}","x":"a@b.co"}`, `{"model":"m","image_url":"data:image/png;base64,${'abcdEFGHijklMNOPqrst/+13812345678/'.repeat(30)}","x":"[email-1]"}`],
  [`{"model":"m","x":"${'13812345678\\n'.repeat(40)}"}`, `{"model":"m","x":"${'[phone-1]\\n'.repeat(40)}"}`],
  ['{"model":"m","messages":[{"content":[{"type":"thinking","thinking":"a@b.co","signature":"s"},{"text":"a@b.co"}]}]}', '{"model":"m","messages":[{"content":[{"type":"thinking","thinking":"a@b.co","signature":"s"},{"text":"[email-1]"}]}]}'],
])('%#', (body, masked) => { expect(mask(body)).toBe(masked); expect(() => { JSON.parse(masked); }).not.toThrow(); });

test('the place of the first find of each kind is told, without a name that could be a value', () => {
  const finds = look('{"messages":[{"content":"x"},{"content":[{"text":"a@b.co"},{"text":"b@b.co 4111111111111111"}]}],"m":{"Anna Muster":"13812345678"}}');
  expect([...finds.places]).toEqual([['email', 'messages[1].content[0].text'], ['card', 'messages[1].content[1].text'], ['phone', 'm.(a name)']]);
  expect([...finds.counts]).toEqual([['email', 2], ['card', 1], ['phone', 1]]);
});

test('the model and the wish for usage are put in after masking as before', () => {
  const asked = ask('{"a":"a@b.co","model":"m","stream":true,"stream_options":{"x":1},"z":"a@b.co"}'), finds = look(asked.body);
  expect(bodyFor(drive(maskAsked(asked, finds, new Set(['email']))), endpoint, 'their-model').toString())
    .toBe('{"a":"[email-1]","model":"their-model","stream":true,"stream_options":{"x":1,"include_usage":true},"z":"[email-1]"}');
  expect(drive(maskAsked(asked, finds, new Set(['card'])))).toBe(asked);
});

const planted = fc.constantFrom('4111111111111111', '4111 1111 1111 1111', '11010519491231002X', '13812345678', 'anna@example.org', 'sk-abcDEF0123456789abcDEF');
const harmless = fc.string({ unit: fc.constantFrom('a', 'z', ' ', ' ', '"', '\\', '\n', '好', '😀', '{', ',', ':', '\u0007'), maxLength: 12 });
const text = fc.array(fc.tuple(harmless, planted), { maxLength: 4 }).map((pairs) => pairs.map(([before, value]) => `${before} ${value} `).join(''));
const tree = fc.letrec<{ node: unknown }>((tie) => ({ node: fc.oneof({ depthSize: 'small', withCrossShrink: true }, text, harmless, fc.boolean(), fc.integer(), fc.array(tie('node'), { maxLength: 4 }), fc.dictionary(harmless, tie('node'), { maxKeys: 4 })) })).node;
/** The same JSON with every nth plain character of its strings as an escape. */
const escaped = (json: string, every: number): string => json.replace(/"(?:[^"\\]|\\.)*"/g, (quoted) => {
  let n = 0;
  return `"${(quoted.slice(1, -1).match(/\\u[0-9a-f]{4}|\\.|[^]/g) ?? []).map((one) => (/^[0-9A-Za-z@]$/.test(one) && n++ % every === 0 ? `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}` : one)).join('')}"`;
});

test('whatever the body: it stays JSON of the same shape, no value is left, and every byte outside the values is as it was', () => {
  fc.assert(fc.property(tree, fc.integer({ min: 2, max: 9 }), fc.constantFrom(undefined, 1, '\t'), (value, every, indent) => {
    const plain = JSON.stringify({ model: 'm', value }, undefined, indent), body = every > 5 ? plain : escaped(plain, every);
    expect(JSON.parse(body)).toEqual(JSON.parse(plain));
    const bytes = Buffer.from(body), finds = look(bytes), masked = drive(maskAsked(ask(body), finds, new Set(SENSITIVE_KINDS))).body;
    // From the masked body back: the pieces between the finds, in order.
    let at = 0;
    const marks = [...masked.toString('latin1').matchAll(/\[(?:card|resident-id|phone|email|secret)-\d+\]/g)];
    expect(marks.length).toBe(finds.length);
    for (const [n, mark] of marks.entries()) {
      const from = n === 0 ? 0 : finds.endOf(n - 1);
      expect(masked.subarray(at, mark.index).equals(bytes.subarray(from, finds.startOf(n)))).toBe(true);
      at = mark.index + mark[0].length;
    }
    expect(masked.subarray(at).equals(bytes.subarray(finds.length > 0 ? finds.endOf(finds.length - 1) : 0))).toBe(true);
    JSON.parse(masked.toString());
    expect(look(masked).length).toBe(0);
    const all = JSON.stringify(JSON.parse(masked.toString()));
    for (const one of ['4111111111111111', '4111 1111 1111 1111', '11010519491231002X', '13812345678', 'anna@example.org', 'sk-abcDEF0123456789abcDEF']) expect(all.includes(` ${one} `)).toBe(false);
  }), { numRuns: 120 });
});

test('a value that stands across the edge of a window of a long text is found, wherever it stands', () => {
  for (const filler of ['word ', '字 ', '\\u0041 ']) {
    for (let shift = 0; shift < 20; shift++) {
      const before = 'x'.repeat(shift) + ' ' + filler.repeat(Math.ceil(49_152 / (filler.startsWith('w') ? 5 : filler.startsWith('字') ? 2 : 2))), body = `{"model":"m","x":"${before} 4111 1111 1111 1111 ${filler.repeat(20_000)} a@b.co"}`;
      const finds = look(body);
      expect(Array.from({ length: finds.length }, (_, n) => Buffer.from(body).toString('utf8', finds.startOf(n), finds.endOf(n)))).toEqual(['4111 1111 1111 1111', 'a@b.co']);
      if (filler !== 'word ') break;
    }
  }
});

test('a large text is read in pieces: nobody else waits until it is over', () => {
  for (const unit of ['@', 'a@', 'sk-', '4 ', '4111 ', '-----BEGIN ', 'eyJ.', '://a', 'bearer ', '\\\\\\"', '+1', '","', '好', '{"a":[0']) {
    const body = unit === '{"a":[0' ? `{"x":${'{"a":['.repeat(40_000)}${']}'.repeat(40_000)}}` : `{"x":["${unit.repeat(Math.ceil(300_000 / unit.length))}"]}`;
    let pauses = 0;
    drive(findInJson(Buffer.from(body), SENSITIVE_KINDS), () => { pauses += 1; });
    expect(pauses).toBeGreaterThanOrEqual(3);
  }
});

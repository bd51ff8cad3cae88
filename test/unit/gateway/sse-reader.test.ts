import fc from 'fast-check';
import type { Disposition } from '../../../src/domain/gateway/meter.js';
import { SseReader } from '../../../src/domain/gateway/sse-reader.js';

interface Result { passed: string; held: string; events: [string, string][]; passedAfterEach: string[] }
function feed(chunks: (string | Buffer)[], disposition: (name: string, data: string) => Disposition = (_, data) => (data === '[DONE]' ? 'last' : data.includes('HIDE') ? 'hide' : 'pass')): Result {
  const events: [string, string][] = [], out: Buffer[] = [], passedAfterEach: string[] = [];
  const reader = new SseReader({ event: (name, data) => { events.push([name, data]); return disposition(name, data); } });
  for (const chunk of chunks) { out.push(...reader.feed(Buffer.from(chunk))); passedAfterEach.push(Buffer.concat(out).toString()); }
  return { passed: Buffer.concat(out).toString(), held: Buffer.concat(reader.held()).toString(), events, passedAfterEach };
}
const STREAM = ': hello\n\nevent: a\ndata: {"t":"Grüße 😀"}\n\n:ping\n\ndata: one\ndata: two\n\nid: 3\nretry: 5\n\ndata: HIDE me\n\ndata:tight\n\ndata: [DONE]\n\n';
const WITHOUT = STREAM.replace('data: HIDE me\n\n', '');

test('bytes pass unchanged and in order, without the hidden event, and the last one is held', () => {
  const { passed, held, events } = feed([STREAM]);
  expect(passed + held).toBe(WITHOUT);
  expect(held).toBe('data: [DONE]\n\n');
  expect(events).toEqual([['a', '{"t":"Grüße 😀"}'], ['', 'one\ntwo'], ['', 'HIDE me'], ['', 'tight'], ['', '[DONE]']]);
});

test('wherever the stream is cut into chunks, the result is the same; characters split in the middle included', () => {
  for (const [newline, stream, without] of [['\n', STREAM, WITHOUT], ['\r\n', STREAM.replaceAll('\n', '\r\n'), WITHOUT.replaceAll('\n', '\r\n')], ['\r', STREAM.replaceAll('\n', '\r'), WITHOUT.replaceAll('\n', '\r')]] as const) {
    const whole = Buffer.from(stream), reference = feed([STREAM]).events;
    fc.assert(fc.property(fc.uniqueArray(fc.nat(whole.length), { maxLength: 30 }), (cuts) => {
      const points = [0, ...cuts.sort((a, b) => a - b), whole.length];
      const result = feed(points.slice(1).map((end, i) => whole.subarray(points[i], end)));
      expect(result.events).toEqual(reference);
      expect(result.passed + result.held).toBe(without);
      expect(result.held.startsWith(`data: [DONE]${newline}`)).toBe(true);
    }));
  }
});

test('an event waits for its blank line; a comment does not', () => {
  const { passedAfterEach } = feed([': ping\n', 'data: a\n', '\n', 'data: b', '\n\n']);
  expect(passedAfterEach).toEqual([': ping\n', ': ping\n', ': ping\ndata: a\n\n', ': ping\ndata: a\n\n', ': ping\ndata: a\n\ndata: b\n\n']);
});

test('everything after the last event is held too', () => {
  const { passed, held } = feed(['data: a\n\ndata: [DONE]\n\n: bye\n', 'data: late\n\n']);
  expect([passed, held]).toEqual(['data: a\n\n', 'data: [DONE]\n\n: bye\ndata: late\n\n']);
});

test('a stream that breaks off keeps its half event back', () => {
  expect(feed(['data: a\n\ndata: {"ha'])).toMatchObject({ passed: 'data: a\n\n', held: 'data: {"ha' });
});

test('an event too large to be one we keep back goes on as it comes, and the next are read again', () => {
  const piece = Buffer.alloc(1_048_576, 'x'), names: string[] = [], out: number[] = [];
  const reader = new SseReader({ event: (_, data) => { names.push(data.slice(0, 10)); return 'pass'; } });
  const passed = (chunk: Buffer): number => { const size = reader.feed(chunk).reduce((sum, one) => sum + one.length, 0); out.push(size); return size; };
  let sum = passed(Buffer.from('data: '));
  for (let i = 0; i < 20; i++) sum += passed(piece);
  expect(sum).toBe(20 * piece.length + 6);
  expect(out.slice(1, 16)).toEqual(Array.from({ length: 15 }, () => 0));
  expect(out.slice(17)).toEqual([piece.length, piece.length, piece.length, piece.length]);
  passed(Buffer.from('\n\ndata: next\n\n'));
  expect(names).toEqual(['next']);
});

test('a large event in many pieces comes out byte for byte, with what went before and after it', () => {
  const large = `data: ${Array.from({ length: 300_000 }, (_, i) => i.toString(36)).join(' ')}\n\n`, whole = Buffer.from(`data: a\n\n${large}data: b\n\n${large}data: [DONE]\n\n`), pieces: Buffer[] = [], out: Buffer[] = [];
  for (let i = 0; i < whole.length; i += 9_001) pieces.push(whole.subarray(i, i + 9_001));
  const events: string[] = [], reader = new SseReader({ event: (_, data) => { events.push(data); return data === '[DONE]' ? 'last' : 'pass'; } });
  for (const piece of pieces) out.push(...reader.feed(piece));
  expect(Buffer.concat([...out, ...reader.held()]).equals(whole)).toBe(true);
  expect(events.map((data) => data.length)).toEqual([1, large.length - 8, 1, large.length - 8, 6]);
});

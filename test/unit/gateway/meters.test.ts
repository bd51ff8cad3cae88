import fc from 'fast-check';
import { chatUsage, createChatMeter } from '../../../src/domain/gateway/meter-chat.js';
import { createMessagesMeter, messagesUsage } from '../../../src/domain/gateway/meter-messages.js';
import { NO_FACTS, type Meter } from '../../../src/domain/gateway/meter.js';
import { chatEvents, messageEvents } from '../../support/upstream.js';

/** Feeds whole events as text; answers what became of each. */
function watch(meter: Meter, events: readonly string[]): string[] {
  return events.map((event) => {
    const name = /^event: (.*)$/m.exec(event)?.[1] ?? '', data = [...event.matchAll(/^data: (.*)$/gm)].map((match) => match[1]).join('\n');
    return meter.event(name, data);
  });
}
const options = { hideUsage: true, estimatedInput: 77n, facts: NO_FACTS };
const CHAT_USAGE = { prompt_tokens: 100, completion_tokens: 20, prompt_tokens_details: { cached_tokens: 30, cache_write_tokens: 10 }, completion_tokens_details: { reasoning_tokens: 5 } };
const CHAT_BUCKETS = { input: 60n, cacheRead: 30n, cacheWrite: 10n, cacheWrite1h: 0n, output: 20n, reasoning: 5n };

describe('chat', () => {
  test('a stream\'s usage chunk is taken, and hidden only from a client that did not ask', () => {
    for (const hideUsage of [true, false]) {
      const meter = createChatMeter({ ...options, hideUsage });
      expect(watch(meter, chatEvents(['Hi', '!'], CHAT_USAGE))).toEqual(['pass', 'pass', 'pass', 'pass', hideUsage ? 'hide' : 'pass', 'last']);
      expect(meter.whole).toBe(true);
      expect(meter.read()).toEqual({ usage: CHAT_BUCKETS, source: 'reported', servedModel: 'served-1', answerId: 'chatcmpl-1' });
    }
  });
  test('a chunk without choices that is no usage chunk is not hidden', () => {
    expect(createChatMeter(options).event('', '{"choices":[],"prompt_filter_results":[{}]}')).toBe('pass');
    expect(createChatMeter(options).event('', `{"choices":[{"index":0,"delta":{}}],"usage":${JSON.stringify(CHAT_USAGE)}}`)).toBe('pass');
  });
  test('without usage it is estimated from what went by', () => {
    const meter = createChatMeter(options);
    watch(meter, chatEvents(['12345678', '1234']));
    expect(meter.read()).toMatchObject({ usage: { input: 77n, output: 3n }, source: 'estimated' });
  });
  test('tool calls, reasoning and refusals count as output', () => {
    const meter = createChatMeter(options);
    meter.event('', JSON.stringify({ choices: [{ delta: { reasoning_content: '1234', refusal: '1234', tool_calls: [{ function: { name: '1234', arguments: '12345' } }] } }] }));
    expect(meter.read().usage.output).toBe(5n);
  });
  test('it is whole at [DONE], or at a finish reason; not before', () => {
    const events = chatEvents(['Hi']), meter = createChatMeter(options);
    watch(meter, events.slice(0, 2));
    expect(meter.whole).toBe(false);
    watch(meter, events.slice(2, 3));
    expect(meter.whole).toBe(true);
  });
  test('an error inside the stream is noticed, and broken JSON passes', () => {
    const meter = createChatMeter(options);
    expect(meter.event('', '{"error":{"message":"overloaded"}}')).toBe('pass');
    expect(meter.failed).toBe(true);
    expect(createChatMeter(options).event('', '{broken')).toBe('pass');
  });
  test('a body\'s usage is taken, and estimated where it has none', () => {
    const meter = createChatMeter(options), bare = createChatMeter(options), none = createChatMeter(options);
    meter.body({ id: 'x', model: 'm', choices: [{ message: { content: 'Hi' } }], usage: CHAT_USAGE });
    bare.body({ choices: [{ message: { content: '12345678' } }] });
    none.body(undefined);
    expect(meter.read()).toMatchObject({ usage: CHAT_BUCKETS, source: 'reported' });
    expect(bare.read()).toMatchObject({ usage: { input: 77n, output: 2n }, source: 'estimated' });
    expect(none.read()).toMatchObject({ usage: { input: 77n, output: 0n }, source: 'estimated' });
  });
  test('the buckets always add up to the figures reported, whatever nonsense the details are', () => {
    const any = fc.oneof(fc.nat(), fc.constant(null), fc.constant(-5), fc.constant('7'), fc.constant(1.5), fc.constant(undefined));
    fc.assert(fc.property(fc.nat(), fc.nat(), any, any, any, (prompt, output, cached, written, reasoning) => {
      const usage = chatUsage({ prompt_tokens: prompt, completion_tokens: output, prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: written }, completion_tokens_details: { reasoning_tokens: reasoning } })!;
      expect(usage.input + usage.cacheRead + usage.cacheWrite).toBe(BigInt(prompt));
      expect(usage.reasoning <= usage.output && usage.output === BigInt(output)).toBe(true);
      expect(Object.values(usage).every((value) => value >= 0n)).toBe(true);
    }));
    for (const none of [null, undefined, 5, [], {}, { prompt_tokens: 'x' }]) expect(chatUsage(none)).toBeUndefined();
  });
});

describe('messages', () => {
  const START = { input_tokens: 10, cache_read_input_tokens: 200, cache_creation_input_tokens: 50, cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 30 }, output_tokens: 1 };
  test('message_delta is cumulative: taken, never added', () => {
    const meter = createMessagesMeter(options);
    const events = messageEvents(['Hi'], START, { output_tokens: 9 });
    const more = [...events.slice(0, -2), events.at(-2)!.replace('"output_tokens":9', '"output_tokens":15,"output_tokens_details":{"thinking_tokens":4},"input_tokens":null'), events.at(-1)!];
    expect(watch(meter, [...events.slice(0, -1), ...more.slice(-2)]).at(-1)).toBe('last');
    expect(meter.read()).toEqual({ usage: { input: 10n, cacheRead: 200n, cacheWrite: 50n, cacheWrite1h: 30n, output: 15n, reasoning: 4n }, source: 'reported', servedModel: 'served-2', answerId: 'msg_1' });
  });
  test('broken off, the input side is exact and the output is estimated from what went by, at least what was reported', () => {
    const meter = createMessagesMeter(options), early = createMessagesMeter(options), nothing = createMessagesMeter(options);
    watch(meter, messageEvents(['x'.repeat(40)], START, {}).slice(0, 4));
    watch(early, messageEvents([], { ...START, output_tokens: 3 }, {}).slice(0, 1));
    expect(meter.read()).toMatchObject({ usage: { input: 10n, cacheRead: 200n, output: 10n }, source: 'estimated' });
    expect(early.read()).toMatchObject({ usage: { output: 3n }, source: 'estimated' });
    expect(nothing.read()).toMatchObject({ usage: { input: 77n, cacheRead: 0n, output: 0n }, source: 'estimated' });
    expect([meter.whole, early.whole, nothing.whole]).toEqual([false, false, false]);
  });
  test('an error event is noticed', () => {
    const meter = createMessagesMeter(options);
    expect(meter.event('error', '{"type":"error","error":{"type":"overloaded_error"}}')).toBe('last');
    expect([meter.failed, meter.whole]).toEqual([true, false]);
  });
  test('cache writes are the sum of their parts when the total is not given', () => {
    expect(messagesUsage({ input_tokens: 1, cache_creation: { ephemeral_5m_input_tokens: 2, ephemeral_1h_input_tokens: 3 } })).toMatchObject({ cacheWrite: 5n, cacheWrite1h: 3n });
    expect(messagesUsage({ input_tokens: 1, cache_creation_input_tokens: 2, cache_creation: { ephemeral_1h_input_tokens: 9 } })).toMatchObject({ cacheWrite: 2n, cacheWrite1h: 2n });
    expect(messagesUsage({ output_tokens: 3 })).toBeUndefined();
  });
  test('a body\'s usage is taken, and estimated where it has none', () => {
    const meter = createMessagesMeter(options), bare = createMessagesMeter(options);
    meter.body({ id: 'msg_2', model: 'm', usage: START, content: [] });
    bare.body({ content: [{ type: 'text', text: '12345678' }, { type: 'tool_use', input: { a: 1 } }] });
    expect(meter.read()).toMatchObject({ usage: { input: 10n, output: 1n }, source: 'reported', answerId: 'msg_2' });
    expect(bare.read()).toMatchObject({ usage: { input: 77n, output: 4n }, source: 'estimated' });
  });
});

// The meters against a library others keep: whatever a provider reports, both come to the same buckets.
import { extractUsage, findProvider } from '@pydantic/genai-prices';
import fc from 'fast-check';
import type { Usage } from '../../../src/domain/billing/index.js';
import { chatUsage } from '../../../src/domain/gateway/meter-chat.js';
import { messagesUsage } from '../../../src/domain/gateway/meter-messages.js';
import { NO_FACTS } from '../../../src/domain/gateway/meter.js';
import { tokenUsage } from '../../../src/domain/gateway/meter-parts.js';
import { createResponsesMeter } from '../../../src/domain/gateway/meter-responses.js';
import { responseEvents } from '../../support/upstream.js';

const openai = findProvider({ providerId: 'openai' })!, anthropic = findProvider({ providerId: 'anthropic' })!;
const count = fc.nat({ max: 2_000_000 }), part = fc.nat({ max: 100 });
const ours = (usage: Usage | undefined): object => ({ input_tokens: Number(usage!.input + usage!.cacheRead + usage!.cacheWrite), cache_read_tokens: Number(usage!.cacheRead), cache_write_tokens: Number(usage!.cacheWrite), output_tokens: Number(usage!.output) });
const theirs = (provider: typeof openai, usage: object, flavor: string): object => {
  const { input_tokens = 0, cache_read_tokens = 0, cache_write_tokens = 0, output_tokens = 0 } = extractUsage(provider, { model: 'gpt-5', usage }, flavor).usage;
  return { input_tokens, cache_read_tokens, cache_write_tokens, output_tokens };
};

test('chat', () => {
  fc.assert(fc.property(count, count, part, part, part, (uncached, output, cached, written, reasoning) => {
    const usage = { prompt_tokens: uncached + cached + written, completion_tokens: output + reasoning, total_tokens: 0, prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: written }, completion_tokens_details: { reasoning_tokens: reasoning } };
    expect(ours(chatUsage(usage))).toEqual(theirs(openai, usage, 'chat'));
  }));
});
test('responses', () => {
  fc.assert(fc.property(count, count, part, part, part, (uncached, output, cached, written, reasoning) => {
    const usage = { input_tokens: uncached + cached + written, output_tokens: output + reasoning, total_tokens: 0, input_tokens_details: { cached_tokens: cached, cache_write_tokens: written }, output_tokens_details: { reasoning_tokens: reasoning } };
    expect(ours(tokenUsage(usage))).toEqual(theirs(openai, usage, 'responses'));
  }));
});
test('messages, whose input stands beside the cache', () => {
  fc.assert(fc.property(count, count, part, part, part, (input, output, read, short, hour) => {
    const usage = { input_tokens: input, output_tokens: output, cache_read_input_tokens: read, cache_creation_input_tokens: short + hour, cache_creation: { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: hour } };
    expect(ours(messagesUsage(usage))).toEqual(theirs(anthropic, usage, 'default'));
  }));
});
test('embeddings', () => {
  fc.assert(fc.property(count, (input) => { const usage = { prompt_tokens: input, total_tokens: input }; expect(ours(chatUsage(usage))).toEqual(theirs(openai, usage, 'embeddings')); }));
});

describe('a responses stream', () => {
  const USAGE = { input_tokens: 9, output_tokens: 4 };
  test('is understood by its data alone, where a provider leaves the names out', () => {
    const meter = createResponsesMeter({ hideUsage: false, estimatedInput: 7n, facts: NO_FACTS });
    const seen = responseEvents(['12345678', '1234'], USAGE).map((event) => meter.event('', /^data: (.*)$/m.exec(event)![1]!));
    expect([seen.at(-1), seen.slice(0, -1).every((one) => one === 'pass'), meter.whole]).toEqual(['last', true, true]);
    expect(meter.read()).toMatchObject({ usage: { input: 9n, output: 4n }, source: 'reported', answerId: 'resp_1', servedModel: 'served-3' });
  });
  test('counts what deltas of any kind said when it breaks off, but no sound', () => {
    const meter = createResponsesMeter({ hideUsage: false, estimatedInput: 7n, facts: NO_FACTS });
    for (const type of ['response.output_text', 'response.reasoning_summary_text', 'response.function_call_arguments', 'response.custom_tool_call_input', 'response.refusal']) meter.event(`${type}.delta`, JSON.stringify({ type: `${type}.delta`, delta: '12345678' }));
    meter.event('response.audio.delta', JSON.stringify({ type: 'response.audio.delta', delta: 'A'.repeat(4_000) }));
    meter.event('response.output_text.done', JSON.stringify({ type: 'response.output_text.done', text: 'x'.repeat(4_000) }));
    expect(meter.read()).toMatchObject({ usage: { input: 7n, output: 10n }, source: 'estimated' });
  });
});

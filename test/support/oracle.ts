// A second opinion on usage: @pydantic/genai-prices reads the same answer, and must come to the buckets on record.
import { extractUsage, findProvider } from '@pydantic/genai-prices';
import type { CallRow } from '../../src/domain/gateway/index.js';

export type Flavor = 'chat' | 'responses' | 'embeddings' | 'messages';

/** Fails unless the record of a call has the usage that the library finds in `answer`, the body with its `usage` and `model`. */
export function expectOracle(call: CallRow, flavor: Flavor, answer: unknown): void {
  const provider = findProvider({ providerId: flavor === 'messages' ? 'anthropic' : 'openai' })!;
  const { usage } = extractUsage(provider, answer, flavor === 'messages' ? 'default' : flavor);
  expect({ source: call.usage_source, input: Number(call.usage_input + call.usage_cache_read + call.usage_cache_write), cacheRead: Number(call.usage_cache_read), cacheWrite: Number(call.usage_cache_write), output: Number(call.usage_output) })
    .toEqual({ source: 'reported', input: usage.input_tokens ?? 0, cacheRead: usage.cache_read_tokens ?? 0, cacheWrite: usage.cache_write_tokens ?? 0, output: usage.output_tokens ?? 0 });
}

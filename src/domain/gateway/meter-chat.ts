// Metering of /v1/chat/completions. Its prompt figure includes what was read from and written to the cache.
import { NO_USAGE, type Usage } from '../billing/index.js';
import { TextCount } from './estimate-usage.js';
import { countIn, listIn, objectIn, textIn, type CreateMeter, type JsonObject } from './meter.js';

export const createChatMeter: CreateMeter = ({ hideUsage, estimatedInput }) => {
  const text = new TextCount();
  let usage: Usage | undefined, servedModel: string | null = null, answerId: string | null = null;
  let done = false, finished = false, failed = false, answered = false;

  const see = (json: JsonObject, part: 'delta' | 'message'): readonly unknown[] => {
    usage = chatUsage(json['usage']) ?? usage;
    servedModel ??= textIn(json['model']);
    answerId ??= textIn(json['id']);
    const choices = listIn(json['choices']);
    for (const choice of choices) {
      const one = objectIn(choice);
      countText(objectIn(one[part]), text);
      if (one['finish_reason'] !== null && one['finish_reason'] !== undefined) finished = true;
    }
    return choices;
  };
  return {
    event: (_, data) => {
      if (data === '[DONE]') { done = true; return 'last'; }
      const json = parse(data);
      if (!json) return 'pass';
      answered = true;
      if (json['error'] !== undefined && json['error'] !== null) failed = true;
      const choices = see(json, 'delta');
      return hideUsage && choices.length === 0 && Array.isArray(json['choices']) && chatUsage(json['usage']) ? 'hide' : 'pass';
    },
    body: (json) => { answered = true; done = true; see(objectIn(json), 'message'); },
    get whole() { return done || finished; },
    get failed() { return failed; },
    read: () => ({
      usage: usage ?? { ...NO_USAGE, input: estimatedInput, output: text.tokens },
      source: usage && answered ? 'reported' : 'estimated', servedModel, answerId,
    }),
  };
};

function parse(data: string): JsonObject | undefined {
  try { return objectIn(JSON.parse(data)); } catch { return undefined; }
}

function countText(part: JsonObject, text: TextCount): void {
  text.add(part['content']);
  text.add(part['reasoning_content']);
  text.add(part['refusal']);
  for (const call of listIn(part['tool_calls'])) {
    const { name, arguments: given } = objectIn(objectIn(call)['function']);
    text.add(name);
    text.add(given);
  }
}

/** Buckets from a chat usage object; undefined when it is none. */
export function chatUsage(value: unknown): Usage | undefined {
  const given = objectIn(value);
  const prompt = countIn(given['prompt_tokens']), output = countIn(given['completion_tokens']) ?? 0n;
  if (prompt === undefined) return undefined;
  const promptParts = objectIn(given['prompt_tokens_details']);
  const cacheRead = atMost(countIn(promptParts['cached_tokens']) ?? 0n, prompt);
  const cacheWrite = atMost(countIn(promptParts['cache_write_tokens']) ?? 0n, prompt - cacheRead);
  const reasoning = atMost(countIn(objectIn(given['completion_tokens_details'])['reasoning_tokens']) ?? 0n, output);
  return { input: prompt - cacheRead - cacheWrite, cacheRead, cacheWrite, cacheWrite1h: 0n, output, reasoning };
}

/** A part never exceeds its whole, whatever a provider says. */
function atMost(part: bigint, whole: bigint): bigint { return part < whole ? part : whole; }

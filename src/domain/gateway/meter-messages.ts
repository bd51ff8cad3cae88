// Metering of /v1/messages. Its input figure excludes the cache; in a stream message_delta is cumulative: taken, never added.
import { NO_USAGE, type Usage } from '../billing/index.js';
import { TextCount } from './estimate-usage.js';
import { countIn, listIn, objectIn, textIn, type CreateMeter, type JsonObject } from './meter.js';

export const createMessagesMeter: CreateMeter = ({ estimatedInput }) => {
  const text = new TextCount();
  let given: JsonObject | undefined, servedModel: string | null = null, answerId: string | null = null;
  let stopped = false, final = false, failed = false;

  const start = (message: JsonObject): void => {
    if (message['usage'] !== undefined) given = objectIn(message['usage']);
    servedModel = textIn(message['model']);
    answerId = textIn(message['id']);
  };
  return {
    event: (name, data) => {
      const json = parse(data);
      switch (json?.['type'] ?? name) {
        case 'message_start': start(objectIn(json?.['message'])); return 'pass';
        case 'content_block_delta': countText(objectIn(json?.['delta']), text); return 'pass';
        case 'message_delta': {
          const later = objectIn(json?.['usage']);
          if (countIn(later['output_tokens']) !== undefined) { given = { ...given, ...withoutNull(later) }; final = true; }
          return 'pass';
        }
        case 'message_stop': stopped = true; return 'last';
        case 'error': failed = true; return 'pass';
        default: return 'pass';
      }
    },
    body: (json) => {
      const message = objectIn(json);
      start(message);
      final = messagesUsage(message['usage']) !== undefined;
      stopped = true;
      for (const block of listIn(message['content'])) countText(objectIn(block), text);
    },
    get whole() { return stopped; },
    get failed() { return failed; },
    read: () => {
      const known = messagesUsage(given);
      if (known && final) return { usage: known, source: 'reported', servedModel, answerId };
      // Broken off: the input side of message_start is exact, the output is what went by, and at least what was reported.
      const output = known && known.output > text.tokens ? known.output : text.tokens;
      return { usage: { ...(known ?? { ...NO_USAGE, input: estimatedInput }), output }, source: 'estimated', servedModel, answerId };
    },
  };
};

function parse(data: string): JsonObject | undefined {
  try { return objectIn(JSON.parse(data)); } catch { return undefined; }
}

function withoutNull(usage: JsonObject): JsonObject { return Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null)); }

function countText(part: JsonObject, text: TextCount): void {
  text.add(part['text']);
  text.add(part['thinking']);
  text.add(part['partial_json']);
  if (part['input'] !== undefined) text.add(JSON.stringify(part['input']));
}

/** Buckets from a messages usage object; undefined when it is none. */
export function messagesUsage(value: unknown): Usage | undefined {
  const given = objectIn(value);
  const input = countIn(given['input_tokens']);
  if (input === undefined) return undefined;
  const output = countIn(given['output_tokens']) ?? 0n;
  const written = objectIn(given['cache_creation']);
  const hour = countIn(written['ephemeral_1h_input_tokens']) ?? 0n;
  const cacheWrite = countIn(given['cache_creation_input_tokens']) ?? (countIn(written['ephemeral_5m_input_tokens']) ?? 0n) + hour;
  const thinking = countIn(objectIn(given['output_tokens_details'])['thinking_tokens']) ?? 0n;
  return { input, cacheRead: countIn(given['cache_read_input_tokens']) ?? 0n, cacheWrite, cacheWrite1h: hour < cacheWrite ? hour : cacheWrite,
    output, reasoning: thinking < output ? thinking : output };
}

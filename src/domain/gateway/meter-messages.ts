// Metering of /v1/messages. Its input figure excludes the cache; in a stream message_delta is cumulative: taken, never added.
import { NO_USAGE, type Usage } from '../billing/index.js';
import { TextCount } from './estimate-usage.js';
import { countIn, listIn, objectIn, textIn, type CreateMeter, type Disposition, type JsonObject, type Meter, type MeterOptions, type Reading } from './meter.js';
import { parseEvent } from './meter-parts.js';

class MessagesMeter implements Meter {
  private readonly text = new TextCount();
  private given: JsonObject | undefined;
  private servedModel: string | null = null;
  private answerId: string | null = null;
  private final = false;
  whole = false;
  failed = false;
  constructor(private readonly options: MeterOptions) {}

  event(name: string, data: string): Disposition {
    const json = parseEvent(data);
    switch (json?.['type'] ?? name) {
      case 'message_start': this.start(objectIn(json?.['message'])); return 'pass';
      case 'content_block_delta': countText(objectIn(json?.['delta']), this.text); return 'pass';
      case 'message_delta': {
        const later = objectIn(json?.['usage']);
        if (countIn(later['output_tokens']) !== undefined) { this.given = { ...this.given, ...withoutNull(later) }; this.final = true; }
        return 'pass';
      }
      case 'message_stop': this.whole = true; return 'last';
      case 'error': this.failed = true; return 'last';
      default: return 'pass';
    }
  }

  body(json: unknown): void {
    const message = objectIn(json);
    this.start(message);
    this.final = messagesUsage(message['usage']) !== undefined;
    this.whole = true;
    for (const block of listIn(message['content'])) countText(objectIn(block), this.text);
  }

  read(): Reading {
    const known = messagesUsage(this.given), rest = { servedModel: this.servedModel, answerId: this.answerId };
    if (known && this.final) return { usage: known, source: 'reported', ...rest };
    // Broken off: the input side of message_start is exact, the output is what went by, and at least what was reported.
    const { tokens } = this.text, output = known && known.output > tokens ? known.output : tokens;
    return { usage: { ...(known ?? { ...NO_USAGE, input: this.options.estimatedInput }), output }, source: 'estimated', ...rest };
  }

  private start(message: JsonObject): void {
    if (message['usage'] !== undefined) this.given = objectIn(message['usage']);
    this.servedModel = textIn(message['model']);
    this.answerId = textIn(message['id']);
  }
}

export const createMessagesMeter: CreateMeter = (options) => new MessagesMeter(options);

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

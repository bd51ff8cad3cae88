// Metering of /v1/chat/completions and /v1/completions. The prompt figure includes what was read from and written to the cache.
import { NO_USAGE, type Usage } from '../billing/index.js';
import { TextCount } from './estimate-usage.js';
import { countIn, listIn, objectIn, textIn, type CreateMeter, type Disposition, type JsonObject, type Meter, type MeterOptions, type Reading } from './meter.js';
import { bucketsOf, parseEvent } from './meter-parts.js';

class ChatMeter implements Meter {
  private readonly text = new TextCount();
  private usage: Usage | undefined;
  private servedModel: string | null = null;
  private answerId: string | null = null;
  private done = false;
  private finished = false;
  failed = false;
  constructor(private readonly options: MeterOptions) {}

  get whole(): boolean { return this.done || this.finished; }

  event(_: string, data: string): Disposition {
    if (data === '[DONE]') { this.done = true; return 'last'; }
    const json = parseEvent(data);
    if (!json) return 'pass';
    if (json['error'] !== undefined && json['error'] !== null) this.failed = true;
    const choices = this.see(json, 'delta');
    return this.options.hideUsage && choices.length === 0 && Array.isArray(json['choices']) && chatUsage(json['usage']) ? 'hide' : 'pass';
  }

  body(json: unknown): void { this.done = true; this.see(objectIn(json), 'message'); }

  read(): Reading {
    return { usage: this.usage ?? { ...NO_USAGE, input: this.options.estimatedInput, output: this.text.tokens }, source: this.usage ? 'reported' : 'estimated',
      servedModel: this.servedModel, answerId: this.answerId };
  }

  private see(json: JsonObject, part: 'delta' | 'message'): readonly unknown[] {
    this.usage = chatUsage(json['usage']) ?? this.usage;
    this.servedModel ??= textIn(json['model']);
    this.answerId ??= textIn(json['id']);
    const choices = listIn(json['choices']);
    for (const choice of choices) {
      const one = objectIn(choice);
      countText(objectIn(one[part]), this.text);
      this.text.add(one['text']); // /v1/completions has its text here
      if (one['finish_reason'] !== null && one['finish_reason'] !== undefined) this.finished = true;
    }
    return choices;
  }
}

export const createChatMeter: CreateMeter = (options) => new ChatMeter(options);

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
  const given = objectIn(value), prompt = countIn(given['prompt_tokens']);
  if (prompt === undefined) return undefined;
  return bucketsOf(prompt, countIn(given['completion_tokens']) ?? 0n, objectIn(given['prompt_tokens_details']), objectIn(given['completion_tokens_details']));
}

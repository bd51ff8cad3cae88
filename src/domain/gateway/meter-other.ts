// Metering of everything else below /v1: a usage object in one of the known shapes is taken, nothing is guessed.
import { NO_USAGE, type Usage } from '../billing/index.js';
import { chatUsage } from './meter-chat.js';
import { messagesUsage } from './meter-messages.js';
import { objectIn, textIn, type CreateMeter, type Disposition, type JsonObject, type Meter, type Reading } from './meter.js';
import { parseEvent, tokenUsage } from './meter-parts.js';

class OtherMeter implements Meter {
  private usage: Usage | undefined;
  private servedModel: string | null = null;
  private answerId: string | null = null;
  /** How a stream of an unknown protocol ends is not known: a clean end counts. */
  readonly whole = true;
  failed = false;
  constructor(private readonly usageIn: (value: unknown) => Usage | undefined) {}

  event(name: string, data: string): Disposition {
    if (data === '[DONE]') return 'last';
    const json = parseEvent(data);
    if (json) this.see(json);
    if (name === 'error' || json?.['type'] === 'error') this.failed = true;
    return 'pass';
  }
  body(json: unknown): void { this.see(objectIn(json)); }
  read(): Reading { return { usage: this.usage ?? NO_USAGE, source: this.usage ? 'reported' : 'none', servedModel: this.servedModel, answerId: this.answerId }; }

  private see(json: JsonObject): void {
    this.usage = this.usageIn(json['usage']) ?? this.usage;
    this.servedModel ??= textIn(json['model']);
    this.answerId ??= textIn(json['id']);
  }
}

export const createOtherOpenaiMeter: CreateMeter = () => new OtherMeter((value) => chatUsage(value) ?? tokenUsage(value));
export const createOtherAnthropicMeter: CreateMeter = () => new OtherMeter(messagesUsage);

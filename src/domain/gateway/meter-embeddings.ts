// Metering of /v1/embeddings: input tokens, no output.
import { NO_USAGE, type Usage } from '../billing/index.js';
import { chatUsage } from './meter-chat.js';
import { objectIn, textIn, type CreateMeter, type Disposition, type Meter, type MeterOptions, type Reading } from './meter.js';

class EmbeddingsMeter implements Meter {
  private usage: Usage | undefined;
  private servedModel: string | null = null;
  whole = false;
  readonly failed = false;
  constructor(private readonly options: MeterOptions) {}
  event(): Disposition { return 'pass'; }
  body(json: unknown): void {
    const answer = objectIn(json);
    this.whole = true;
    this.usage = chatUsage(answer['usage']);
    this.servedModel = textIn(answer['model']);
  }
  read(): Reading {
    return { usage: this.usage ?? { ...NO_USAGE, input: this.options.estimatedInput }, source: this.usage ? 'reported' : 'estimated', servedModel: this.servedModel, answerId: null };
  }
}

export const createEmbeddingsMeter: CreateMeter = (options) => new EmbeddingsMeter(options);

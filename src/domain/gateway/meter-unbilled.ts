// Metering of what costs nothing: token counts, moderations, retrieval. Ids and models are noted all the same.
import { NO_USAGE } from '../billing/index.js';
import { objectIn, textIn, type CreateMeter, type Disposition, type Meter, type Reading } from './meter.js';

class UnbilledMeter implements Meter {
  private servedModel: string | null = null;
  private answerId: string | null = null;
  readonly whole = true;
  readonly failed = false;
  event(_: string, data: string): Disposition { return data === '[DONE]' ? 'last' : 'pass'; }
  body(json: unknown): void {
    const answer = objectIn(json);
    this.servedModel = textIn(answer['model']);
    this.answerId = textIn(answer['id']);
  }
  read(): Reading { return { usage: NO_USAGE, source: 'none', servedModel: this.servedModel, answerId: this.answerId }; }
}

export const createUnbilledMeter: CreateMeter = () => new UnbilledMeter();

// Metering of /v1/responses, and of what is fetched below it. Usage comes with the event that ends the stream, or not at all.
import { NO_USAGE, type Usage } from '../billing/index.js';
import { TextCount } from './estimate-usage.js';
import { listIn, objectIn, textIn, type CreateMeter, type Disposition, type JsonObject, type Meter, type MeterOptions, type Reading } from './meter.js';
import { parseEvent, tokenUsage } from './meter-parts.js';

const BEGIN = new Set(['response.created', 'response.queued', 'response.in_progress']);
const END = new Set(['response.completed', 'response.incomplete', 'response.failed']);

class ResponsesMeter implements Meter {
  private readonly text = new TextCount();
  private usage: Usage | undefined;
  private servedModel: string | null = null;
  private answerId: string | null = null;
  /** The provider works on, or gave up before it used anything: nothing to bill now. */
  private nothing = false;
  whole = false;
  failed = false;
  constructor(private readonly options: MeterOptions, private readonly billed: boolean) {}

  event(name: string, data: string): Disposition {
    // [DONE] belongs to the vendor-neutral form alone; behind the last event it is passed as it came.
    if (data === '[DONE]') return 'pass';
    // Most events repeat what deltas said; their names are enough.
    if (name.startsWith('response.') && !name.endsWith('.delta') && !BEGIN.has(name) && !END.has(name)) return 'pass';
    const json = parseEvent(data), type = textIn(json?.['type']) ?? name;
    if (!json) return 'pass';
    if (type.endsWith('.delta')) { if (type !== 'response.audio.delta') this.text.add(json['delta']); return 'pass'; }
    if (BEGIN.has(type)) { this.see(objectIn(json['response'])); return 'pass'; }
    if (END.has(type)) {
      this.see(objectIn(json['response']));
      if (type === 'response.failed') this.failed = true; else this.whole = true;
      return 'last';
    }
    // Flat or nested, an error ends the stream.
    if (type === 'error') { this.failed = true; return 'last'; }
    return 'pass';
  }

  body(json: unknown): void {
    const response = objectIn(json), status = response['status'];
    this.whole = true;
    this.see(response);
    this.nothing = status === 'queued' || status === 'in_progress' || status === 'failed' || status === 'cancelled';
    if (this.usage || this.nothing) return;
    for (const item of listIn(response['output'])) countItem(objectIn(item), this.text);
  }

  read(): Reading {
    const rest = { servedModel: this.servedModel, answerId: this.answerId };
    if (!this.billed && !(this.options.facts.owed && this.usage)) return { usage: NO_USAGE, source: this.usage && this.options.facts.counted ? 'counted' : 'none', ...rest };
    if (this.usage) return { usage: this.usage, source: 'reported', ...rest };
    if (this.nothing) return { usage: NO_USAGE, source: 'none', ...rest };
    return { usage: { ...NO_USAGE, input: this.options.estimatedInput, output: this.text.tokens }, source: 'estimated', ...rest };
  }

  private see(response: JsonObject): void {
    this.usage = tokenUsage(response['usage']) ?? this.usage;
    this.servedModel ??= textIn(response['model']);
    this.answerId ??= textIn(response['id']);
  }
}

function countItem(item: JsonObject, text: TextCount): void {
  for (const part of [...listIn(item['content']), ...listIn(item['summary'])]) { text.add(objectIn(part)['text']); text.add(objectIn(part)['refusal']); }
  for (const name of ['name', 'arguments', 'input']) text.add(item[name]);
}

export const createResponsesMeter: CreateMeter = (options) => new ResponsesMeter(options, true);
/** For a response that is fetched, cancelled or deleted: watched for its end, billed only where nobody was yet. */
export const createRetrievalMeter: CreateMeter = (options) => new ResponsesMeter(options, false);

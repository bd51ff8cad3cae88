// Metering of /v1/images/*: tokens where the provider reports them, and the number of pictures in any case.
import { NO_USAGE, type Usage } from '../billing/index.js';
import { listIn, objectIn, textIn, type CreateMeter, type Disposition, type Meter, type MeterOptions, type Reading } from './meter.js';
import { parseEvent, tokenUsage } from './meter-parts.js';

class ImagesMeter implements Meter {
  private tokens: Usage | undefined;
  private pictures = 0;
  private ended = false;
  failed = false;
  constructor(private readonly options: MeterOptions) {}

  get whole(): boolean { return this.ended || this.pictures > 0; }

  event(name: string, data: string): Disposition {
    // A preview holds a whole picture; its name says that there is nothing to read in it.
    if (name.endsWith('.partial_image')) return 'pass';
    const json = parseEvent(data);
    if (!json) return 'pass';
    const type = textIn(json['type']) ?? name;
    if (type === 'error' || (json['error'] ?? null) !== null) { this.failed = true; return 'last'; }
    if (!type.endsWith('.completed')) return 'pass';
    this.add(tokenUsage(json['usage']));
    this.pictures += 1;
    this.ended = this.pictures >= this.options.facts.images;
    return this.ended ? 'last' : 'pass';
  }

  body(json: unknown): void {
    const answer = objectIn(json);
    this.ended = true;
    this.add(tokenUsage(answer['usage']));
    // Drawing vector pictures is counted apart, and paid like the rest.
    this.add(tokenUsage(answer['svg_usage']));
    this.pictures = listIn(answer['data']).length;
  }

  read(): Reading {
    const usage = this.tokens ?? { ...NO_USAGE, ...(this.pictures > 0 ? {} : { input: this.options.estimatedInput }) };
    return { usage: this.pictures > 0 ? { ...usage, units: { ...usage.units, images: BigInt(this.pictures) } } : usage,
      source: this.pictures > 0 && this.ended ? 'reported' : 'estimated', servedModel: null, answerId: null };
  }

  private add(more: Usage | undefined): void {
    if (!more) return;
    const sum = this.tokens ?? NO_USAGE, units: Record<string, bigint> = { ...sum.units };
    for (const [unit, count] of Object.entries(more.units ?? {})) units[unit] = (units[unit] ?? 0n) + count;
    this.tokens = { input: sum.input + more.input, cacheRead: sum.cacheRead + more.cacheRead, cacheWrite: sum.cacheWrite + more.cacheWrite, cacheWrite1h: 0n,
      output: sum.output + more.output, reasoning: sum.reasoning + more.reasoning, ...(Object.keys(units).length > 0 ? { units } : {}) };
  }
}

export const createImagesMeter: CreateMeter = (options) => new ImagesMeter(options);

// Metering of /v1/audio/speech. A binary answer says nothing of its usage; the characters read aloud are counted in the request.
import { NO_USAGE, type Usage } from '../billing/index.js';
import type { CreateMeter, Disposition, Meter, MeterOptions, Reading } from './meter.js';
import { parseEvent, tokenUsage } from './meter-parts.js';

class SpeechMeter implements Meter {
  private usage: Usage | undefined;
  whole = false;
  failed = false;
  constructor(private readonly options: MeterOptions) {}

  event(name: string, data: string): Disposition {
    if (name === 'speech.audio.delta' || data.startsWith('{"type":"speech.audio.delta"')) return 'pass';
    const json = parseEvent(data), type = json?.['type'] ?? name;
    if (type === 'speech.audio.done') { this.usage = tokenUsage(json?.['usage']); this.whole = true; return 'last'; }
    if (type !== 'error' && (json?.['error'] ?? null) === null) return 'pass';
    this.failed = true;
    return 'last';
  }

  body(): void { this.whole = true; }

  read(): Reading {
    const { characters } = this.options.facts, rest = { servedModel: null, answerId: null };
    if (!this.usage) return { usage: { ...NO_USAGE, input: this.options.estimatedInput, units: { characters } }, source: 'estimated', ...rest };
    // What comes out is sound: all of the output.
    return { usage: { ...this.usage, units: { ...this.usage.units, output_audio_tokens: this.usage.output, characters } }, source: 'reported', ...rest };
  }
}

export const createSpeechMeter: CreateMeter = (options) => new SpeechMeter(options);

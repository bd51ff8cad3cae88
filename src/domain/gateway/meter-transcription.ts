// Metering of /v1/audio/transcriptions and translations: tokens or seconds as reported; else estimated from the subtitles' last
// time or from the size of what was sent.
import { NO_USAGE, type Usage } from '../billing/index.js';
import { TextCount } from './estimate-usage.js';
import { objectIn, type CreateMeter, type Disposition, type JsonObject, type Meter, type MeterOptions, type Reading } from './meter.js';
import { parseEvent, tokenUsage } from './meter-parts.js';

/** A file of unknown coding is taken for 128 kbit/s: 16 bytes a millisecond. */
const BYTES_PER_MS = 16;
/** What providers that count sound in tokens count for a second of it. */
const TOKENS_PER_SECOND = 10n;

class TranscriptionMeter implements Meter {
  private readonly text = new TextCount();
  private usage: Usage | undefined;
  private heardMs: bigint | undefined;
  whole = false;
  failed = false;
  constructor(private readonly options: MeterOptions) {}

  event(name: string, data: string): Disposition {
    const json = parseEvent(data), type = json?.['type'] ?? name;
    if (!json) return 'pass';
    if (type === 'transcript.text.delta') this.text.add(json['delta']);
    else if (type === 'transcript.text.done') { this.see(json); this.whole = true; return 'last'; } else if (type === 'error' || (json['error'] ?? null) !== null) { this.failed = true; return 'last'; }
    return 'pass';
  }

  body(content: unknown): void {
    this.whole = true;
    if (typeof content === 'string') { this.text.add(content); this.heardMs = lastTimeOf(content); return; }
    const answer = objectIn(content);
    this.see(answer);
    this.text.add(answer['text']);
    if (!this.usage) this.usage = durationUsage(answer['duration']);
  }

  read(): Reading {
    const rest = { servedModel: null, answerId: null };
    if (this.usage) return { usage: this.usage, source: 'reported', ...rest };
    const ms = this.heardMs ?? BigInt(Math.ceil(this.options.facts.fileBytes / BYTES_PER_MS));
    const input = (ms * TOKENS_PER_SECOND + 999n) / 1_000n;
    return { usage: { ...NO_USAGE, input, output: this.text.tokens, units: { input_audio_tokens: input, audio_ms: ms } }, source: 'estimated', ...rest };
  }

  private see(answer: JsonObject): void {
    const given = objectIn(answer['usage']);
    this.usage = given['type'] === 'duration' ? durationUsage(given['seconds']) : tokenUsage(given);
  }
}

/** Seconds, as a number or as text; undefined when it is neither. */
function durationUsage(seconds: unknown): Usage | undefined {
  const value = typeof seconds === 'string' && seconds.trim() !== '' ? Number(seconds) : seconds;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0 || value > 1e9) return undefined;
  return { ...NO_USAGE, units: { audio_ms: BigInt(Math.round(value * 1_000)) } };
}

/** The end of the last cue of an SRT or WebVTT text, in ms; undefined when there is none. */
function lastTimeOf(subtitles: string): bigint | undefined {
  const [, hours, minutes, seconds, ms] = [...subtitles.matchAll(/--> (?:(\d+):)?(\d\d):(\d\d)[.,](\d{3})/g)].at(-1) ?? [];
  if (minutes === undefined) return undefined;
  return BigInt(((Number(hours ?? 0) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000 + Number(ms));
}

export const createTranscriptionMeter: CreateMeter = (options) => new TranscriptionMeter(options);

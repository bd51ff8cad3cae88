// What the usage objects of several protocols have in common: figures that lie inside others, and the parts that are no text.
import type { Units, Usage } from '../billing/index.js';
import { countIn, objectIn, type JsonObject } from './meter.js';

/** A part never exceeds its whole, whatever a provider says. */
export function atMost(part: bigint, whole: bigint): bigint { return part < whole ? part : whole; }

/** The event's data as an object; undefined when it is no JSON. */
export function parseEvent(data: string): JsonObject | undefined {
  try { return objectIn(JSON.parse(data)); } catch { return undefined; }
}

/**
 * Buckets of OpenAI's protocols from their totals: what was read from and written to the cache lies inside the input figure, reasoning
 * inside the output. Audio and image tokens become units; a plain text call gets none.
 */
export function bucketsOf(input: bigint, output: bigint, inputParts: JsonObject, outputParts: JsonObject): Usage {
  const cacheRead = atMost(countIn(inputParts['cached_tokens']) ?? 0n, input);
  const cacheWrite = atMost(countIn(inputParts['cache_write_tokens']) ?? 0n, input - cacheRead);
  const reasoning = atMost(countIn(outputParts['reasoning_tokens']) ?? 0n, output);
  const usage = { input: input - cacheRead - cacheWrite, cacheRead, cacheWrite, cacheWrite1h: 0n, output, reasoning };
  const units = unitsOf(inputParts, usage.input, outputParts, output);
  return units ? { ...usage, units } : usage;
}

function unitsOf(inputParts: JsonObject, input: bigint, outputParts: JsonObject, output: bigint): Units | undefined {
  const heard = countIn(inputParts['audio_tokens']) ?? 0n, seen = countIn(inputParts['image_tokens']) ?? 0n;
  const spoken = countIn(outputParts['audio_tokens']) ?? 0n, drawn = countIn(outputParts['image_tokens']) ?? 0n;
  if (heard + seen + spoken + drawn === 0n) return undefined;
  return {
    ...(heard > 0n ? { input_audio_tokens: atMost(heard, input) } : {}), ...(seen > 0n ? { input_image_tokens: atMost(seen, input) } : {}),
    ...(spoken > 0n ? { output_audio_tokens: atMost(spoken, output) } : {}), ...(drawn > 0n ? { output_image_tokens: atMost(drawn, output) } : {}),
  };
}

/** Buckets from a usage object with `input_tokens` and `output_tokens` (responses, images, audio); undefined when it is none. */
export function tokenUsage(value: unknown): Usage | undefined {
  const given = objectIn(value), input = countIn(given['input_tokens']);
  if (input === undefined) return undefined;
  // Transcriptions say input_token_details, everything else input_tokens_details.
  return bucketsOf(input, countIn(given['output_tokens']) ?? 0n, objectIn(given['input_tokens_details'] ?? given['input_token_details']),
    objectIn(given['output_tokens_details'] ?? given['output_token_details']));
}

// Puts placeholders in place of what was found, and leaves every other byte as it came.
import type { SensitiveKind } from '../../kernel/find-sensitive.js';
import type { Finds } from './json-texts.js';
import type { Asked } from './read-asked.js';

/** Replacements between two pauses. */
const AT_ONCE = 10_000;

/** What stands for a value: kind and number, "[card-1]". Without letters that JSON escapes, so that it may stand in JSON within a string too. */
export function placeholderOf(kind: SensitiveKind, number: number): string { return `[${kind.replace('_', '-')}-${number}]`; }

/**
 * The request with the finds of these kinds replaced; the same one when there are none. What we change ourselves (the model's name,
 * stream_options) is no text of the client's and left alone. Yields between pieces.
 */
export function* maskAsked(asked: Asked, finds: Finds, kinds: ReadonlySet<SensitiveKind>): Generator<void, Asked> {
  const { body, members } = asked, ours = [members.model, members.streamOptions].filter((one) => one !== undefined);
  const isMeant = (n: number): boolean => kinds.has(finds.kindOf(n)) && !ours.some((one) => finds.startOf(n) < one.end && finds.endOf(n) > one.start);
  const markOf = (n: number): string => { const mark = placeholderOf(finds.kindOf(n), finds.numberOf(n)); return finds.isBare(n) ? `"${mark}"` : mark; };
  let grown = 0, some = false;
  for (let n = 0; n < finds.length; n++) {
    if (n % AT_ONCE === AT_ONCE - 1) yield;
    if (!isMeant(n)) continue;
    some = true;
    grown += markOf(n).length - (finds.endOf(n) - finds.startOf(n));
  }
  if (!some) return asked;
  const masked = Buffer.allocUnsafe(body.length + grown);
  // Where what we put in later stands by then.
  const edges = [...new Set([members.inside ?? 0, ...ours.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b), moved = new Map<number, number>();
  let from = 0, to = 0, edge = 0;
  const pass = (until: number): void => { for (; edge < edges.length && edges[edge]! <= until; edge++) moved.set(edges[edge]!, edges[edge]! + to - from); };
  for (let n = 0; n < finds.length; n++) {
    if (n % AT_ONCE === AT_ONCE - 1) yield;
    if (!isMeant(n)) continue;
    pass(finds.startOf(n));
    to += body.copy(masked, to, from, finds.startOf(n));
    to += masked.write(markOf(n), to, 'latin1');
    from = finds.endOf(n);
  }
  pass(body.length);
  body.copy(masked, to, from);
  const at = (place: number): number => moved.get(place)!;
  const { inside, model, streamOptions } = members;
  return { ...asked, body: masked, members: { inside: inside === undefined ? undefined : at(inside), model: model && { ...model, start: at(model.start), end: at(model.end) },
    streamOptions: streamOptions && { ...streamOptions, start: at(streamOptions.start), end: at(streamOptions.end) } } };
}

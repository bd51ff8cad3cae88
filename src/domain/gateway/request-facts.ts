// What a meter must know of a request: how many pictures it asks for, how much is to be read aloud, how large its files are.
import { NO_FACTS, type Facts, type JsonObject } from './meter.js';

/** From the members of a JSON body or the fields of a form, which are text, and the bytes of the form's files. */
export type ReadFacts = (request: JsonObject, fileBytes: number) => Facts;

/** `n`, 1 when it is not given; nonsense is left to the provider. */
export const picturesAsked: ReadFacts = ({ n }, fileBytes) => {
  const images = Number(n ?? 1);
  return { ...NO_FACTS, fileBytes, images: Number.isInteger(images) && images > 0 && images <= 1_000 ? images : 1 };
};

export const filesSent: ReadFacts = (_, fileBytes) => ({ ...NO_FACTS, fileBytes });

/** Code points of `input`. */
export const textToRead: ReadFacts = ({ input }, fileBytes) => ({ ...NO_FACTS, fileBytes, characters: typeof input === 'string' ? BigInt(Array.from(input).length) : 0n });

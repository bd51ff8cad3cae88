// What a meter is: it watches an answer go by, changes nothing, and says at the end what was used and how it knows.
import type { Usage } from '../billing/index.js';
import type { UsageSource } from './call.js';

/** What becomes of one event of a stream: goes on · is kept from a client that did not ask for it · ends the stream, so it waits for the record. */
export type Disposition = 'pass' | 'hide' | 'last';

export interface MeterOptions {
  /** The usage chunk was asked for by us alone: hide it. */
  readonly hideUsage: boolean;
  /** Tokens to assume for the input when the provider does not say. */
  readonly estimatedInput: bigint;
  readonly facts: Facts;
}

/** What a meter must know of the request beyond its text. */
export interface Facts {
  /** Pictures asked for. */
  readonly images: number;
  /** Characters (code points) to be read aloud. */
  readonly characters: bigint;
  /** Bytes of the files inside the request. */
  readonly fileBytes: number;
  /** What is fetched was not billed when it was asked for: it had not been made yet. */
  readonly owed: boolean;
  /** What is fetched was billed when it was asked for, or fetched before. */
  readonly counted: boolean;
}
export const NO_FACTS: Facts = Object.freeze({ images: 1, characters: 0n, fileBytes: 0, owed: false, counted: false });

export interface Reading {
  readonly usage: Usage;
  readonly source: UsageSource;
  /** The model the provider says it was. */
  readonly servedModel: string | null;
  /** The answer's own id in its body: "chatcmpl-…", "msg_…". */
  readonly answerId: string | null;
}

export interface Meter {
  /** One event of a stream, its data lines joined by \n. An error event ends it as the protocol's own end does. */
  event(name: string, data: string): Disposition;
  /** The whole body of an answer that is no stream: parsed JSON, a string where it is other text, undefined where it could not be read. */
  body(content: unknown): void;
  /** Whether the protocol's end was seen, so that the answer is whole. */
  readonly whole: boolean;
  /** Whether the provider reported an error inside the stream. */
  readonly failed: boolean;
  read(): Reading;
}

export type CreateMeter = (options: MeterOptions) => Meter;

export type JsonObject = Readonly<Record<string, unknown>>;

/** The value as an object; an empty one when it is none. */
export function objectIn(value: unknown): JsonObject { return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as JsonObject : {}; }

/** The value as a list; empty when it is none. */
export function listIn(value: unknown): readonly unknown[] { return Array.isArray(value) ? value : []; }

/** A token count as reported; undefined when it is no non-negative whole number. */
export function countIn(value: unknown): bigint | undefined { return Number.isSafeInteger(value) && (value as number) >= 0 ? BigInt(value as number) : undefined; }

/** The text, or null for anything else or nothing. */
export function textIn(value: unknown): string | null { return typeof value === 'string' && value !== '' ? value : null; }

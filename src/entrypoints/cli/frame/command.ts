// What a command of the command line is: its usage as data, and its run.
import type { App } from '../../../app.js';
import type { Actor } from '../../../kernel/actor.js';
import type { Refusal } from '../../../kernel/result.js';

export type Environment = Readonly<Record<string, string | undefined>>;
export const EXIT = { done: 0, failed: 1, usage: 2, verificationFailed: 3 } as const;

/** An option; with `value` it takes one, named so in the usage. */
export interface Option { readonly value?: string; readonly help: string; readonly multiple?: boolean; readonly required?: boolean }
/** A positional argument; optional ones stand last. */
export interface Argument { readonly name: string; readonly help: string; readonly optional?: boolean; /** Takes all that follow; only the last one may. */ readonly many?: boolean }

export interface Command {
  /** "apply", "key issue". */
  readonly name: string;
  readonly summary: string;
  readonly arguments?: readonly Argument[];
  readonly options?: Readonly<Record<string, Option>>;
  /** A line that works as it stands, but for names. */
  readonly example: string;
  /** Works while a restored database is closed. */
  readonly whileClosed?: true;
  /** Resolves with the exit code. HoldfastError and refusals given to `accept` become one line on stderr and exit code 1. */
  readonly run: (call: Call) => Promise<number>;
}

/** One invocation. */
export interface Call {
  readonly env: Environment;
  /** The positional argument of that name; '' for an optional one that is not there. */
  readonly argument: (name: string) => string;
  /** All positional arguments, for a last one that takes many. */
  readonly positionals: readonly string[];
  readonly flag: (name: string) => boolean;
  /** The value of an option; undefined when it is not given. */
  readonly text: (name: string) => string | undefined;
  /** The value of a required option. */
  readonly need: (name: string) => string;
  readonly texts: (name: string) => readonly string[];
  /** Prints `text` for people, or with --json `value` as one JSON document. */
  readonly print: (value: unknown, text: string) => void;
  /** A line for people beside the answer, on stderr. */
  readonly note: (line: string) => void;
  /** Runs with the application and the person at this machine as actor, and closes it. */
  readonly withApp: <T>(work: (app: App, actor: Actor) => Promise<T>) => Promise<T>;
  /** The answer, or its refusal as a failure of the command. */
  readonly accept: <T>(answer: T | Refusal) => T;
}

/** Wrong usage: one line and exit code 2. */
export class UsageError extends Error {}

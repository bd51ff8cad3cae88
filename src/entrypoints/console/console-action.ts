// A change as the console knows it: a name, who may, what the form asks, how it is checked, and the one use case it calls.
import type { z } from 'zod';
import type { App } from '../../app.js';
import type { Permission } from '../../domain/security/index.js';
import type { Actor } from '../../kernel/actor.js';
import type { Json } from '../../kernel/canonical-json.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Row } from './views/read-model.view.js';

/** One question of a form. Labels and help come from the translations under `fields.<name>`. */
export interface Field {
  readonly name: string;
  readonly type: 'text' | 'area' | 'day' | 'choice' | 'choices' | 'number' | 'check';
  readonly required?: boolean;
  readonly values?: readonly string[];
  /** Column of the record whose value stands in the field at first. */
  readonly from?: string;
  readonly initial?: string;
  /** Longest text of an area; 500 when absent. */
  readonly max?: number;
}

export interface ActionInput<T> { readonly app: App; readonly actor: Actor; /** '' for an action on the whole list. */ readonly recordId: string; readonly payload: T }

/** `show` is told to the operator once, after the change: a new key's secret, a report. `refresh`: the record to go on with. */
export interface ActionResult { readonly show?: { readonly [key: string]: Json }; readonly refresh?: string }

export interface ConsoleAction {
  readonly name: string;
  readonly on: 'record' | 'resource';
  readonly permission: Permission;
  readonly fields: readonly Field[];
  /** Ends or destroys something: the button and the question say so. */
  readonly grave?: boolean;
  /** For which records the button shows; the use case decides again. */
  readonly when?: (record: Row) => boolean;
  /** Checks the payload and calls the use case. */
  run(input: ActionInput<unknown>): Promise<ActionResult | FormRefusal>;
}

/** A refusal of a form names everything that is wrong at once: message by field. */
export interface FormRefusal extends Refusal { readonly fields?: Readonly<Record<string, string>> }

/** An action with the type of its payload tied to its schema. */
export function consoleAction<T>(definition: Omit<ConsoleAction, 'run'> & { readonly schema: z.ZodType<T>; run(input: ActionInput<T>): Promise<ActionResult | Refusal> }): ConsoleAction {
  const { schema, ...rest } = definition;
  return { ...rest, run: async (input) => {
    const parsed = schema.safeParse(input.payload);
    if (parsed.success) return definition.run({ ...input, payload: parsed.data });
    const [first, ...others] = parsed.error.issues.map((issue) => [String(issue.path[0] ?? ''), issue.message] as const);
    if (!first) return refuse('invalid_request', 'the form is not complete');
    // Of several messages about one field the first counts.
    return { ...refuse('invalid_request', first[1], first[0]), fields: Object.fromEntries([first, ...others].reverse()) };
  } };
}

// What zod found, in words that say what is wrong and what is allowed; never the value itself, which may be a secret.
import { z } from 'zod';
import type { Path } from './problem.js';

export interface Finding { readonly path: Path; readonly message: string; readonly at: 'value' | 'key' }

const WORDS: Record<string, string> = { string: 'text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list', object: 'a mapping of fields', record: 'a mapping of fields' };

/** One finding for each thing wrong; `value` is what was parsed with `schema`. */
export function describeIssues(schema: z.ZodType, value: unknown, issues: readonly z.core.$ZodIssue[]): Finding[] {
  return issues.flatMap((issue): Finding[] => {
    const path = issue.path.filter((step): step is string | number => typeof step !== 'symbol');
    if (issue.code === 'unrecognized_keys') {
      const allowed = fieldsAt(schema, path);
      return issue.keys.map((key) => ({ path: [...path, key], at: 'key', message: `is not a field here; allowed are ${allowed.join(', ')}` }));
    }
    const found = valueAt(value, path), missing = found === undefined;
    return [{ path, at: 'value', message: missing ? `is missing; ${wanted(issue)}` : describe(issue, found) }];
  });
}

function describe(issue: z.core.$ZodIssue, found: unknown): string {
  if (issue.code === 'invalid_type' && issue.expected === 'string' && (typeof found === 'number' || typeof found === 'boolean')) return `must be text, not ${kindOf(found)}; put it in quotes`;
  return issue.code === 'invalid_type' ? `${wanted(issue)}, not ${kindOf(found)}` : wanted(issue);
}

function wanted(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type': return `must be ${WORDS[issue.expected] ?? issue.expected}`;
    case 'invalid_value': return `must be ${issue.values.map(String).join(', ').replace(/, ([^,]*)$/, ' or $1')}`;
    case 'too_small': return issue.origin === 'array' ? `must have at least ${issue.minimum} item` : `must be at least ${issue.minimum}`;
    case 'too_big': return `must be at most ${issue.maximum}`;
    default: return issue.message;
  }
}

function kindOf(value: unknown): string {
  return value === null ? 'empty' : Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a mapping' : typeof value === 'string' ? 'text' : typeof value === 'number' ? 'a number' : 'true or false';
}

/** The value at the path; undefined where it ends. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => (typeof inner === 'object' && inner !== null && Object.hasOwn(inner, step) ? (inner as Record<string | number, unknown>)[step] : undefined), value);
}

function fieldsAt(schema: z.ZodType, path: Path): string[] {
  let inner: unknown = unwrapped(schema);
  for (const step of path) inner = unwrapped(inner instanceof z.ZodArray ? inner.element : inner instanceof z.ZodObject ? inner.shape[step] : undefined);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

function unwrapped(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault ? unwrapped(schema.unwrap()) : schema;
}

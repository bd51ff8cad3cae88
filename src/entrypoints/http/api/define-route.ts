// What a route of the management API is: its schemas, permission, documentation and run, in one value that everything is made from.
import { z } from 'zod';
import type { App } from '../../../app.js';
import type { Permission } from '../../../domain/security/index.js';
import type { Actor, Purpose } from '../../../kernel/actor.js';
import type { ErrorCode } from '../../../kernel/errors.js';
import { refuse, type Refusal } from '../../../kernel/result.js';
import type { Tx } from '../../../platform/db/index.js';

export const TAGS = {
  calls: 'What was called, with usage, cost, transfers and proof', accounts: 'Customers', keys: 'API keys of customers',
  providers: 'Third parties, models, prices and availability', confirmations: "Customers' confirmations of cross-border transfers",
  content: 'Grants under which content of calls is kept', approvals: 'What waits for a second person', retention: 'How long what is kept', holds: 'What must not be purged', purges: 'Purge runs and certificates', cases: 'Disputes, lawful requests, subject requests, disclosures', evidence: 'Evidence packs',
  ledger: 'The published log and its verification', audit: 'Who did what', operators: 'People and tokens', payments: 'Payments received',
  security: 'Security events',
} as const;

/** The part of a call that every run gets, whatever its schemas. */
export interface Caller { readonly app: App; readonly actor: Actor; readonly purpose: Purpose; readonly address: string | undefined }
export interface Input<P, Q, B> extends Caller { readonly params: P; readonly query: Q; readonly body: B }
/** A file answered as it is; `name` is offered to whoever saves it. */
export type FileAnswer = { readonly path: string; readonly name: string } | { readonly bytes: Buffer; readonly name: string };
/** What a reading of customer data leaves on the ledger (promise P1). */
export interface Reading { readonly action: string; readonly subjectKind: string; subjectId(input: { readonly params: Record<string, unknown>; readonly answer: unknown }): string }

interface RouteFacts {
  readonly method: 'get' | 'post';
  /** Below /api/v1, in the form of OpenAPI: /calls/{request_id}. */
  readonly path: `/${string}`;
  /** The operationId. */
  readonly id: string;
  readonly tag: keyof typeof TAGS;
  readonly summary: string;
  readonly description?: string;
  /** Checked at the door; the use case checks again. */
  readonly permission: Permission;
  /** 200 unless said. */
  readonly status?: 200 | 201 | 202;
  /** Codes this route may answer beyond those every route may. */
  readonly refusals?: readonly ErrorCode[];
  /** Set on every route that answers with customer data: names the ledger record each answer leaves. */
  readonly reading?: Reading;
  /** Set when the answer is a file of this type instead of JSON. */
  readonly file?: string;
}

interface RouteSpec<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodObject, A extends z.ZodType> extends RouteFacts {
  readonly params?: P; readonly query?: Q; readonly body?: B;
  readonly answer: A;
  readonly example: { readonly params?: z.input<P>; readonly query?: z.input<Q>; readonly body?: z.input<B>; readonly answer: z.input<A> };
  readonly run: (input: Input<z.output<P>, z.output<Q>, z.output<B>>) => Promise<z.input<A> | FileAnswer | Refusal>;
}

/** A route as the machinery sees it, its types closed over. */
export interface Route extends RouteFacts {
  readonly params: z.ZodObject; readonly query: z.ZodObject; readonly body: z.ZodObject; readonly answer: z.ZodType;
  readonly example: { readonly params?: unknown; readonly query?: unknown; readonly body?: unknown; readonly answer: unknown };
  /** Parses what came and runs; a refusal names the wrong field with "params", "query" or "body" in front. */
  handle(caller: Caller, raw: { readonly params: unknown; readonly query: unknown; readonly body: unknown }): Promise<unknown>;
}

const nothing = z.strictObject({});

/** Closes a typed description over its schemas. */
export function defineRoute<P extends z.ZodObject = typeof nothing, Q extends z.ZodObject = typeof nothing, B extends z.ZodObject = typeof nothing, A extends z.ZodType = z.ZodType>(
  spec: RouteSpec<P, Q, B, A>,
): Route {
  const { params = nothing, query = nothing, body = nothing, run, ...rest } = spec;
  return {
    ...rest, params, query, body,
    handle: async (caller, raw) => {
      const parsed = z.object({ params, query, body }).safeParse(raw);
      if (!parsed.success) return refusalOf(parsed.error);
      return run({ ...caller, ...parsed.data as { params: z.output<P>; query: z.output<Q>; body: z.output<B> } });
    },
  };
}

function refusalOf(error: z.ZodError): Refusal {
  const problems = error.issues.slice(0, 5).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  return refuse('invalid_request', problems.join('; '), error.issues[0]?.path.join('.') ?? '');
}

/** Runs one use case as the caller, in a transaction that commits only with its ledger record. */
export function change<T>(input: Caller, work: (tx: Tx) => Promise<T>): Promise<T> {
  return input.app.act(input.actor, work);
}

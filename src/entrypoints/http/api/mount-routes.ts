// Puts routes on an express router: authorise, parse, run, check the answer, write the reading down, answer. One way for all.
import { Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import type { App } from '../../../app.js';
import { can } from '../../../domain/security/index.js';
import { PURPOSES, type Purpose } from '../../../kernel/actor.js';
import type { Json } from '../../../kernel/canonical-json.js';
import { isRefusal, refuse, type Refusal } from '../../../kernel/result.js';
import { readingFor } from '../../views/hide-expired.js';
import { answerRefusal } from '../error-answers.js';
import { actorOf } from './authenticate.js';
import type { Caller, FileAnswer, Route } from './define-route.js';

/** What a token reads for when it does not say: this API reports usage and cost, never content, and that is billing. */
export const DEFAULT_PURPOSE: Purpose = 'billing';
const purposeField = z.enum(PURPOSES);

/** A router with exactly these routes; a known path with another method answers 405. */
export function mountRoutes(app: App, routes: readonly Route[]): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const methodsByPath = new Map<string, string[]>();
  for (const route of routes) {
    const path = expressPath(route.path);
    router[route.method](path, serve(app, route));
    methodsByPath.set(path, [...methodsByPath.get(path) ?? [], route.method.toUpperCase()]);
  }
  for (const [path, methods] of methodsByPath) {
    router.all(path, (request, response) => {
      response.setHeader('allow', methods.join(', '));
      answerRefusal(request, response, refuse('method_not_allowed', `this path takes ${methods.join(', ')}`));
    });
  }
  return router;
}

/** OpenAPI's {name} as express writes it. */
export function expressPath(path: string): string { return path.replaceAll(/\{(\w+)\}/g, ':$1'); }

function serve(app: App, route: Route): RequestHandler {
  return async (request, response) => {
    const actor = actorOf(request);
    if (!can(actor, route.permission)) {
      await app.security.recordSecurityEvent({ kind: 'access.denied', severity: 'warning', address: request.ip, detail: { token_id: actor.id, route: route.id } });
      answerRefusal(request, response, refuse('forbidden', `this token's roles do not include ${route.permission}`));
      return;
    }
    const asked = takePurpose(request, route);
    if (isRefusal(asked)) { answerRefusal(request, response, asked); return; }
    const caller: Caller = { app, actor, purpose: asked.purpose ?? DEFAULT_PURPOSE, address: request.ip };
    const answer = await readingFor(app, actor, caller.purpose, () => route.handle(caller, { params: request.params, query: asked.query, body: request.body as unknown ?? {} }));
    if (isRefusal(answer)) { answerRefusal(request, response, inOurWords(answer, route)); return; }
    // Nothing but what the document says may leave: what a table or a slice gains is cut off here, and does not become public by itself.
    const checked = route.file === undefined ? route.answer.parse(answer) : answer;
    if (route.reading) await recordReading(route, caller, asked, request, checked);
    response.setHeader('cache-control', 'no-store');
    if (route.file !== undefined) await sendFile(response, route.file, answer as FileAnswer);
    else response.status(route.status ?? 200).json(checked);
  };
}

/** Use cases name a field as they know it, accountId; the caller knows it as body.account_id. */
function inOurWords(refusal: Refusal, route: Route): Refusal {
  const { field } = refusal;
  if (field === undefined || /^(params|query|body|purpose)\b/.test(field)) return refusal;
  const name = field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const top = name.split(/[.[]/)[0]!;
  return refuse(refusal.code, refusal.message, `${top in route.params.shape ? 'params' : route.method === 'post' ? 'body' : 'query'}.${name}`);
}

interface Asked { readonly purpose: Purpose | undefined; readonly query: Record<string, unknown> }

/** The purpose from header or query; only readings take one, and an unknown word is refused instead of defaulted. */
function takePurpose(request: Request, route: Route): Asked | Refusal {
  const { purpose: fromQuery, ...rest } = request.query as Record<string, unknown>;
  if (!route.reading) return { purpose: undefined, query: request.query as Record<string, unknown> };
  const given = request.headers['x-holdfast-purpose'] ?? fromQuery;
  if (given === undefined) return { purpose: undefined, query: rest };
  const parsed = purposeField.safeParse(given);
  if (!parsed.success) return refuse('purpose_required', `the purpose must be one of ${PURPOSES.join(', ')}`, 'purpose');
  return { purpose: parsed.data, query: rest };
}

async function recordReading(route: Route, caller: Caller, asked: Asked, request: Request, answer: unknown): Promise<void> {
  const { reading } = route;
  if (!reading) return;
  const subjectId = reading.subjectId({ params: request.params, answer });
  // The data leaves only after the record of its reading is durable.
  await caller.app.ledger.recordReading(caller.actor, {
    action: reading.action, subjectKind: reading.subjectKind, subjectId, purpose: caller.purpose,
    after: { filter: asked.query as Json, purpose_stated: asked.purpose !== undefined, ...rowsOf(answer) },
  });
}

function rowsOf(answer: unknown): { rows?: number } {
  return typeof answer === 'object' && answer !== null && 'data' in answer && Array.isArray(answer.data) ? { rows: answer.data.length } : {};
}

function sendFile(response: Response, contentType: string, file: FileAnswer): Promise<void> {
  response.setHeader('content-type', contentType);
  response.setHeader('content-disposition', `attachment; filename="${file.name}"`);
  if ('bytes' in file) { response.end(file.bytes); return Promise.resolve(); }
  // Without a root, express refuses any path with a dot folder in it, and the default home is one.
  return new Promise((resolve, reject) => {
    response.sendFile(file.path, { dotfiles: 'allow', cacheControl: false }, (error?: Error) => { if (error) reject(error); else resolve(); });
  });
}

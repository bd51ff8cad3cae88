// Gives every request of the console port an id and writes one log line for its end.
import type { Request, RequestHandler } from 'express';
import { mintId } from '../../kernel/ids.js';
import type { App } from '../../app.js';

interface RequestFacts { readonly requestId: string; actor?: string }
const facts = new WeakMap<Request, RequestFacts>();
/** Asked every few seconds by machines; logged at debug, so that they do not bury the rest. */
const QUIET = /^\/(healthz|readyz|metrics)$/;

/** The id of a request; answers carry it as `x-request-id`, errors in their body. */
export function requestIdOf(request: Request): string {
  return facts.get(request)?.requestId ?? '';
}

/** Notes who asked, for the log line. */
export function noteActor(request: Request, name: string): void {
  const found = facts.get(request);
  if (found) found.actor = name;
}

/** First in line. Logs the path alone: a query string may carry names, ids or secrets. */
export function createAccessLog(app: Pick<App, 'clock' | 'log'>): RequestHandler {
  return (request, response, next) => {
    const started = process.hrtime.bigint();
    const requestId = mintId(app.clock.now());
    const path = request.path;
    facts.set(request, { requestId });
    response.setHeader('x-request-id', requestId);
    response.once('close', () => {
      const level = QUIET.test(path) ? 'debug' : 'info';
      app.log[level]('request', {
        request_id: requestId, method: request.method, path, status: response.statusCode, complete: response.writableFinished,
        ms: Number((process.hrtime.bigint() - started) / 1_000_000n), actor: facts.get(request)?.actor,
      });
    });
    next();
  };
}

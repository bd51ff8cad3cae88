// /log/*: the tiles and the checkpoint as C2SP tlog-tiles asks for them. Public: commitments reveal nothing.
import type { RequestHandler } from 'express';
import { refuse } from '../../kernel/result.js';
import type { App } from '../../app.js';
import { answerRefusal } from './error-answers.js';

/** Serves what the sealer published. Tiles never change and may be cached for ever; the checkpoint must be asked for each time. */
export function answerPublishedLog(app: Pick<App, 'ledger'>): RequestHandler {
  return async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      answerRefusal(request, response, refuse('method_not_allowed', 'the published log can only be read'));
      return;
    }
    // The path as it came, undecoded: the ledger knows its own paths exactly and finds nothing for any other.
    const file = await app.ledger.publishedFile(request.path.slice(1));
    if (!file) { answerRefusal(request, response, refuse('not_found', 'the log has no such file; start at /log/checkpoint')); return; }
    response.setHeader('content-type', file.contentType);
    response.setHeader('cache-control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
    // A verifier may be a page of someone else: the log is for strangers.
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('cross-origin-resource-policy', 'cross-origin');
    response.send(file.body);
  };
}

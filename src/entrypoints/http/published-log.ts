// /log/*: the tiles and the checkpoint as C2SP tlog-tiles asks for them. Public: commitments reveal nothing.
import type { RequestHandler } from 'express';
import { refuse } from '../../kernel/result.js';
import type { App } from '../../app.js';
import { answerRefusal } from './error-answers.js';

/** "checkpoint", "tile/<level>/<index>[.p/<width>]" or "tile/entries/<index>[.p/<width>]"; nothing else reaches the file system. */
const PUBLISHED_PATH = /^(checkpoint|tile\/(\d{1,2}|entries)\/(x\d{3}\/){0,6}\d{3}(\.p\/\d{1,3})?)$/;

/** Serves what the sealer published. Tiles never change and may be cached for ever; the checkpoint must be asked for each time. */
export function answerPublishedLog(app: Pick<App, 'ledger'>): RequestHandler {
  return async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      answerRefusal(request, response, refuse('method_not_allowed', 'the published log can only be read'));
      return;
    }
    const path = request.path.slice(1);
    const file = PUBLISHED_PATH.test(path) ? await app.ledger.publishedFile(path) : undefined;
    if (!file) { answerRefusal(request, response, refuse('not_found', 'the log has no such file; start at /log/checkpoint')); return; }
    response.setHeader('content-type', file.contentType);
    response.setHeader('cache-control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
    // A verifier may be a page of someone else: the log is for strangers.
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('cross-origin-resource-policy', 'cross-origin');
    response.send(file.body);
  };
}

// /verify.mjs: the single-file verifier, for strangers.
import type { RequestHandler } from 'express';
import { refuse } from '../../kernel/result.js';
import { findVerifier } from '../offline/verifier-path.js';
import { answerRefusal } from './error-answers.js';

/** Answers the file as it was built. Whoever distrusts this server compares its SHA-256 with that of another installation of the version. */
export function answerVerifier(): RequestHandler {
  return (request, response, next) => {
    const path = findVerifier();
    if (!path) { answerRefusal(request, response, refuse('not_found', 'verify.mjs was not built here; run `npm run build`')); return; }
    response.setHeader('content-type', 'text/javascript; charset=utf-8');
    response.setHeader('content-disposition', 'attachment; filename="verify.mjs"');
    response.setHeader('cache-control', 'no-cache');
    response.sendFile(path, { dotfiles: 'allow', cacheControl: false }, (error?: Error) => { if (error && !response.headersSent) next(error); });
  };
}

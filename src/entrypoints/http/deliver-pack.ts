// GET /packs/TOKEN: a pack for somebody without an account, counted and on the ledger before its first byte.
import type { Request, RequestHandler } from 'express';
import type { App } from '../../app.js';
import { isRefusal, refuse } from '../../kernel/result.js';
import { answerRefusal } from './error-answers.js';

/** `?volume=2` gives a volume. Every token that opens nothing gets the same answer. */
export function deliverPack(app: App): RequestHandler<{ token: string }> {
  return async (request: Request<{ token: string }>, response, next) => {
    const { volume = '0' } = request.query;
    if (typeof volume !== 'string' || !/^\d{1,3}$/.test(volume)) { answerRefusal(request, response, refuse('invalid_request', 'the volume is a number', 'query.volume')); return; }
    const file = await app.evidence.openLink(request.params.token, Number(volume));
    if (isRefusal(file)) { answerRefusal(request, response, file); return; }
    response.set({ 'content-type': 'application/pdf', 'content-disposition': `attachment; filename="${file.name}"`, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    response.sendFile(file.path, { dotfiles: 'allow', cacheControl: false }, (error?: Error) => { if (error && !response.headersSent) next(error); });
  };
}

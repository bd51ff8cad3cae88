// /console/upload/payments and /console/upload/usage: files of payments and of what providers say they served, looked at first and then taken in.
import express, { Router, type Request, type Response } from 'express';
import type { App } from '../../app.js';
import { ERRORS } from '../../kernel/errors.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import { jsonAnswer } from '../http/api/json-answer.js';
import { actorOf } from './security/session.js';

/** Of one file, as the API takes them too. */
export const LARGEST_TABLE = 900_000;

/** Behind the session. `?take=` asks for the import: of payments with the digest of what was shown. */
export function billingUploads(app: App): Router {
  const router = Router(), body = express.raw({ type: 'application/octet-stream', limit: LARGEST_TABLE });
  router.post('/payments', body, async (request, response) => {
    const asked = fileOf(request), { processor, take } = request.query, actor = actorOf(request.session.adminUser!);
    if (isRefusal(asked)) { refused(response, asked); return; }
    const file = { ...asked, processor: typeof processor === 'string' && processor !== '' ? processor : undefined };
    const answer = typeof take === 'string' ? await app.act(actor, (tx) => app.billing.importPayments(tx, file, take)) : await app.billing.planPaymentImport(actor, file);
    if (isRefusal(answer)) refused(response, answer); else response.set('Cache-Control', 'no-store').json(jsonAnswer(answer));
  });
  router.post('/usage', body, async (request, response) => {
    const asked = fileOf(request), { provider, take } = request.query, actor = actorOf(request.session.adminUser!);
    if (isRefusal(asked)) { refused(response, asked); return; }
    const file = { ...asked, providerId: typeof provider === 'string' ? provider : '' };
    const answer = typeof take === 'string' ? await app.act(actor, (tx) => app.cases.importUsage(tx, file)) : await app.cases.previewUsage(actor, file);
    if (isRefusal(answer)) refused(response, answer); else response.set('Cache-Control', 'no-store').json(jsonAnswer(answer));
  });
  return router;
}

function fileOf(request: Request): { readonly name: string; readonly csv: string } | Refusal {
  const { name } = request.query, bytes: unknown = request.body;
  if (typeof name !== 'string' || name === '' || !Buffer.isBuffer(bytes) || bytes.length === 0) return refuse('invalid_request', 'send a CSV file and its name', 'file');
  try { return { name: name.slice(0, 200), csv: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }; } catch { return refuse('invalid_request', 'the file is not text in UTF-8', 'file'); }
}

function refused(response: Response, { code, message, field }: Refusal): void {
  response.status(ERRORS[code].status).json({ error: { code, message, ...(field === undefined ? {} : { field }) } });
}

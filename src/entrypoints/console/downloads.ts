// Files operators take away: packs and certificates. Each download is on the ledger before its first byte.
import { Router, type Response } from 'express';
import type { App } from '../../app.js';
import { can, type Permission } from '../../domain/security/index.js';
import type { Actor } from '../../kernel/actor.js';
import { ERRORS } from '../../kernel/errors.js';
import { isUuid } from '../../kernel/ids.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import { jsonAnswer } from '../http/api/json-answer.js';
import { actorOf } from './security/session.js';

/** Routes below /console/download, behind the session. */
export function downloadRoutes(app: App): Router {
  const router = Router();
  router.get('/packs/:id', async (request, response) => {
    const actor = actorOf(request.session.adminUser!), { id } = request.params;
    const volume = typeof request.query['volume'] === 'string' && /^\d{1,3}$/.test(request.query['volume']) ? Number(request.query['volume']) : 0;
    const file = isUuid(id) && mayOr(actor, 'evidence.read') === undefined ? await app.evidence.packFile(id, volume) : undefined;
    const refusal = mayOr(actor, 'evidence.read') ?? (file ? await app.act(actor, (tx) => app.evidence.recordDownload(tx, id, { number: volume, sha256: file.sha256 })) : refuse('not_found', 'there is no such pack, or it is not ready'));
    if (refusal || !file) { answer(response, refusal ?? refuse('not_found', 'there is no such pack')); return; }
    response.set({ 'Content-Type': 'application/pdf', 'Content-Disposition': `attachment; filename="${file.name}"` });
    // Without `dotfiles`, express refuses any path with a dot folder in it, and the default home is one.
    response.sendFile(file.path, { dotfiles: 'allow', cacheControl: false });
  });
  router.get('/invoices/:id', async (request, response) => {
    const actor = actorOf(request.session.adminUser!), { id } = request.params, refusal = mayOr(actor, 'accounts.read') ?? (isUuid(id) ? undefined : refuse('not_found', 'there is no such invoice'));
    const file = refusal ?? await app.evidence.invoicePdf(id);
    if (isRefusal(file)) { answer(response, file); return; }
    await app.act(actor, (tx) => app.ledger.append(tx, { action: 'invoice.download', subjectKind: 'invoice', subjectId: id, purpose: 'billing', after: { sha256: file.sha256 } }));
    response.set({ 'Content-Type': 'application/pdf', 'Content-Disposition': `attachment; filename="${file.name}"`, 'Cache-Control': 'no-store' }).send(file.pdf);
  });
  router.get('/certificates/:id', async (request, response) => {
    const actor = actorOf(request.session.adminUser!), { id } = request.params;
    const refusal = mayOr(actor, 'purges.read');
    const runId = refusal || !isUuid(id) ? undefined : await runOf(app, id);
    const found = runId === undefined ? undefined : await app.retention.certificate(runId);
    if (refusal || !found) { answer(response, refusal ?? refuse('not_found', 'there is no such certificate')); return; }
    const recorded = await app.act(actor, (tx) => app.ledger.append(tx, { action: 'certificate.download', subjectKind: 'certificate', subjectId: found.certificateId }));
    if (isRefusal(recorded)) { answer(response, recorded); return; }
    const { body, ...rest } = found;
    response.set('Content-Disposition', `attachment; filename="purge-certificate-${found.certificateId}.json"`).json({ ...jsonAnswer(rest), body });
  });
  return router;
}

function mayOr(actor: Actor, permission: Permission): Refusal | undefined {
  return can(actor, permission) ? undefined : refuse('forbidden', `your role does not include ${permission}`);
}

async function runOf(app: App, certificateId: string): Promise<string | undefined> {
  const { rows: [row] } = await app.database.reader.query<{ run_id: string }>('SELECT run_id FROM purge_certificates WHERE certificate_id = $1', [certificateId]);
  return row?.run_id;
}

function answer(response: Response, { code, message }: Refusal): void {
  response.status(ERRORS[code].status).json({ error: { code, message } });
}

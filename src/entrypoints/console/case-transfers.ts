// Files of cases in and out of the console, and the files of the transparency report. Everything here stands behind the session.
import express, { Router, type Request, type Response } from 'express';
import type { App } from '../../app.js';
import { csvOf, FILE_ROLES, LARGEST_FILE, transparencyCsv, type FileRole } from '../../domain/cases/index.js';
import { PAPER_LANGUAGES } from '../../domain/evidence/index.js';
import { can } from '../../domain/security/index.js';
import { ERRORS } from '../../kernel/errors.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import { jsonAnswer } from '../http/api/json-answer.js';
import { transparencyWindow } from '../views/transparency-window.js';
import { answerOf } from './pages/transparency.page.js';
import { actorOf } from './security/session.js';

/** Routes below /console/upload. The body is read here and nowhere else, after the session is known. */
export function uploadRoutes(app: App): Router {
  const router = Router();
  router.post('/case-files/:caseId', express.raw({ type: 'application/octet-stream', limit: LARGEST_FILE }), async (request: Request<{ caseId: string }>, response) => {
    const { role, name, type } = request.query, bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0), known = FILE_ROLES.find((one: FileRole) => one === role);
    const stored = !known || typeof name !== 'string' || typeof type !== 'string' ? refuse('invalid_request', `give role (${FILE_ROLES.join(', ')}), name and type`, 'role')
      : await app.cases.attachFile(actorOf(request.session.adminUser!), request.params.caseId, { role: known, name, mediaType: type, bytes });
    if (isRefusal(stored)) answer(response, stored); else response.status(201).json(jsonAnswer(stored));
  });
  return router;
}

/** Routes below /console/download that belong to cases. */
export function caseDownloads(app: App): Router {
  const router = Router();
  router.get('/case-files/:id', async (request, response) => {
    const found = await app.cases.readFile(actorOf(request.session.adminUser!), request.params.id);
    if (isRefusal(found)) { answer(response, found); return; }
    // A stranger's file must not run as a page of ours: it is always saved, never shown.
    response.set({ 'Content-Type': 'application/octet-stream', 'X-Content-Type-Options': 'nosniff', 'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(found.file.name).replaceAll("'", '%27')}` }).send(found.bytes);
  });
  router.get(['/transparency.csv', '/transparency.json', '/transparency.pdf', '/disclosures.csv'], async (request, response) => {
    const actor = actorOf(request.session.adminUser!), window = transparencyWindow(request.query, app.config.timeZone);
    if (!can(actor, 'lawful.read')) { answer(response, refuse('forbidden', 'your role does not include lawful requests')); return; }
    if (isRefusal(window)) { answer(response, window); return; }
    const name = request.path.slice(1), { days } = window;
    response.set('Content-Disposition', `attachment; filename="${name.replace('.', `-${days}.`)}"`);
    if (name === 'disclosures.csv') {
      const entries = await app.cases.disclosures(window);
      await app.act(actor, (tx) => app.ledger.append(tx, { action: 'disclosures.list', subjectKind: 'disclosure', subjectId: 'list', purpose: 'lawful_cooperation', after: { from: window.from.toISOString(), to: window.to.toISOString(), rows: entries.length } }));
      response.type('text/csv').send(disclosuresCsv(entries));
    } else {
      const report = await app.cases.transparency(window.from, window.to), language = PAPER_LANGUAGES.find((one) => one === request.query['language']) ?? 'en';
      if (name === 'transparency.pdf') { response.type('application/pdf').send((await app.evidence.transparencyPdf(report, { from: window.firstDay, to: window.lastDay, language })).pdf); return; }
      if (name === 'transparency.json') response.json({ from: request.query['from'], to: request.query['to'], ...answerOf(report) }); else response.type('text/csv').send(transparencyCsv(report));
    }
  });
  return router;
}

function disclosuresCsv(entries: Awaited<ReturnType<App['cases']['disclosures']>>): string {
  const columns = ['disclosure_id', 'number', 'at', 'authority', 'country', 'instrument_type', 'reference', 'served_on', 'due_at', 'legal_basis', 'account_ids', 'data_types', 'includes_bodies', 'rows', 'collection_digest', 'narrowing', 'rejected_part', 'taken_out',
    'reviewer', 'approvers', 'extractor', 'released_by', 'pack_sha256', 'recipient', 'delivery', 'emergency', 'cost', 'received_on', 'receipt', 'notice_on', 'gag_until'] as const;
  const text = (value: unknown): string => (value === null || value === undefined ? '' : Array.isArray(value) ? value.join(' ') : typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean));
  return csvOf(columns, entries.map((entry) => { const row = jsonAnswer(entry) as Readonly<Record<string, unknown>>; return columns.map((column) => text(row[column])); }));
}

function answer(response: Response, { code, message, field }: Refusal): void {
  response.status(ERRORS[code].status).json({ error: { code, message, ...(field === undefined ? {} : { field }) } });
}

// POST /api/v1/verify: a pack comes in, a report goes out; the file is kept nowhere and put on no record.
import express, { type RequestHandler } from 'express';
import type { App } from '../../app.js';
import { refuse } from '../../kernel/result.js';
import { answerRefusal } from './error-answers.js';

/** Largest file that is verified here; larger ones with verify.mjs. A volume of 10,000 records has about 20 MB. */
export const LARGEST_UPLOAD = 64 * 1024 * 1024;

/** The body is the file as it is, of whatever type it says it is. The work is done in a thread. */
export function verifyUpload(app: App): RequestHandler[] {
  return [express.raw({ limit: LARGEST_UPLOAD, type: () => true }), async (request, response) => {
    const bytes: unknown = request.body, key = request.query['trusted_key'];
    if (!Buffer.isBuffer(bytes) || bytes.length === 0) { answerRefusal(request, response, refuse('invalid_request', 'send the file as the body', 'body')); return; }
    if (key !== undefined && typeof key !== 'string') { answerRefusal(request, response, refuse('invalid_request', 'give one key: name+id+base64', 'query.trusted_key')); return; }
    const report = await app.evidence.verifyUpload(bytes, key === undefined || key === '' ? {} : { trustedKey: key });
    response.setHeader('cache-control', 'no-store');
    response.json({ kind: report.kind, sha256: report.sha256, verdict: report.verdict, checks: report.checks, ...(report.answer && report.verdict === 'intact' ? { answer: report.answer } : {}), cannot_prove: report.cannotProve, ...(report.pack ? { pack: { pack_id: report.pack.packId, kind: report.pack.kind, request_id: report.pack.requestId, assembled_at: report.pack.assembledAt, records: report.pack.records, stamped_at: report.pack.stampedAt ?? null, volume: report.pack.volume ?? null } } : {}) });
  }];
}

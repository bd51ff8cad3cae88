// /console/upload/verify: the file of the verification page. Nothing of it is kept.
import express, { Router } from 'express';
import type { App } from '../../app.js';
import { LARGEST_UPLOAD } from '../http/verify-upload.js';

/** Behind the session; the work is done in a thread. */
export function verifyRoutes(app: App): Router {
  const router = Router();
  router.post('/verify', express.raw({ type: 'application/octet-stream', limit: LARGEST_UPLOAD }), async (request, response) => {
    const bytes: unknown = request.body, { key } = request.query;
    if (!Buffer.isBuffer(bytes) || bytes.length === 0) { response.status(400).json({ error: { code: 'invalid_request', message: 'send a file' } }); return; }
    response.set('Cache-Control', 'no-store').json(await app.evidence.verifyUpload(bytes, typeof key === 'string' && key !== '' ? { trustedKey: key } : {}));
  });
  return router;
}

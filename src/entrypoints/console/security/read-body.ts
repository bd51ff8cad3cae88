// Bodies: small JSON from signed-in operators, and nothing else. AdminJS would let its upload parser write files to disk for anyone.
import express, { type Request, type RequestHandler } from 'express';
import { LARGEST_FILE } from '../../../domain/cases/index.js';
import { LARGEST_UPLOAD } from '../../http/verify-upload.js';
import { LARGEST_TABLE } from '../billing-uploads.js';

const MAX_BYTES = 64 * 1024;
/** The places for uploads: bytes as they are, each of one size at most. */
const UPLOADS: readonly (readonly [RegExp, number])[] = [[/^\/upload\/case-files\/[0-9a-f-]{36}$/, LARGEST_FILE], [/^\/upload\/verify$/, LARGEST_UPLOAD], [/^\/upload\/(?:payments|usage)$/, LARGEST_TABLE]];

/** What AdminJS's router looks for: `parsed` tells its upload parser that there is nothing left to parse. */
interface AdminRequest extends Request { fields?: unknown; express_formidable?: { parsed: true } }

/** Refuses uploads by announced size (413) and by type (415) before a byte of the body is read. */
export const refuseUploads: RequestHandler = (request, response, next) => {
  const refuse = (status: number, message: string): void => {
    response.status(status).set('Connection', 'close').json({ error: { code: 'invalid_request', message } });
  };
  const length = Number(request.get('content-length') ?? 0);
  const largest = UPLOADS.find(([path]) => path.test(request.path))?.[1];
  if (largest !== undefined && request.method === 'POST' && request.is('application/octet-stream') && length > 0) {
    if (length > largest) { refuse(413, `the file is larger than ${largest / 1_048_576} MB`); return; }
    next();
    return;
  }
  if (length > MAX_BYTES) { refuse(413, 'the body is larger than 64 KiB'); return; }
  const hasBody = request.get('content-length') !== undefined || request.get('transfer-encoding') !== undefined;
  if (hasBody && request.get('content-length') !== '0' && !request.is(['application/json', 'application/x-www-form-urlencoded'])) {
    refuse(415, 'the console takes JSON and forms, no uploads'); return;
  }
  next();
};

/** Parses JSON for AdminJS's handlers and disables the upload parser that follows. */
export const readJson: RequestHandler[] = [
  express.json({ limit: MAX_BYTES }),
  (request: AdminRequest, _response, next) => {
    const body = request.body as unknown;
    request.fields = typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {};
    request.express_formidable = { parsed: true };
    next();
  },
];

/** Parses the small forms of the login page. */
export const readForm: RequestHandler = express.urlencoded({ extended: false, limit: 4 * 1024 });

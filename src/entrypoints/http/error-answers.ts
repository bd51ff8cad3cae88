// How refusals and failures leave the console port: catalogue code, status, one JSON shape.
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { coerceError, ERRORS, HoldfastError, type ErrorCode } from '../../kernel/errors.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Logger } from '../../platform/log/log.js';
import { requestIdOf } from './access-log.js';

/** Answers `{error: {code, message, field?, request_id}}` with the status of the code. */
export function answerRefusal(request: Request, response: Response, refusal: Refusal): void {
  const { code, message, field } = refusal;
  if (ERRORS[code].status === 401) response.setHeader('www-authenticate', 'Bearer realm="holdfast"');
  response.setHeader('cache-control', 'no-store');
  response.status(ERRORS[code].status).json({ error: { code, message, ...(field === undefined ? {} : { field }), request_id: requestIdOf(request) } });
}

/** The last but one: nothing above answered. */
export function answerUnknownPath(): RequestHandler {
  return (request, response) => {
    answerRefusal(request, response, refuse('endpoint_unknown', 'there is no such path here; /api/openapi.json lists those of the management API'));
  };
}

/** The last: whatever was thrown. A bug answers without its text; the log has it under the same request id. */
export function answerError(log: Logger): ErrorRequestHandler {
  return (thrown: unknown, request, response, next) => {
    const error = coerceError(thrown);
    const refusal = refusalFor(error);
    if (ERRORS[refusal.code].kind === 'bug') log.error('request failed', { request_id: requestIdOf(request), method: request.method, path: request.path, error });
    // Half an answer cannot be taken back: break the connection, so that nobody takes it for a whole one.
    if (response.headersSent) { next(error); return; }
    answerRefusal(request, response, refusal);
  };
}

function refusalFor(error: Error): Refusal {
  if (error instanceof HoldfastError && ERRORS[error.code].kind !== 'bug') return refuse(error.code, error.message);
  const type = 'type' in error && typeof error.type === 'string' ? error.type : '';
  const status = 'status' in error && typeof error.status === 'number' ? error.status : 500;
  if (type === 'entity.too.large') return refuse('body_too_large', 'the body is larger than 1 MB, the limit of the management API');
  if (type === 'entity.parse.failed') return refuse('invalid_request', `the body is not JSON: ${error.message}`, 'body');
  if (status >= 400 && status < 500) return refuse(clientCode(status), error.message);
  return refuse('internal', 'something failed on our side; the operator finds the cause in the log under this request_id');
}

function clientCode(status: number): ErrorCode {
  return status === 404 ? 'not_found' : status === 405 ? 'method_not_allowed' : 'invalid_request';
}

// What a port answers while the database is one out of a backup: that nothing is read, why, and what to do.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import { dialectOf } from '../../domain/gateway/index.js';
import { mintId } from '../../kernel/ids.js';
import type { Gate } from '../start/watch-standing.js';
import { requestIdOf } from './access-log.js';
import { answerRefusal } from './error-answers.js';
import { errorBody } from './gateway-errors.js';
import { refuse } from '../../kernel/result.js';

/** Of the console port: 503 for everything mounted behind it, as a page for people and as JSON for programs. */
export function refuseWhileClosed(gate: Gate): RequestHandler {
  return (request, response, next) => {
    const { closed } = gate;
    if (closed === undefined) { next(); return; }
    response.setHeader('retry-after', '30');
    if (!request.path.startsWith('/api/') && request.accepts('html') !== false && String(request.headers.accept ?? '').includes('text/html')) {
      response.setHeader('cache-control', 'no-store');
      response.status(503).type('html').send(page(closed, requestIdOf(request)));
      return;
    }
    answerRefusal(request, response, refuse('replay_required', closed));
  };
}

/** Of the gateway port. Liveness still answers, so that nobody restarts the process for it. */
export function answerClosed(request: IncomingMessage, response: ServerResponse, closed: string, at: Date): void {
  const path = (request.url ?? '/').split('?')[0]!, requestId = mintId(at);
  if (path === '/healthz') { send(response, 200, '{"alive":true}'); return; }
  if (path === '/readyz') { send(response, 503, JSON.stringify({ ready: false, closed, problems: [closed] })); return; }
  request.resume();
  send(response, 503, errorBody({ code: 'replay_required', message: `Nothing was sent: ${closed}`, dialect: dialectOf(path, request.headers), requestId }), { 'x-request-id': requestId, 'request-id': requestId, 'retry-after': '30' });
}

/** A server that answers so and nothing else, for a process that must not begin its work yet. */
export function createClosedServer(gate: Gate, now: () => Date): Server {
  return createServer((request, response) => { answerClosed(request, response, gate.closed ?? 'reads are opening; try again', now()); });
}

function send(response: ServerResponse, status: number, body: string | Buffer, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store', ...headers });
  response.end(body);
}

function page(closed: string, requestId: string): string {
  const text = closed.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Holdfast: closed after a restore</title></head><body><main>
<h1>Nothing is read from this database yet</h1><p>${text}.</p><p>On the machine Holdfast runs on: <code>holdfast purge replay --dry-run</code>, then <code>holdfast purge replay</code>.</p>
<h1 lang="zh">此数据库尚不可读取</h1><p lang="zh">数据库是从备份恢复的。在重放此后的清除之前，不会读取其中任何内容。请在运行 Holdfast 的机器上执行 <code>holdfast purge replay --dry-run</code>，然后执行 <code>holdfast purge replay</code>。</p>
<p><small>${requestId}</small></p></main></body></html>`;
}

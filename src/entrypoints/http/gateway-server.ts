// The gateway role: a plain Node http server for model calls. Everything else of Holdfast has its own port.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { App } from '../../app.js';
import { coerceError, ERRORS } from '../../kernel/errors.js';
import { mintId } from '../../kernel/ids.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import { dialectOf, type CallError, type CallRequest, type OpenGateway } from '../../domain/gateway/index.js';
import { answerCustomerGrants, CUSTOMER_GRANTS_PATH } from './customer-grants.js';
import { watchStanding, type Gate } from '../start/watch-standing.js';
import { answerClosed, createClosedServer } from './closed-door.js';
import { NodeClient, readBody } from './gateway-client.js';
import { errorBody } from './gateway-errors.js';
import { createGatewayMetrics, type GatewayMetrics } from './gateway-metrics.js';

interface Door { readonly app: App; readonly gate: Gate; readonly hurried: Promise<boolean>; readonly gateway: OpenGateway; readonly metrics: GatewayMetrics; stopping: boolean }
/** How long the records and last words of cut calls may take, and then those of whoever did not take them, ms. */
const LAST_RECORDS_MS = 2_000, LAST_CALLS_MS = 3_000;

/** Starts carrying calls on bind:gatewayPort (0 = a free port). Rejects when the port is taken or the database is away. */
export async function startGateway(app: App): Promise<RunningGateway> {
  const gate = await watchStanding(app);
  if (gate.closed === undefined) return openGateway(app, gate);
  // Nothing is begun on a database that will lose rows again: the port says so, and the gateway starts when it may.
  const closed = createClosedServer(gate, () => app.clock.now());
  await listen(closed, app.config.gatewayPort, app.config.bind);
  let stopped = false;
  const { port } = closed.address() as AddressInfo, begin = async (): Promise<RunningGateway | undefined> => {
    await gate.opened();
    await new Promise<void>((done) => { closed.close(() => { done(); }); closed.closeAllConnections(); });
    return stopped ? undefined : await openGateway({ ...app, config: { ...app.config, gatewayPort: port } }, gate);
  };
  const later = begin();
  later.catch((error: unknown) => { app.log.error('the gateway could not start after the replay', { error: coerceError(error) }); process.exitCode = 1; process.kill(process.pid, 'SIGTERM'); });
  return { url: urlOf(app, port), close: async () => { stopped = true; gate.stop(); await (await later.catch(() => undefined))?.close(); }, hurry: () => { void later.then((running) => { running?.hurry(); }, () => undefined); } };
}

interface RunningGateway { readonly url: string; close(): Promise<void>; hurry(): void }

async function openGateway(app: App, gate: Gate): Promise<RunningGateway> {
  let hurry: () => void = () => undefined;
  const hurried = new Promise<boolean>((resolve) => { hurry = () => { resolve(false); }; });
  const door: Door = { app, gate, hurried, gateway: await app.gateway.open(), metrics: createGatewayMetrics(app.metrics), stopping: false };
  const server = createServer({ maxHeaderSize: 65_536, keepAliveTimeout: 75_000, headersTimeout: 60_000, requestTimeout: 600_000, keepAlive: true, keepAliveInitialDelay: 60_000 }, (request, response) => { answer(door, request, response); });
  // Leave to send a body is given where it is read: a call that is refused by its head costs its client no upload.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => { answer(door, request, response); });
  server.on('upgrade', (request, socket, head) => { if (isWebSocket(request)) refuseUpgrade(door, request, socket); else carryOn(server, request, socket, head); });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => { refuseUnreadable(door, error, socket); });
  try { await listen(server, app.config.gatewayPort, app.config.bind); } catch (error) {
    await door.gateway.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  const url = urlOf(app, port);
  app.log.info('gateway listens', { url, epoch_id: door.gateway.epochId });
  return { url, close: async () => { gate.stop(); await stop(door, server); }, hurry };
}

function urlOf({ config: { bind } }: App, port: number): string { return `http://${bind === '0.0.0.0' || bind === '::' ? '127.0.0.1' : bind.includes(':') ? `[${bind}]` : bind}:${port}`; }

function listen(server: Server, port: number, bind: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: bind, backlog: 2_048 }, () => { server.off('error', reject); resolve(); });
  });
}

function answer(door: Door, request: IncomingMessage, response: ServerResponse): void {
  if (door.stopping) response.shouldKeepAlive = false;
  // The database was exchanged under us.
  if (door.gate.closed !== undefined) { answerClosed(request, response, door.gate.closed, door.app.clock.now()); return; }
  const target = request.url ?? '/', query = target.indexOf('?');
  const path = query < 0 ? target : target.slice(0, query), search = query < 0 ? '' : target.slice(query);
  if (request.method === 'OPTIONS') { answerOptions(response, path); return; }
  if (path.startsWith('/v1/') && !((request.method === 'GET' || request.method === 'HEAD') && (path === '/v1/models' || path.startsWith('/v1/models/')))) { carry(door, request, response, path, search); return; }
  if (path === '/v1/models' || path.startsWith('/v1/models/')) { answerModels(door, request, response, path, search); return; }
  if (path === '/' && (request.method === 'HEAD' || request.method === 'GET')) { send(response, 200, 'text/plain; charset=utf-8', 'Holdfast gateway. Model calls: /v1\n'); return; }
  if (path.startsWith(CUSTOMER_GRANTS_PATH)) { answerGrants(door, request, response, path); return; }
  if (path === '/healthz') { send(response, 200, 'application/json', '{"alive":true}'); return; }
  if (path === '/readyz') {
    const state = door.stopping ? { ready: false, problems: ['stopping'] } : door.gateway.ready();
    send(response, state.ready ? 200 : 503, 'application/json', JSON.stringify(state));
    return;
  }
  if (path === '/metrics') { send(response, 200, 'text/plain; version=0.0.4; charset=utf-8', door.metrics.render(door.gateway)); return; }
  sendError(response, { code: 'endpoint_unknown', message: 'There is no such path here. Model calls are below /v1.', dialect: dialectOf(path, request.headers), requestId: mintId(door.app.clock.now()), headers: {} });
}

function carry(door: Door, request: IncomingMessage, response: ServerResponse, path: string, search: string): void {
  const client = new NodeClient(response, door);
  const call: CallRequest = { method: request.method ?? '', path, search, headers: request.headers, rawHeaders: request.rawHeaders, address: addressOf(door, request), body: () => readBody(request, response) };
  door.gateway.handle(call, client).catch((thrown: unknown) => {
    if (client.gone) return;
    // A bug, or a client that left half-way through its request: neither may look like an answer.
    door.app.log.error('a call failed inside the gateway', { path, error: coerceError(thrown) });
    client.error({ code: 'internal', message: 'An unexpected failure. The operator finds the cause in the log.', dialect: dialectOf(path, request.headers), requestId: mintId(door.app.clock.now()), headers: {} });
  });
}

function answerModels(door: Door, request: IncomingMessage, response: ServerResponse, path: string, search: string): void {
  const requestId = mintId(door.app.clock.now()), dialect = dialectOf(path, request.headers);
  let id: string | undefined;
  try { id = path === '/v1/models' ? undefined : decodeURIComponent(path.slice('/v1/models/'.length)); } catch { id = ''; }
  const body = door.gateway.models({ headers: request.headers, search }, id);
  if (isRefusal(body)) sendError(response, { ...body, dialect, requestId, headers: {} });
  else send(response, 200, 'application/json', JSON.stringify(body), requestId);
}

function answerGrants({ app, gateway }: Door, request: IncomingMessage, response: ServerResponse, path: string): void {
  const requestId = mintId(app.clock.now());
  const fail = ({ code, message, field }: Refusal): void => { sendError(response, { code, message, ...(field === undefined ? {} : { field }), dialect: 'openai', requestId, headers: {} }); };
  answerCustomerGrants(app, gateway, { method: request.method ?? '', path, headers: request.headers, body: () => readBody(request, response) }).then((answered) => {
    if (isRefusal(answered)) fail(answered); else send(response, answered.status, 'application/json', JSON.stringify(answered.body), requestId);
  }, (thrown: unknown) => {
    app.log.error('a question about grants failed', { error: coerceError(thrown) });
    if (!response.destroyed) fail(refuse('internal', 'An unexpected failure. The operator finds the cause in the log.'));
  });
}

/** No key, no call. Without CORS headers: keys do not belong into browsers, and a page elsewhere must not reach a gateway behind a firewall. */
function answerOptions(response: ServerResponse, path: string): void {
  response.writeHead(204, { allow: path.startsWith('/v1/') ? 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS' : 'GET, HEAD, OPTIONS' });
  response.end();
}

function isWebSocket({ headers }: IncomingMessage): boolean { return /(?:^|,)\s*websocket\s*(?:,|$)/i.test(headers.upgrade ?? ''); }

/** Clients that would rather speak HTTP/2 (Java's, curl --http2) offer it beside a plain request; it is answered as if they had not. */
function carryOn(server: Server, { method, url, rawHeaders, httpVersion }: IncomingMessage, socket: Duplex, head: Buffer): void {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) if (!/^(?:upgrade|http2-settings|connection)$/i.test(rawHeaders[i]!)) lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

/** Codex tries a WebSocket first and falls back at any prompt 4xx, so it must never be left hanging. */
function refuseUpgrade(door: Door, request: IncomingMessage, socket: Duplex): void {
  const requestId = mintId(door.app.clock.now()), path = (request.url ?? '/').split('?')[0]!;
  const body = errorBody({ code: 'websocket_unsupported', message: 'WebSocket mode is not served here. Use HTTP; streams are server-sent events.', dialect: dialectOf(path, request.headers), requestId });
  endRaw(socket, '426 Upgrade Required', requestId, body);
}

/** What is no HTTP, or has headers beyond our limit: there is no request yet, so nothing is recorded, but the answer is JSON with an id. */
function refuseUnreadable(door: Door, error: NodeJS.ErrnoException, socket: Duplex): void {
  // Behind the bytes of another answer ours could not be told apart.
  if (error.code === 'ECONNRESET' || !socket.writable || (socket as Socket).bytesWritten > 0) { socket.destroy(); return; }
  const requestId = mintId(door.app.clock.now()), tooLong = error.code === 'HPE_HEADER_OVERFLOW', late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const message = tooLong ? 'The headers are longer than 64 KB.' : late ? 'The request did not arrive in time.' : 'This is not a readable HTTP/1.1 request.';
  endRaw(socket, tooLong ? '431 Request Header Fields Too Large' : late ? '408 Request Timeout' : '400 Bad Request', requestId, errorBody({ code: 'invalid_request', message, dialect: 'openai', requestId }));
}

function endRaw(socket: Duplex, status: string, requestId: string, body: Buffer): void {
  socket.on('error', () => undefined);
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nx-request-id: ${requestId}\r\nrequest-id: ${requestId}\r\n\r\n${body.toString()}`);
}

function sendError(response: ServerResponse, error: CallError): void {
  const body = errorBody(error);
  response.writeHead(ERRORS[error.code].status, { 'content-type': 'application/json', 'content-length': body.length, 'x-request-id': error.requestId, 'request-id': error.requestId });
  response.end(body);
}

function send(response: ServerResponse, status: number, type: string, body: string, requestId?: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store', ...(requestId === undefined ? {} : { 'x-request-id': requestId, 'request-id': requestId }) });
  response.end(body);
}

/** The peer, or what as many proxies of ours as configured say about it. */
function addressOf({ app }: Door, request: IncomingMessage): string | null {
  const hops = app.config.trustProxy, forwarded = request.headers['x-forwarded-for'];
  if (hops > 0 && forwarded !== undefined) {
    const list = String(forwarded).split(',').map((one) => one.trim());
    return list[Math.max(0, list.length - hops)] ?? null;
  }
  return request.socket.remoteAddress ?? null;
}

/** Takes nothing new, lets open calls end, cuts what is left after the drain time or when hurried, writes every record, closes the epoch. */
async function stop(door: Door, server: Server): Promise<void> {
  if (door.stopping) return;
  door.stopping = true;
  const closed = new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
  server.closeIdleConnections();
  if (!await Promise.race([door.gateway.drain(door.app.config.drainMs), door.hurried])) {
    door.app.log.warn('calls are cut: the drain time is over, or a second signal came', { calls: door.gateway.openCalls });
    door.gateway.interrupt();
    await door.gateway.drain(LAST_RECORDS_MS);
    // Clients that are still sending their request, or do not take our last words.
    server.closeAllConnections();
    await door.gateway.drain(LAST_CALLS_MS);
  }
  await door.gateway.close();
  server.closeAllConnections();
  await closed;
  door.metrics.stop();
}

// The console port on a real server, and a client that holds every answer against the document.
import { createServer } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { Router } from 'express';
import { createConsoleApp } from '../../src/entrypoints/http/console-app.js';
import { listen } from '../../src/entrypoints/http/console-server.js';
import type { Route } from '../../src/entrypoints/http/api/define-route.js';
import { errorAnswer } from '../../src/entrypoints/http/api/fields.schemas.js';
import { codesOf } from '../../src/entrypoints/http/api/openapi.js';
import { ROUTES } from '../../src/entrypoints/http/api/routes.js';
import { systemActor, type Role } from '../../src/kernel/actor.js';
import { ERRORS, type ErrorCode } from '../../src/kernel/errors.js';
import type { App } from '../../src/app.js';

export interface Answer { readonly status: number; readonly body: unknown; readonly headers: Headers; readonly bytes: Buffer }
export interface ApiClient {
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}
export interface TestApi {
  readonly url: string;
  /** A token with these roles, and a client that shows it. */
  as(...roles: Role[]): Promise<ApiClient>;
  /** A client with this authorization header, or none. */
  showing(authorization: string | undefined): ApiClient;
  close(): Promise<void>;
}

/** The console port without the console itself, which has tests of its own. */
export async function startTestApi(app: App): Promise<TestApi> {
  const running = await listen(createServer(createConsoleApp(app, Router())), app.config);
  const showing = (authorization: string | undefined): ApiClient => clientOf(running.url, authorization);
  return {
    url: running.url, close: () => running.close(), showing,
    as: async (...roles) => {
      const issued = await app.act(systemActor('test'), (tx) => app.security.issueToken(tx, { name: roles.join('+'), roles }));
      if ('refused' in issued) throw new Error(issued.message);
      return showing(`Bearer ${issued.secret}`);
    },
  };
}

function clientOf(url: string, authorization: string | undefined): ApiClient {
  const call = async (method: 'get' | 'post', path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method: method.toUpperCase(), headers: { ...(authorization === undefined ? {} : { authorization }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const json: unknown = response.headers.get('content-type')?.startsWith('application/json') ? JSON.parse(bytes.toString('utf8')) : undefined;
    const answer = { status: response.status, body: json, headers: response.headers, bytes };
    holdAgainstDocument(method, path, answer);
    return answer;
  };
  return { get: (path, headers) => call('get', path, undefined, headers), post: (path, body, headers) => call('post', path, body ?? {}, headers) };
}

/** Finds the route a path belongs to. */
export function routeOf(method: string, path: string): Route | undefined {
  const [bare = ''] = path.split('?');
  return ROUTES.find((route) => route.method === method && new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(bare));
}

/** Throws when an answer is not what the document says of its route. */
function holdAgainstDocument(method: string, path: string, answer: Answer): void {
  const route = routeOf(method, path);
  if (answer.status < 400) {
    if (!route) throw new Error(`${method} ${path} answered ${answer.status} and is not in the document`);
    if (answer.status !== (route.status ?? 200)) throw new Error(`${route.id} answered ${answer.status}, documented is ${route.status ?? 200}`);
    if (route.file === undefined && !isDeepStrictEqual(route.answer.parse(answer.body), answer.body)) throw new Error(`${route.id} answers more than its document says: ${JSON.stringify(answer.body)}`);
    return;
  }
  const { error } = errorAnswer.parse(answer.body);
  if (ERRORS[error.code].status !== answer.status) throw new Error(`${error.code} came with ${answer.status}`);
  if (error.request_id !== answer.headers.get('x-request-id')) throw new Error('request_id and x-request-id differ');
  if (route && !codesOf(route).includes(error.code)) throw new Error(`${route.id} answered ${error.code}, which its documentation does not list: ${error.message}`);
}

/** The code of an error answer; undefined for anything else. */
export function codeOf(answer: Answer): ErrorCode | undefined {
  const parsed = errorAnswer.safeParse(answer.body);
  return parsed.success ? parsed.data.error.code : undefined;
}

// The console on a real server, with people who sign in and a world to look at.
import { createServer } from 'node:http';
import { createConsole } from '../../src/entrypoints/console/console.js';
import { createConsoleApp } from '../../src/entrypoints/http/console-app.js';
import { listen } from '../../src/entrypoints/http/console-server.js';
import type { Role } from '../../src/kernel/actor.js';
import type { Clock } from '../../src/kernel/clock.js';
import { createTestApp, type TestApp } from './database.js';
import { ok, system } from './registry.js';

export const PASSWORD = 'correct horse battery';
/** What a browser says of a request from one of our own pages. */
export const OWN = { 'sec-fetch-site': 'same-origin' };

export interface Answer { readonly status: number; readonly headers: Headers; readonly text: string; json<T = Record<string, unknown>>(): T }
export interface Client {
  cookie: string;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** JSON from one of our own pages, unless `headers` says otherwise. */
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  send(method: string, path: string, init?: { body?: string | Uint8Array; headers?: Record<string, string> }): Promise<Answer>;
}
export interface TestConsole extends TestApp {
  readonly url: string;
  stranger(): Client;
  addOperator(email: string, ...roles: Role[]): Promise<string>;
  login(client: Client, email: string, password?: string, next?: string): Promise<Answer>;
  signIn(...roles: Role[]): Promise<Client>;
}

/** Paths are relative to /console. */
export async function startTestConsole(options: { env?: Record<string, string>; clock?: Clock; bundleFolder?: string } = {}): Promise<TestConsole> {
  const test = await createTestApp(options);
  const router = await createConsole(test.app, options.bundleFolder === undefined ? {} : { bundleFolder: options.bundleFolder })
    .catch(async (error: unknown) => { await test.close(); throw error; });
  const running = await listen(createServer(createConsoleApp(test.app, router)), test.app.config);
  const addOperator = async (email: string, ...roles: Role[]): Promise<string> =>
    ok(await test.app.act(system, (tx) => test.app.security.createOperator(tx, { email, name: `Pat of ${roles.join(' and ')}`, password: PASSWORD, roles }))).operatorId;
  const login = (client: Client, email: string, password = PASSWORD, next = '/console'): Promise<Answer> => client.send('POST', `/login?next=${encodeURIComponent(next)}`, {
    headers: { ...OWN, 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ email, password }).toString() });
  let people = 0;
  return {
    ...test, url: running.url, stranger: () => clientOf(running.url), addOperator, login,
    signIn: async (...roles) => {
      const client = clientOf(running.url), email = `p${people += 1}@holdfast.test`;
      await addOperator(email, ...roles);
      const answer = await login(client, email);
      if (answer.status !== 303) throw new Error(`the login answered ${answer.status}`);
      return client;
    },
    close: async () => { await running.close(); await test.close(); },
  };
}

function clientOf(url: string): Client {
  const client: Client = {
    cookie: '',
    get: (path, headers = {}) => client.send('GET', path, { headers }),
    post: (path, body = {}, headers = OWN) => client.send('POST', path, { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }),
    send: async (method, path, { body, headers = {} } = {}) => {
      const response = await fetch(`${url}/console${path}`, { method, redirect: 'manual', headers: { ...(client.cookie ? { cookie: client.cookie } : {}), ...headers }, ...(body === undefined ? {} : { body: body as BodyInit }) });
      for (const line of response.headers.getSetCookie()) {
        const [pair = ''] = line.split(';'), [name] = pair.split('=');
        client.cookie = [...client.cookie.split('; ').filter((one) => one && !one.startsWith(`${name}=`)), pair].join('; ');
      }
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) as never };
    },
  };
  return client;
}

// A gateway on a database of its own, in front of a scripted upstream or the stand-in provider.
import type { App } from '../../src/app.js';
import type { Clock } from '../../src/kernel/clock.js';
import type { CallRow, CallStory } from '../../src/domain/gateway/index.js';
import { startGateway } from '../../src/entrypoints/http/gateway-server.js';
import { createTestApp } from './database.js';
import { seedRegistry } from './gateway-registry.js';
import { startUpstream, type Script, type ScriptedUpstream } from './upstream.js';

export interface TestGateway {
  readonly app: App; readonly url: string; readonly databaseUrl: string; readonly upstream: ScriptedUpstream;
  /** Secrets of the two accounts' keys. */
  readonly acme: string; readonly kuhn: string;
  /** POST with the account's key. */
  post(path: string, body: unknown, options?: { key?: string; headers?: Record<string, string>; signal?: AbortSignal }): Promise<Response>;
  /** The story of a call once it is on record. */
  story(requestId: string): Promise<CallStory>;
  call(response: Response): Promise<CallRow>;
  /** Resolves when the registry as it is now is in force in the gateway. */
  registryInForce(): Promise<void>;
  close(): Promise<void>;
}

export async function startTestGateway(script: Script = (_, response) => { response.end(); }, options: { env?: Record<string, string>; clock?: Clock } = {}): Promise<TestGateway> {
  const test = await createTestApp(options);
  const upstream = await startUpstream(script);
  const keys = await seedRegistry(test.app, upstream.url);
  const gateway = await startGateway(test.app);
  const story = async (requestId: string): Promise<CallStory> => {
    for (let i = 0; i < 200; i++) {
      const found = await test.app.gateway.findCall(requestId);
      if (found) return found;
      await new Promise((done) => { setTimeout(done, 20); });
    }
    throw new Error(`call ${requestId} did not get on record`);
  };
  const registryInForce = async (): Promise<void> => {
    const { rows: [row] } = await test.app.database.reader.query<{ version: string }>('SELECT version FROM registry_versions');
    for (let i = 0; i < 500; i++) {
      const version = /holdfast_registry_version (\d+)/.exec(await (await fetch(`${gateway.url}/metrics`)).text())?.[1];
      if (Number(version) >= Number(row!.version)) return;
      await new Promise((done) => { setTimeout(done, 20); });
    }
    throw new Error('the registry change did not reach the gateway');
  };
  return {
    registryInForce, app: test.app, url: gateway.url, databaseUrl: test.databaseUrl, upstream, ...keys, story,
    call: async (response) => (await story(response.headers.get('x-request-id')!)).call,
    post: (path, body, { key = keys.acme, headers = {}, signal } = {}) => fetch(gateway.url + path, {
      method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body), ...(signal ? { signal } : {}) }),
    close: async () => { await gateway.close(); await upstream.close(); await test.close(); },
  };
}

export const chat = (more: object = {}): object => ({ model: 'mock-chat', messages: [{ role: 'user', content: 'Say hi' }], ...more });
export const messages = (more: object = {}): object => ({ model: 'mock-claude', max_tokens: 100, messages: [{ role: 'user', content: 'Say hi' }], ...more });

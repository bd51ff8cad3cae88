// A PostgreSQL of one test file's own, which it may kill, stop and start again. Real commits: a kill must lose nothing that was committed.
import { mkdtempSync, readFileSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, type App } from '../../src/app.js';
import type { Clock } from '../../src/kernel/clock.js';
import { parseConfig } from '../../src/platform/config/config.js';
import { migrate } from '../../src/platform/db/index.js';
import { startEmbeddedPostgres } from '../../src/platform/embedded/postgres.js';
import { createLogger } from '../../src/platform/log/log.js';

export interface OwnPostgres {
  readonly app: App; readonly url: string; readonly home: string;
  /** kill -9 of the server and all that works for it. */
  kill(): Promise<void>;
  /** On the same port as before. */
  start(): Promise<void>;
  /** It hangs: neither refuses nor answers, as a server on a dead disk; then goes on. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

export async function startOwnPostgres(clock?: Clock): Promise<OwnPostgres> {
  const home = mkdtempSync(join(tmpdir(), 'holdfast-pg-'));
  chmodSync(home, 0o711);
  let server = await startEmbeddedPostgres({ home }), frozen: number[] = [];
  const { url } = server;
  const app = await createApp(parseConfig({ HOLDFAST_HOME: home, DATABASE_URL: url, REDIS_URL: process.env['TEST_REDIS_URL'] }), 'test', { log: createLogger('test', 'error', () => undefined), ...(clock ? { clock } : {}) });
  await migrate(app.database, app.clock);
  const signal = (pids: readonly number[], name: NodeJS.Signals): void => { for (const pid of pids) try { process.kill(pid, name); } catch { /* has ended */ } };
  return {
    app, url, home,
    kill: async () => { signal([server.pid, ...childrenOf(server.pid)], 'SIGKILL'); await server.ended; },
    start: async () => {
      server = await startEmbeddedPostgres({ home });
      if (server.url !== url) throw new Error('the server had to move to another port');
    },
    freeze: () => { signal([server.pid], 'SIGSTOP'); signal(frozen = childrenOf(server.pid), 'SIGSTOP'); frozen.push(server.pid); },
    thaw: () => { signal(frozen, 'SIGCONT'); frozen = []; },
    close: async () => {
      signal(frozen, 'SIGCONT');
      await app.close();
      await server.stop();
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter((text) => text !== '').map(Number);
}

// /healthz: the process runs. /readyz: what it depends on answers, each part named with its state.
import type { RequestHandler } from 'express';
import { coerceError } from '../../kernel/errors.js';
import type { App } from '../../app.js';

/** A part that answers later than this is not there for a request either (milliseconds). */
const PATIENCE_MS = 2_000;
/** A batch unsealed for longer means that no sealer works; a working one needs under a second (milliseconds). */
export const SEALER_FRESH_MS = 30_000;

export interface PartState { readonly state: 'ok' | 'failed'; readonly detail?: string; readonly ms: number }
export interface Readiness { readonly ready: boolean; readonly checks: Readonly<Record<'database' | 'redis' | 'sealer' | 'restore', PartState>> }

/** Asks the database, Redis, the state of the log, and whether the database is one out of a backup, side by side. Never throws. */
export async function checkReadiness(app: Pick<App, 'database' | 'queue' | 'ledger'>): Promise<Readiness> {
  const [database, redis, sealer, restore] = await Promise.all([
    checkPart(async () => { await app.database.reader.query('SELECT 1'); return undefined; }),
    checkPart(async () => (await app.queue().healthy()) ? undefined : 'Redis does not answer'),
    checkPart(async () => {
      const { oldestUnsealedMs } = await app.ledger.status();
      return oldestUnsealedMs !== null && oldestUnsealedMs > SEALER_FRESH_MS ? `a batch has waited ${Math.round(oldestUnsealedMs / 1000)} s for the sealer` : undefined;
    }),
    checkPart(async () => (await app.ledger.standing()).closed),
  ]);
  return { ready: [database, redis, sealer, restore].every((part) => part.state === 'ok'), checks: { database, redis, sealer, restore } };
}

/** `check` answers what is wrong, or undefined. Driver messages stay in the log: they may name hosts and users. */
async function checkPart(check: () => Promise<string | undefined>): Promise<PartState> {
  const started = process.hrtime.bigint();
  const ms = (): number => Number((process.hrtime.bigint() - started) / 1_000_000n);
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<string>((resolve) => { timer = setTimeout(() => resolve(`no answer within ${PATIENCE_MS} ms`), PATIENCE_MS); });
    const wrong = await Promise.race([check(), late]);
    return wrong === undefined ? { state: 'ok', ms: ms() } : { state: 'failed', detail: wrong, ms: ms() };
  } catch (error) {
    return { state: 'failed', detail: codeOf(error), ms: ms() };
  } finally { clearTimeout(timer); }
}

function codeOf(thrown: unknown): string {
  const error = coerceError(thrown);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

/** Alive: this process answers. Says nothing about the rest, so that a supervisor does not restart it for a database's fault. */
export function answerHealthz(): RequestHandler {
  return (_request, response) => { response.setHeader('cache-control', 'no-store'); response.json({ alive: true }); };
}

/** 200 when every part is there, else 503 with the same body. */
export function answerReadyz(app: Pick<App, 'database' | 'queue' | 'ledger'>): RequestHandler {
  return async (_request, response) => {
    const readiness = await checkReadiness(app);
    response.setHeader('cache-control', 'no-store');
    response.status(readiness.ready ? 200 : 503).json(readiness);
  };
}

// Every door asks here whether it may open: not on a database out of a backup before its purges were replayed.
import type { App } from '../../app.js';
import { coerceError } from '../../kernel/errors.js';

export interface Gate {
  /** Why the door stays closed; undefined when it may open. Kept in memory, so that asking costs a call nothing. */
  readonly closed: string | undefined;
  /** Resolves when the gate is open, or was stopped. */
  opened(): Promise<void>;
  stop(): void;
}
/** For who builds a door without a process around it. */
export const OPEN_GATE: Gate = { closed: undefined, opened: () => Promise.resolve(), stop: () => undefined };

/** How often it is looked at, ms: a database may be exchanged under processes that run. */
const EVERY_MS = 2_000;

/** Looks once, and from then on every two seconds until stopped. While the database does not answer, what was last known stands. */
export async function watchStanding(app: Pick<App, 'ledger' | 'log'>, everyMs = EVERY_MS): Promise<Gate> {
  let closed: string | undefined, stopped = false, waiting: (() => void)[] = [];
  const look = async (): Promise<void> => {
    const before = closed;
    try { closed = (await app.ledger.standing()).closed; } catch (error) {
      // A journal or head that does not verify is no reason to open; a database that is away has its own signs.
      if ((error as { code?: string }).code === 'verification_failed') closed = coerceError(error).message;
    }
    if (closed !== before) app.log[closed === undefined ? 'info' : 'error'](closed === undefined ? 'reads are open' : 'reads are closed', closed === undefined ? {} : { reason: closed });
    if (closed === undefined) { for (const go of waiting) go(); waiting = []; }
  };
  await look();
  let timer: NodeJS.Timeout | undefined;
  const next = (): void => { timer = setTimeout(() => { void look().finally(() => { if (!stopped) next(); }); }, everyMs).unref(); };
  next();
  return {
    get closed() { return closed; },
    opened: () => (closed === undefined || stopped ? Promise.resolve() : new Promise((resolve) => { waiting.push(resolve); })),
    stop: () => { stopped = true; clearTimeout(timer); for (const go of waiting) go(); },
  };
}

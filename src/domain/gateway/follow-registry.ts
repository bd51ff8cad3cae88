// Keeps the snapshot of this process in step with the database: told by NOTIFY, and asking by itself in case it was not told.
import type { Logger } from '../../platform/log/log.js';
import { listenTo } from '../../platform/db/index.js';
import { coerceError } from '../../kernel/errors.js';
import type { Registry } from './registry.js';
import { readRegistry, readRegistryVersion, type RegistrySource } from './registry.view.js';

export interface RegistryFollower {
  /** The newest state read. While the database is away this is the last one; nothing can be recorded then, so nothing leaves by it. */
  current(): Registry;
  /** Whether the database answered lately. */
  readonly reachable: boolean;
  close(): Promise<void>;
}

const POLL_MS = 500;

/** Reads the registry and follows it from then on. Rejects when the first reading fails. */
export async function followRegistry(source: RegistrySource & { readonly url: string; readonly log: Logger }): Promise<RegistryFollower> {
  let registry = await readRegistry(source);
  let reachable = true, closed = false, reading: Promise<void> | undefined, again = false, timer: NodeJS.Timeout | undefined;
  const report = (error: unknown): void => {
    if (reachable && !closed) source.log.warn('the registry cannot be read; deciding by the last state', { error: coerceError(error).message, version: registry.version });
    reachable = false;
  };
  // One reading at a time; what is told meanwhile makes one more, since the running one may have begun before it.
  const refresh = (): Promise<void> => {
    if (reading) { again = true; return reading; }
    reading = (async () => {
      do {
        again = false;
        try {
          const fresh = await readRegistry(source);
          if (fresh.version >= registry.version) registry = fresh;
          reachable = true;
        } catch (error) { report(error); }
      } while (again && !closed);
    })().finally(() => { reading = undefined; });
    return reading;
  };
  const poll = async (): Promise<void> => {
    try {
      if (await readRegistryVersion(source.pool) !== registry.version) await refresh();
      reachable = true;
    } catch (error) { report(error); }
    if (!closed) timer = setTimeout(() => { void poll(); }, POLL_MS);
  };
  timer = setTimeout(() => { void poll(); }, POLL_MS);
  const listening = listenTo(source.url, 'holdfast_registry', () => { void refresh(); });
  return {
    current: () => registry,
    get reachable() { return reachable; },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await listening.close();
      await reading;
    },
  };
}

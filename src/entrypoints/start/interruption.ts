// Ctrl-C, SIGTERM, or the end of the terminal, as promises.

export class Interrupted extends Error {}

export interface Interruption {
  /** The first signal: stop properly. */
  readonly first: Promise<void>;
  /** The second: stop at once. */
  readonly second: Promise<void>;
  /** Throws Interrupted once a signal has come; called between the steps of a start. */
  check(): void;
}

/** Takes over the signals of this process. */
export function watchInterruption(): Interruption {
  let count = 0;
  const resolvers: (() => void)[] = [];
  const first = new Promise<void>((resolve) => { resolvers.push(resolve); });
  const second = new Promise<void>((resolve) => { resolvers.push(resolve); });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => { resolvers[count++]?.(); });
  return { first, second, check: () => { if (count > 0) throw new Interrupted('interrupted'); } };
}

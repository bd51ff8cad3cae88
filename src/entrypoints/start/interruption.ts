// Ctrl-C, SIGTERM, or the end of the terminal, as promises.

export class Interrupted extends Error {}

export interface Interruption {
  /** The first signal: stop properly. */
  readonly first: Promise<void>;
  /** A later one: stop at once. */
  readonly second: Promise<void>;
  /** Throws Interrupted once a signal has come; called between the steps of a start. */
  check(): void;
}

/** Under `npm start` one Ctrl-C arrives twice, from the terminal and from npm; no person presses that fast. */
const SAME_PRESS_MS = 1_000;

/** Takes over the signals of this process. */
export function watchInterruption(): Interruption {
  let firstAt: number | undefined, resolveFirst: () => void = () => undefined, resolveSecond: () => void = () => undefined;
  const first = new Promise<void>((resolve) => { resolveFirst = resolve; });
  const second = new Promise<void>((resolve) => { resolveSecond = resolve; });
  const onSignal = (): void => {
    if (firstAt === undefined) { firstAt = performance.now(); resolveFirst(); }
    else if (performance.now() - firstAt > SAME_PRESS_MS) resolveSecond();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  return { first, second, check: () => { if (firstAt !== undefined) throw new Interrupted('interrupted'); } };
}

// Time is an argument: nothing below the entrypoints reads the system clock by itself.

/** Where "now" comes from. Tests inject a fixed or moving one. */
export interface Clock {
  /** The current instant. */
  now(): Date;
}

/** The machine's clock; constructed once, in the composition root. */
export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands at `start` until `set` or `advance` (milliseconds) moves it. */
export function fixedClock(start: Date | string): Clock & { set(at: Date | string): void; advance(ms: number): void } {
  let current = new Date(start);
  return {
    now: () => new Date(current),
    set: (at) => { current = new Date(at); },
    advance: (ms) => { current = new Date(current.getTime() + ms); },
  };
}

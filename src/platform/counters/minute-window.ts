// How much of something there was in the last minute, in this process.

export const SLOTS = 60, SLOT_MS = 1_000;

/** A sliding minute in slots of a second. */
export class MinuteWindow {
  readonly #slots = new Float64Array(SLOTS);
  #sum = 0;
  #second = 0;
  lastUsed = 0;

  add(now: number, amount: number): void {
    this.#move(now);
    this.#slots[this.#second % SLOTS]! += amount;
    this.#sum += amount;
  }
  sum(now: number): number { this.#move(now); return this.#sum; }
  /** Whole seconds until the sum is below `limit`, 1 to 60. */
  waitBelow(now: number, limit: number): number {
    this.#move(now);
    let left = this.#sum;
    for (let wait = 1; wait < SLOTS; wait++) {
      left -= this.#slots[(this.#second + wait) % SLOTS]!;
      if (left < limit) return wait;
    }
    return SLOTS;
  }
  #move(now: number): void {
    this.lastUsed = now;
    const second = Math.floor(now / SLOT_MS);
    if (second <= this.#second) return; // a clock that steps back counts into the slot it left
    for (let step = Math.max(this.#second + 1, second - SLOTS + 1); step <= second; step++) {
      this.#sum -= this.#slots[step % SLOTS]!;
      this.#slots[step % SLOTS] = 0;
    }
    this.#second = second;
  }
}

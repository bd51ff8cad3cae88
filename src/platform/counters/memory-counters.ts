// Counters of one process: what a gateway counts by while Redis is away.
import { MinuteWindow } from './minute-window.js';
import { COUNTED_MS, REBUILD_MS, type Counters, type Level, type MinuteLevel, type MinuteLimit, type ReserveAnswer, type Want } from './counters.js';

class Entry {
  total: number | undefined;
  totalUntil = 0;
  held = 0;
  readonly holds = new Map<string, { amount: number; until: number }>();
  /** Settlements noted during a rebuild, by id. */
  building: Map<string, number> | undefined;
  buildingUntil = 0;
  counted = new Set<string>();
  countedUntil = 0;

  refresh(now: number): void {
    for (const [id, hold] of this.holds) if (hold.until <= now) { this.release(id); this.total = undefined; }
    if (now >= this.totalUntil) this.total = undefined;
    if (now >= this.buildingUntil) this.building = undefined;
    if (now >= this.countedUntil) this.counted.clear();
  }
  release(id: string): void {
    this.held -= this.holds.get(id)?.amount ?? 0;
    this.holds.delete(id);
  }
  get idle(): boolean { return this.holds.size === 0 && this.total === undefined && this.building === undefined; }
}

/** `now` in milliseconds; given, so that tests can move it. */
export function createMemoryCounters(now: () => number = Date.now): Counters {
  const entries = new Map<string, Entry>();
  const entryOf = (counter: string): Entry => {
    let entry = entries.get(counter);
    if (!entry) {
      if (entries.size >= 10_000) for (const [name, one] of entries) { one.refresh(now()); if (one.idle) entries.delete(name); }
      entries.set(counter, entry = new Entry());
    }
    entry.refresh(now());
    return entry;
  };
  const reserve = (id: string, wants: readonly Want[], ttlMs: number): ReserveAnswer => {
    const found = wants.map((want) => entryOf(want.counter));
    const unknown = wants.filter((want, index) => !want.gauge && found[index]!.total === undefined).map((want) => want.counter);
    if (unknown.length > 0) return { state: 'unknown', counters: unknown };
    const levels = wants.map((want, index): Level => ({ used: want.gauge ? 0 : found[index]!.total!, held: found[index]!.held }));
    const at = wants.findIndex((want, index) => levels[index]!.used + levels[index]!.held >= want.limit);
    if (at >= 0) return { state: 'full', at, level: levels[at]! };
    for (const [index, { amount }] of wants.entries()) {
      const entry = found[index]!;
      entry.release(id);
      entry.holds.set(id, { amount, until: now() + ttlMs });
      entry.held += amount;
    }
    return { state: 'held', levels };
  };
  const settle = (id: string, counter: string, amount: number): number | undefined => {
    const entry = entryOf(counter);
    entry.release(id);
    if (entry.total !== undefined) { if (!entry.counted.has(id)) entry.total += amount; } else entry.building?.set(id, amount);
    return entry.total;
  };
  const minutes = new Map<string, MinuteWindow>();
  const minuteOf = (counter: string): MinuteWindow => { let found = minutes.get(counter); if (!found) minutes.set(counter, found = new MinuteWindow()); return found; };
  const levelOf = ({ counter, limit }: MinuteLimit): MinuteLevel => { const window = minuteOf(counter), used = window.sum(now()); return { used, wait: used >= limit ? window.waitBelow(now(), limit) : 0 }; };
  return {
    takeMinute: (of, others) => {
      const levels = others.map(levelOf), before = of && levelOf(of), taken = of && before!.wait === 0 && levels.every(({ wait }) => wait === 0) ? Math.min(of.most, of.limit - before!.used) : 0;
      if (taken > 0) minuteOf(of!.counter).add(now(), taken);
      return Promise.resolve({ taken, level: before && { used: before.used + taken, wait: before.wait }, others: levels });
    },
    addMinute: (counter, amount) => { minuteOf(counter).add(now(), amount); return Promise.resolve(); },
    reserve: (id, wants, ttlMs) => Promise.resolve(reserve(id, wants, ttlMs)),
    settle: (id, adds) => Promise.resolve(adds.map(({ counter, amount }) => settle(id, counter, amount))),
    renew: (id, counters, ttlMs) => {
      for (const counter of counters) { const hold = entryOf(counter).holds.get(id); if (hold) hold.until = now() + ttlMs; }
      return Promise.resolve();
    },
    begin: (counter) => {
      const entry = entryOf(counter);
      if (entry.total !== undefined || entry.building) return Promise.resolve(false);
      entry.building = new Map();
      entry.buildingUntil = now() + REBUILD_MS;
      return Promise.resolve(true);
    },
    finish: (counter, total, counted, keepMs) => {
      const entry = entryOf(counter);
      entry.counted = new Set(counted);
      entry.countedUntil = now() + COUNTED_MS;
      entry.total = total + [...entry.building ?? []].reduce((sum, [id, amount]) => (entry.counted.has(id) ? sum : sum + amount), 0);
      entry.totalUntil = now() + keepMs;
      entry.building = undefined;
      return Promise.resolve();
    },
    forget: (counters) => { for (const counter of counters) entryOf(counter).total = undefined; return Promise.resolve(); },
    level: (counter) => { const entry = entryOf(counter); return Promise.resolve(entry.total === undefined ? undefined : { used: entry.total, held: entry.held }); },
    close: () => Promise.resolve(),
  };
}

// Starts, stops and extends the clocks of a case. Their instants are stored, so that restarts and changed presets move nothing that runs.
import type { Uuid } from '../../kernel/ids.js';
import { mintId } from '../../kernel/ids.js';
import type { Tx } from '../../platform/db/index.js';
import type { CaseClock } from './case.js';
import { extendClock, insertClock, inTx, stopClocks } from './case.store.js';
import { deadlineOf, extendDeadline } from './clock-rules.js';
import { readClockSettings } from './clock-settings.store.js';
import type { CaseMachine, ClockRule, Facts, MoveRule } from './machine.js';

export interface CaseClocks {
  start(tx: Tx, caseId: Uuid, rule: ClockRule, facts: Facts, at: Date): Promise<void>;
  /** What a move does to the clocks; the end of the case stops all. */
  move(tx: Tx, input: { caseId: Uuid; machine: CaseMachine; rule: MoveRule; facts: Facts; clocks: readonly CaseClock[]; ended: boolean; now: Date }): Promise<void>;
}

export function createCaseClocks(timeZone: string): CaseClocks {
  const start: CaseClocks['start'] = async (tx, caseId, rule, facts, at) => {
    const settings = await readClockSettings(inTx(tx));
    await stopClocks(tx, caseId, [rule.name], at);
    await insertClock(tx, { clockId: mintId(at), caseId, name: rule.name, startedAt: at, ...deadlineOf(rule, facts, at, timeZone, settings) });
  };
  return {
    start,
    move: async (tx, { caseId, machine, rule, facts, clocks, ended, now }) => {
      const stopped = machine.clocks.filter((clock) => clock.stoppedBy.includes(rule.name)).map((clock) => clock.name);
      if (ended || stopped.length > 0) await stopClocks(tx, caseId, ended ? null : stopped, now);
      const running = clocks.find((clock) => clock.name === rule.extends && clock.stoppedAt === null);
      if (running?.extension) await extendClock(tx, running.clockId, extendDeadline(running, running.extension, timeZone), now);
      const starts = machine.clocks.find((clock) => clock.name === rule.starts);
      if (starts) await start(tx, caseId, starts, facts, now);
    },
  };
}

// What an officer sets in place of a preset. Clocks that run keep their instants; the next ones that start go by it.
import type { Clock } from '../../kernel/clock.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import { isPlainLine } from '../../kernel/text.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { inTx } from './case.store.js';
import { endOfSpan, isSpan, type ClockSetting } from './clock-rules.js';
import { readClockSettings, saveClockSetting } from './clock-settings.store.js';
import { MACHINES } from './kinds.js';

export type SetClock = (tx: Tx, presetId: string, input: ClockSetting) => Promise<{ changed: boolean } | Refusal>;

/** Every preset, with the kind and clock it belongs to. */
export const PRESETS = Object.values(MACHINES).flatMap((machine) => machine.clocks.flatMap((clock) => clock.presets.map((preset) => ({ kind: machine.kind, clock: clock.name, ...preset }))));

/** Binds the use case. Refusals: forbidden, not_found, invalid_request. The same again changes nothing. */
export function createSetClock(deps: { clock: Clock; append: AppendRecord }): SetClock {
  return async (tx, presetId, input) => {
    const no = forbid(tx.actor, 'lawful.work');
    if (no) return no;
    const preset = PRESETS.find((one) => one.id === presetId);
    if (!preset) return refuse('not_found', `there is no preset ${presetId.slice(0, 60)}; there are ${PRESETS.map((one) => one.id).join(', ')}`);
    for (const field of ['due', 'amber', 'red'] as const) if (!isSpan(input[field])) return refuse('invalid_request', `${field} is a span: P10D, P1M, PT8H, or B10 for working days`, field);
    if (!isPlainLine(input.source, 300)) return refuse('invalid_request', 'say in one line where it comes from: a law, a contract, a house rule', 'source');
    const now = deps.clock.now(), end = (span: string): Date => endOfSpan(now, span, 'UTC');
    if (end(input.amber) > end(input.red) || end(input.red) > end(input.due)) return refuse('invalid_request', 'amber comes first, then red, then due', 'amber');
    const before = (await readClockSettings(inTx(tx)))[presetId] ?? preset, same = (['due', 'amber', 'red', 'source'] as const).every((field) => before[field] === input[field]);
    if (same) return { changed: false };
    await saveClockSetting(tx, { presetId, due: input.due, amber: input.amber, red: input.red, source: input.source, setBy: tx.actor.name, setAt: now });
    const told = ({ due, amber, red, source }: ClockSetting) => ({ due, amber, red, source });
    await deps.append(tx, { action: 'case.set_clock', subjectKind: 'case_clock', subjectId: presetId, purpose: 'compliance_retention', before: told(before), after: told(input) });
    return { changed: true };
  };
}

import { managerOf, type Tx } from '../../platform/db/index.js';
import type { Query } from './case.view.js';
import type { ClockSetting } from './clock-rules.js';

export type SetBy = ClockSetting & { readonly presetId: string; readonly setBy: string; readonly setAt: Date };

/** What officers set in place of presets, by preset. */
export async function readClockSettings(query: Query): Promise<Record<string, SetBy>> {
  const rows = await query<SetBy>('SELECT preset_id AS "presetId", due, amber, red, source, set_by AS "setBy", set_at AS "setAt" FROM case_clock_settings', []);
  return Object.fromEntries(rows.map((row) => [row.presetId, row]));
}

export async function saveClockSetting(tx: Tx, one: SetBy): Promise<void> {
  await managerOf(tx).query(`INSERT INTO case_clock_settings (preset_id, due, amber, red, source, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (preset_id) DO UPDATE SET due = excluded.due, amber = excluded.amber, red = excluded.red, source = excluded.source, set_by = excluded.set_by, set_at = excluded.set_at`,
  [one.presetId, one.due, one.amber, one.red, one.source, one.setBy, one.setAt]);
}

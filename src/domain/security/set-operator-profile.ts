import { checkJurisdiction, checkLine } from '../../kernel/field-rules.js';
import type { Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { findProfile, writeProfile } from './operator-profile.store.js';
import { forbid } from './permissions.js';

/** The company that runs this gateway; its jurisdiction brings in legal limits, its contact is told to refused developers. */
export interface OperatorProfile {
  readonly name: string; readonly jurisdiction: string; readonly contact: string;
  /** What becomes of a call that no price in force covers; unset: refuse. */
  readonly unpricedCalls?: UnpricedCalls;
}
export const UNPRICED_CALLS = ['refuse', 'allow'] as const;
export type UnpricedCalls = (typeof UNPRICED_CALLS)[number];

/** Refusals: forbidden, invalid_request with the field. */
export type SetOperatorProfile = (tx: Tx, input: OperatorProfile) => Promise<{ changed: boolean; created: boolean } | Refusal>;

export function createSetOperatorProfile(append: AppendRecord): SetOperatorProfile {
  return async (tx, { name, jurisdiction, contact, unpricedCalls = 'refuse' }) => {
    const refusal = forbid(tx.actor, 'operators.write') ?? checkLine(name, 'name') ?? checkJurisdiction(jurisdiction, 'jurisdiction') ?? checkLine(contact, 'contact', 254);
    if (refusal) return refusal;
    const found = await findProfile(tx);
    if (found && found.name === name && found.jurisdiction === jurisdiction && found.contact === contact && found.unpriced_calls === unpricedCalls) return { changed: false, created: false };
    const row = { name, jurisdiction, contact, unpriced_calls: unpricedCalls };
    await writeProfile(tx, row);
    await append(tx, { action: 'operator_profile.set', subjectKind: 'operator_profile', subjectId: 'operator', ...(found ? { before: { ...found } } : {}), after: row });
    return { changed: true, created: !found };
  };
}

// What moves do beside changing the state. Each runs in the move's transaction and answers what the record of the move says of it.
import type { Json } from '../../kernel/canonical-json.js';
import type { Clock } from '../../kernel/clock.js';
import type { DataType } from '../../kernel/data-types.js';
import { mintId } from '../../kernel/ids.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { Billing } from '../billing/index.js';
import type { Retention } from '../retention/index.js';
import type { CaseFiles } from './case-files.js';
import type { CaseHolds } from './case-holds.js';
import type { CaseRow, WholeCase } from './case.js';
import { insertCollection, inTx, markDestroyed } from './case.store.js';
import { collect, MOST_ROWS } from './collect.view.js';
import { collectionOf } from './collection-rules.js';
import { disclosureOf } from './disclosure-rules.js';
import { insertDisclosure } from './disclosure.store.js';
import { createErasureEffects } from './erasure-effects.js';
import type { Effect, Facts } from './machine.js';

export interface EffectDeps {
  readonly clock: Clock; readonly timeZone: string; readonly files: CaseFiles; readonly holds: CaseHolds;
  readonly retention: Pick<Retention, 'readCutOff' | 'holds' | 'planErasure' | 'previewErasure' | 'approveErasure' | 'startErasure' | 'cancelErasure' | 'erasures' | 'erasureRuns'>; readonly billing: Pick<Billing, 'closeAccount'>;
}
/** The case as it was before the move, with the facts as they are after it. */
export interface EffectInput { readonly one: CaseRow; readonly parts: Omit<WholeCase, keyof CaseRow>; readonly facts: Facts; readonly now: Date }
export type Said = Readonly<Record<string, Json>>;
type Run = (tx: Tx, input: EffectInput) => Promise<Said | Refusal>;

export function createEffects(deps: EffectDeps): Readonly<Record<Effect, Run>> {
  return {
    place_hold: async (tx, { one, facts }): Promise<Said | Refusal> => {
      const placed = await deps.holds.place(tx, { ...one, facts });
      return isRefusal(placed) ? placed : placed === null ? {} : { hold_id: placed };
    },
    collect: async (tx, { one, parts, facts, now }) => {
      const asked = collectionOf(one, parts.requestIds, facts, deps.timeZone);
      // A hold keeps what was within its retention when it was placed; so much, and no more, may still be collected.
      const placedAt = one.holdId === null ? now : (await deps.retention.holds()).find((hold) => hold.holdId === one.holdId)?.placedAt ?? now;
      const notBefore: Partial<Record<DataType, string>> = {};
      for (const type of asked.dataTypes) {
        const cutOff = await deps.retention.readCutOff(type, one.accountId ?? undefined);
        if (cutOff) notBefore[type] = new Date(cutOff.getTime() - Math.max(0, now.getTime() - placedAt.getTime())).toISOString();
      }
      const parameters = { ...asked, notBefore }, found = await collect(inTx(tx), parameters);
      if (!found) return refuse('invalid_request', `there are more than ${MOST_ROWS} rows of one type; narrow the window`, 'periodFrom');
      const collectionId = mintId(now);
      await insertCollection(tx, { collectionId, caseId: one.caseId, at: now, collectedBy: tx.actor.name, parameters, ...found });
      return { collection_id: collectionId, digest: found.digest, rows: Object.fromEntries(Object.entries(found.counts).map(([type, count]) => [type, count.rows])) };
    },
    disclose: async (tx, { one, parts, facts, now }) => {
      const disclosure = disclosureOf(one, parts, facts, { disclosureId: mintId(now), at: now, releasedBy: tx.actor.name });
      if (isRefusal(disclosure)) return disclosure;
      await insertDisclosure(tx, disclosure);
      return { disclosure_id: disclosure.disclosureId, rows: disclosure.rows.toString() };
    },
    destroy_identity_files: async (tx, { one, now }): Promise<Said> => {
      const gone = await markDestroyed(tx, one.caseId, 'identity', now);
      // After the commit: a crash in between leaves sealed files the sweep removes.
      tx.onCommit(() => { for (const fileId of gone) deps.files.destroy(fileId); });
      return gone.length === 0 ? {} : { destroyed_files: gone };
    },
    ...createErasureEffects(deps),
  };
}

// An erasure inside its case: restricted at once on acceptance, carried out by the engine of purges after another person approved, told once it is over.
import type { Json } from '../../kernel/canonical-json.js';
import type { DataType } from '../../kernel/data-types.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import { describeCounts, type Erasure } from '../retention/index.js';
import type { EffectDeps, EffectInput, Said } from './effects.js';
import { groundOf, noticeText, sessionsOf, typesToErase, type ErasureOutcome } from './erasure-rules.js';
import type { Effect, Facts } from './machine.js';

type Run = (tx: Tx, input: EffectInput) => Promise<Said | Refusal>;
type ErasureEffect = Extract<Effect, 'restrict_subject' | 'preview_erasure' | 'approve_erasure_run' | 'start_erasure' | 'conclude_erasure' | 'lift_restriction'>;

export function createErasureEffects(deps: Pick<EffectDeps, 'retention' | 'billing'>): Readonly<Record<ErasureEffect, Run>> {
  const find = async (number: string): Promise<Erasure | undefined> => (await deps.retention.erasures({ caseNumber: number })).find((one) => one.state !== 'cancelled');
  return {
    restrict_subject: async (tx, { one, facts }) => {
      if (one.accountId === null) return noAccount();
      const types = typesToErase(facts), sessions = sessionsOf(facts);
      if (types.length === 0) return refuse('conflict', 'the answer refuses every type of the scope; send it back and refuse the request instead');
      const planned = await deps.retention.planErasure(tx, { accountId: one.accountId, dataTypes: types, ground: groundOf(facts), reason: `subject request ${one.number}`, caseNumber: one.number, ...(sessions ? { sessions } : {}) });
      return isRefusal(planned) ? planned : { erasure_id: planned.erasureId, restricted: describeCounts(planned.counts) };
    },
    preview_erasure: async (_tx, { one, facts }) => {
      if (one.accountId === null) return noAccount();
      const sessions = sessionsOf(facts), counts = await deps.retention.previewErasure({ accountId: one.accountId, dataTypes: typesToErase(facts), ...(sessions ? { sessions } : {}) });
      return isRefusal(counts) ? counts : { erasure: describeCounts(counts) };
    },
    approve_erasure_run: async (tx, { one }) => {
      const erasure = await find(one.number), approved = erasure ? await deps.retention.approveErasure(tx, erasure.erasureId) : noErasure();
      return isRefusal(approved) ? approved : { erasure_id: erasure!.erasureId };
    },
    start_erasure: async (tx, { one }) => {
      const erasure = await find(one.number);
      if (!erasure) return noErasure();
      // Account information is erased of closed accounts alone; an account whose information was not asked for goes on.
      const closes = erasure.dataTypes.includes('account_information'), closed = closes ? await deps.billing.closeAccount(tx, erasure.accountId, `erasure asked for in case ${one.number}`) : undefined;
      if (isRefusal(closed)) return closed;
      const started = await deps.retention.startErasure(tx, erasure.erasureId);
      return isRefusal(started) ? started : { erasure_id: erasure.erasureId, account_closed: closes };
    },
    conclude_erasure: async (_tx, { one, facts }) => {
      const erasure = await find(one.number);
      if (!erasure) return noErasure();
      if (erasure.state !== 'erased') return refuse('conflict', `the erasure is ${erasure.state}${erasure.failure === null ? '; the worker takes it up within a minute' : `: ${erasure.failure}`}`);
      const outcome = erasure.outcome as unknown as Readonly<Partial<Record<DataType, ErasureOutcome>>>, notice = noticeText(outcome, one.number, refusedPart(facts));
      return { erasure_id: erasure.erasureId, outcome: erasure.outcome, refused: refusedPart(facts), certificates: Object.values(outcome).map((type) => type.run_id).filter((id) => id !== null), notice_en: notice.en, notice_zh: notice.zh };
    },
    lift_restriction: async (tx, { one }): Promise<Said | Refusal> => {
      const erasure = await find(one.number);
      if (!erasure || erasure.state === 'running' || erasure.state === 'erased') return {};
      const cancelled = await deps.retention.cancelErasure(tx, erasure.erasureId, `case ${one.number} was taken back`);
      return isRefusal(cancelled) ? cancelled : { restriction_lifted: true };
    },
  };
}

function refusedPart(facts: Facts): { part: string; ground: string; types: Json } | null {
  if (facts['answer'] !== 'partial') return null;
  const types = facts['refused_types'];
  return { part: String(facts['refused_part'] ?? ''), ground: String(facts['refusal_ground'] ?? ''), types: Array.isArray(types) ? [...types as readonly string[]] : [] };
}
function noAccount(): Refusal { return refuse('conflict', 'the case concerns no account'); }
function noErasure(): Refusal { return refuse('conflict', 'the case has no erasure that was taken on'); }

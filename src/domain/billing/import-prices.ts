// Takes into the price book what a plan shows as added and changed, if the plan is still the one that was confirmed.
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { ImportPlan } from './plan-price-import.js';
import type { SetPrice } from './set-price.js';

/** `confirmed`: the digest of the plan that was shown. Refusals: confirmation_required, conflict (the plan is another by now), those of setPrice. */
export type ImportPrices = (tx: Tx, plan: ImportPlan, confirmed: string | undefined) => Promise<{ added: number; changed: number } | Refusal>;

export function createImportPrices({ setPrice }: { setPrice: SetPrice }): ImportPrices {
  return async (tx, plan, confirmed) => {
    if (confirmed === undefined) return refuse('confirmation_required', 'look at the plan first, then confirm its digest', 'digest');
    if (confirmed !== plan.digest) return refuse('conflict', 'the plan is another one by now; look at it again', 'digest');
    const counts = { added: 0, changed: 0 };
    for (const row of plan.rows) {
      if ((row.state !== 'added' && row.state !== 'changed') || !row.after) continue;
      const answer = await setPrice(tx, row.after);
      if (isRefusal(answer)) return answer;
      counts[row.state] += 1;
    }
    return counts;
  };
}

// How long the records of a call stay, and what stops their deletion. The matter of a hold may be secret and is left out.
import type { DataType } from '../../kernel/data-types.js';
import type { CallStory } from '../gateway/index.js';
import type { Retention } from '../retention/index.js';
import type { Frozen } from './freeze-query.js';
import type { PackDocument } from './pack-document.js';
import { TABLES_OF } from './pack-kinds.js';
import type { PackRow } from './pack.js';

type RetentionFacts = PackDocument['retention'][number];

type Explain = (dataType: DataType, createdAt: Date) => Promise<RetentionFacts>;

function explainer(retention: Pick<Retention, 'explain'>, of: { accountId: string | null; jurisdiction: string | undefined; requestId?: string; keyId?: string | null }): Explain {
  return async (dataType, createdAt) => {
    const { policy, retainUntil, deleteAt, waitingFor, minimums, holds } = await retention.explain({ dataType, createdAt, ...of });
    return {
      data_type: dataType, counted_from: createdAt.toISOString(),
      policy: policy ? { version: policy.version, keep: policy.keep, starts_at: policy.startsAt, source: policy.source,
        scope: policy.accountId !== null ? 'account' : policy.jurisdiction !== null ? `jurisdiction ${policy.jurisdiction}` : 'all' } : null,
      minimums: minimums.map(({ keep, source }) => ({ keep, source })),
      retain_until: retainUntil?.toISOString() ?? null, delete_at: deleteAt?.toISOString() ?? null, waiting_for: waitingFor ?? null,
      holds: holds.map((hold) => ({ hold_id: hold.holdId, placed_at: hold.placedAt.toISOString(), data_types: hold.dataTypes ? [...hold.dataTypes] : null, protects_until: hold.protectsUntil?.toISOString() ?? null })),
    };
  };
}

/** One entry for the call, and one for its transfers if there were any. */
export async function describeRetention(retention: Pick<Retention, 'explain'>, { call, transfers }: CallStory, jurisdiction: string | undefined): Promise<RetentionFacts[]> {
  const explain = explainer(retention, { accountId: call.account_id, jurisdiction, requestId: call.request_id, keyId: call.key_id }), first = transfers[0];
  return [await explain('api_call_metadata', call.at), ...(first ? [await explain('third_party_call_records', first.at)] : [])];
}

/** One entry for each data type with records, reckoned for its oldest record. */
export async function describePeriodRetention(retention: Pick<Retention, 'explain'>, pack: PackRow, { found }: Frozen, jurisdiction: string | undefined): Promise<RetentionFacts[]> {
  const explain = explainer(retention, { accountId: pack.accountId, jurisdiction }), facts: RetentionFacts[] = [];
  for (const type of pack.params.data_types) {
    const first = found.find((one) => one.table === TABLES_OF[type][0])?.first;
    if (first) facts.push(await explain(type, first));
  }
  return facts;
}

// How long the records of a call stay, and what stops their deletion. The matter of a hold may be secret and is left out.
import type { DataType } from '../../kernel/data-types.js';
import type { CallStory } from '../gateway/index.js';
import type { Retention } from '../retention/index.js';
import type { PackDocument } from './pack-document.js';

type RetentionFacts = PackDocument['retention'][number];

/** One entry for the call, and one for its transfers if there were any. */
export async function describeRetention(retention: Pick<Retention, 'explain'>, { call, transfers }: CallStory, jurisdiction: string | undefined): Promise<RetentionFacts[]> {
  const explain = async (dataType: DataType, createdAt: Date): Promise<RetentionFacts> => {
    const { policy, retainUntil, deleteAt, waitingFor, minimums, holds } = await retention.explain({ dataType, createdAt, accountId: call.account_id, jurisdiction });
    return {
      data_type: dataType, counted_from: createdAt.toISOString(),
      policy: policy ? { version: policy.version, keep: policy.keep, starts_at: policy.startsAt, source: policy.source,
        scope: policy.accountId !== null ? 'account' : policy.jurisdiction !== null ? `jurisdiction ${policy.jurisdiction}` : 'all' } : null,
      minimums: minimums.map(({ keep, source }) => ({ keep, source })),
      retain_until: retainUntil?.toISOString() ?? null, delete_at: deleteAt?.toISOString() ?? null, waiting_for: waitingFor ?? null,
      holds: holds.map((hold) => ({ hold_id: hold.holdId, placed_at: hold.placedAt.toISOString(), data_types: hold.dataTypes ? [...hold.dataTypes] : null, protects_until: hold.protectsUntil?.toISOString() ?? null })),
    };
  };
  const first = transfers[0];
  return [await explain('api_call_metadata', call.at), ...(first ? [await explain('third_party_call_records', first.at)] : [])];
}

// What importing a provider's usage file would take in. Nothing is written here.
import type { Actor } from '../../kernel/actor.js';
import { sha256Hex } from '../../kernel/digest.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Providers } from '../providers/index.js';
import { forbid } from '../security/index.js';
import type { Query } from './case.view.js';
import type { UsageInput } from './import-usage.js';
import { readUsageFile, type UsageProblem } from './usage-file-rules.js';
import { readImportBySha } from './usage.view.js';

export interface UsagePreview {
  readonly rows: number; readonly byRequest: boolean; readonly fromDay: string | null; readonly toDay: string | null;
  readonly models: readonly { readonly model: string; readonly rows: number; readonly inputTokens: bigint; readonly outputTokens: bigint }[];
  readonly problems: readonly UsageProblem[];
  /** The import that took this very file in before. */
  readonly importId: string | null;
}
/** Refusals: forbidden, not_found (the provider). */
export type PreviewUsage = (actor: Actor, input: Omit<UsageInput, 'name'>) => Promise<UsagePreview | Refusal>;

export function createPreviewUsage(deps: { providers: Pick<Providers, 'providers'>; query: Query }): PreviewUsage {
  return async (actor, { providerId, csv }) => {
    const no = forbid(actor, 'payments.write');
    if (no) return no;
    if (!(await deps.providers.providers()).some((provider) => provider.providerId === providerId)) return refuse('not_found', `there is no provider ${providerId.slice(0, 80)}`, 'providerId');
    const { rows, problems } = readUsageFile(csv), models = new Map<string, { model: string; rows: number; inputTokens: bigint; outputTokens: bigint }>(), before = await readImportBySha(deps.query, providerId, sha256Hex(csv));
    let fromDay: string | null = null, toDay: string | null = null;
    for (const row of rows) {
      const old = models.get(row.model) ?? { model: row.model, rows: 0, inputTokens: 0n, outputTokens: 0n };
      models.set(row.model, { ...old, rows: old.rows + 1, inputTokens: old.inputTokens + row.inputTokens, outputTokens: old.outputTokens + row.outputTokens });
      if (fromDay === null || row.day < fromDay) fromDay = row.day;
      if (toDay === null || row.day > toDay) toDay = row.day;
    }
    return { rows: rows.length, byRequest: rows.length > 0 && rows[0]!.upstreamRequestId !== null, fromDay, toDay, models: [...models.values()].sort((one, other) => (one.model < other.model ? -1 : 1)), problems, importId: before?.importId ?? null };
  };
}

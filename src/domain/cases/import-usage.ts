// Takes in what a provider says it served, once a file, so that it can be held against our records.
import type { Clock } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { mintId } from '../../kernel/ids.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import { isPlainLine } from '../../kernel/text.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import type { Providers } from '../providers/index.js';
import { forbid } from '../security/index.js';
import { inTx } from './case.store.js';
import { parseUsage } from './usage-file-rules.js';
import { insertImport } from './usage.store.js';
import { readImportBySha, type UsageImport } from './usage.view.js';

export interface UsageInput { readonly providerId: string; readonly name: string; readonly csv: string }
export type ImportUsage = (tx: Tx, input: UsageInput) => Promise<(UsageImport & { readonly changed: boolean }) | Refusal>;

/** Binds the use case. The same file of the same provider changes nothing. Refusals: forbidden, not_found, invalid_request with the line. */
export function createImportUsage(deps: { clock: Clock; append: AppendRecord; providers: Pick<Providers, 'providers'> }): ImportUsage {
  return async (tx, { providerId, name, csv }) => {
    const no = forbid(tx.actor, 'payments.write');
    if (no) return no;
    if (!isPlainLine(name, 200)) return refuse('invalid_request', 'the name of the file is one line of 1 to 200 characters', 'name');
    if (!(await deps.providers.providers()).some((provider) => provider.providerId === providerId)) return refuse('not_found', `there is no provider ${providerId.slice(0, 80)}`, 'providerId');
    const sha256 = sha256Hex(csv), before = await readImportBySha(inTx(tx), providerId, sha256);
    if (before) return { ...before, changed: false };
    const rows = parseUsage(csv);
    if (isRefusal(rows)) return rows;
    const days = rows.map((row) => row.day).sort(), now = deps.clock.now();
    const one: UsageImport = { importId: mintId(now), providerId, name, sha256, rows: rows.length, byRequest: rows[0]!.upstreamRequestId !== null, fromDay: days[0]!, toDay: days.at(-1)!, importedBy: tx.actor.name, importedAt: now };
    await insertImport(tx, one, rows);
    await deps.append(tx, { action: 'usage.import', subjectKind: 'usage_import', subjectId: one.importId, purpose: 'billing', after: { provider_id: providerId, name, sha256, rows: one.rows, from_day: one.fromDay, to_day: one.toDay } });
    return { ...one, changed: true };
  };
}

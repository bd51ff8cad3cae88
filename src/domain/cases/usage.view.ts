// What providers said they served, and what we have on record for the same days.
import { idLowerBound, isUuid, type Uuid } from '../../kernel/ids.js';
import type { Query } from './case.view.js';
import type { OurUsage } from './reconcile-rules.js';
import type { UsageRow } from './usage-file-rules.js';

export interface UsageImport { readonly importId: Uuid; readonly providerId: string; readonly name: string; readonly sha256: string; readonly rows: number; readonly byRequest: boolean; readonly fromDay: string; readonly toDay: string; readonly importedBy: string; readonly importedAt: Date }
const COLUMNS = 'import_id AS "importId", provider_id AS "providerId", name, sha256, rows, by_request AS "byRequest", from_day AS "fromDay", to_day AS "toDay", imported_by AS "importedBy", imported_at AS "importedAt"';
const DAY_MS = 86_400_000;

/** Imports, newest first. */
export function readImports(query: Query): Promise<UsageImport[]> { return query(`SELECT ${COLUMNS} FROM provider_usage_imports ORDER BY import_id DESC LIMIT 1000`, []); }

export async function readImport(query: Query, importId: string): Promise<UsageImport | undefined> {
  return isUuid(importId) ? (await query<UsageImport>(`SELECT ${COLUMNS} FROM provider_usage_imports WHERE import_id = $1`, [importId]))[0] : undefined;
}

export async function readImportBySha(query: Query, providerId: string, sha256: string): Promise<UsageImport | undefined> {
  return (await query<UsageImport>(`SELECT ${COLUMNS} FROM provider_usage_imports WHERE provider_id = $1 AND sha256 = $2`, [providerId, sha256]))[0];
}

export async function readTheirs(query: Query, importId: Uuid): Promise<UsageRow[]> {
  const rows = await query<Record<'inputTokens' | 'outputTokens', string> & { amountMicros: string | null } & Pick<UsageRow, 'upstreamRequestId' | 'day' | 'model' | 'currency'>>(`SELECT upstream_request_id AS "upstreamRequestId", day, model, input_tokens AS "inputTokens", output_tokens AS "outputTokens", amount_micros AS "amountMicros", currency
    FROM provider_usage_rows WHERE import_id = $1 ORDER BY position`, [importId]);
  return rows.map((row) => ({ ...row, inputTokens: BigInt(row.inputTokens), outputTokens: BigInt(row.outputTokens), amountMicros: row.amountMicros === null ? null : BigInt(row.amountMicros) }));
}

/** Our calls of the provider on these UTC days that used something; input is what went in, cached or not. */
export async function readOurs(query: Query, { providerId, fromDay, toDay }: Pick<UsageImport, 'providerId' | 'fromDay' | 'toDay'>): Promise<OurUsage[]> {
  const rows = await query<Omit<OurUsage, 'inputTokens' | 'outputTokens'> & Record<'inputTokens' | 'outputTokens', string>>(`SELECT request_id AS "requestId", upstream_request_id AS "upstreamRequestId", to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day,
      coalesce(served_model, model, '') AS model, usage_input + usage_cache_read + usage_cache_write + usage_cache_write_1h AS "inputTokens", usage_output AS "outputTokens"
    FROM calls WHERE request_id >= $1 AND request_id < $2 AND provider_id = $3 AND usage_source NOT IN ('none', 'counted')`, [idLowerBound(new Date(`${fromDay}T00:00:00Z`)), idLowerBound(new Date(Date.parse(`${toDay}T00:00:00Z`) + DAY_MS)), providerId]);
  return rows.map((row) => ({ ...row, inputTokens: BigInt(row.inputTokens), outputTokens: BigInt(row.outputTokens) }));
}

export interface CallAround { readonly request_id: Uuid; readonly at: Date; readonly model: string | null; readonly status: string; readonly http_status: number; readonly cost_micros: string; readonly currency: string | null }
/** Calls of the same key before and after the call, nearest first on each side and the whole oldest first; at most `each` on a side. */
export async function readCallsAround(query: Query, call: { readonly requestId: Uuid; readonly accountId: string; readonly keyId: Uuid }, each: number): Promise<CallAround[]> {
  const side = (sign: '<' | '>', order: 'DESC' | 'ASC'): string => `(SELECT request_id, at, model, status, http_status, cost_micros, currency FROM calls WHERE account_id = $1 AND key_id = $2 AND request_id ${sign} $3
    AND request_id ${sign === '<' ? '>' : '<'} $4 ORDER BY request_id ${order} LIMIT ${each})`;
  const at = Number.parseInt(call.requestId.replaceAll('-', '').slice(0, 12), 16), bound = (ms: number): string => idLowerBound(new Date(Math.max(0, at + ms)));
  const [before, after] = await Promise.all([query<CallAround>(side('<', 'DESC'), [call.accountId, call.keyId, call.requestId, bound(-DAY_MS)]), query<CallAround>(side('>', 'ASC'), [call.accountId, call.keyId, call.requestId, bound(DAY_MS)])]);
  return [...before.reverse(), ...after];
}

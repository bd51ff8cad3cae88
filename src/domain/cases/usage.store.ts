import { managerOf, type Tx } from '../../platform/db/index.js';
import type { UsageImport } from './usage.view.js';
import type { UsageRow } from './usage-file-rules.js';

export async function insertImport(tx: Tx, one: UsageImport, rows: readonly UsageRow[]): Promise<void> {
  await managerOf(tx).query(`INSERT INTO provider_usage_imports (import_id, provider_id, name, sha256, rows, by_request, from_day, to_day, imported_by, imported_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [one.importId, one.providerId, one.name, one.sha256, one.rows, one.byRequest, one.fromDay, one.toDay, one.importedBy, one.importedAt]);
  await managerOf(tx).query(`INSERT INTO provider_usage_rows (import_id, position, upstream_request_id, day, model, input_tokens, output_tokens, amount_micros, currency)
    SELECT $1, ordinality, u.id, u.day, u.model, u.input, u.output, u.amount, u.currency
    FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[]) WITH ORDINALITY AS u (id, day, model, input, output, amount, currency, ordinality)`,
  [one.importId, rows.map((row) => row.upstreamRequestId), rows.map((row) => row.day), rows.map((row) => row.model), rows.map((row) => row.inputTokens), rows.map((row) => row.outputTokens), rows.map((row) => row.amountMicros), rows.map((row) => row.currency)]);
}

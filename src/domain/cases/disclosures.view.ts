// The disclosure log and the cases a transparency report counts.
import type { Disclosure } from './disclosure-rules.js';
import type { Query } from './case.view.js';
import type { ReportedCase } from './transparency-rules.js';

/** An entry with what came later: receipt and notice, from the moves of its case. */
export interface DisclosureEntry extends Disclosure { readonly number: string; readonly receivedOn: string | null; readonly receipt: string | null; readonly noticeOn: string | null; readonly gagUntil: string | null }

/** Entries in the order of release, newest first; `from` included, `to` excluded. At most 1,000. */
export async function readDisclosures(query: Query, filter: { from?: Date | undefined; to?: Date | undefined; caseId?: string | undefined; limit?: number | undefined } = {}): Promise<DisclosureEntry[]> {
  const rows = await query<Omit<DisclosureEntry, 'rows'> & { rows: string }>(`SELECT d.disclosure_id AS "disclosureId", d.case_id AS "caseId", c.number, d.at, d.authority, d.country, d.instrument_type AS "instrumentType", d.reference,
      d.served_on AS "servedOn", d.due_at AS "dueAt", d.legal_basis AS "legalBasis", d.selectors, d.account_ids AS "accountIds", d.data_types AS "dataTypes", d.includes_bodies AS "includesBodies", d.rows,
      d.collection_digest AS "collectionDigest", d.narrowing, d.rejected_part AS "rejectedPart", d.taken_out AS "takenOut", d.reviewer, d.approvers, d.extractor, d.released_by AS "releasedBy", d.pack_sha256 AS "packSha256",
      d.recipient, d.delivery, d.emergency, d.cost,
      c.facts->>'received_on' AS "receivedOn", c.facts->>'receipt' AS receipt, c.facts->>'told_on' AS "noticeOn", c.facts->>'notice_until' AS "gagUntil"
    FROM disclosures d JOIN cases c USING (case_id) WHERE ($1::timestamptz IS NULL OR d.at >= $1) AND ($2::timestamptz IS NULL OR d.at < $2) AND ($3::uuid IS NULL OR d.case_id = $3)
    ORDER BY d.disclosure_id DESC LIMIT $4`, [filter.from ?? null, filter.to ?? null, filter.caseId ?? null, Math.min(Math.max(filter.limit ?? 1_000, 1), 1_000)]);
  return rows.map((row) => ({ ...row, rows: BigInt(row.rows) }));
}

/** Lawful requests that reached us in the window, as the report counts them. */
export function readReported(query: Query, from: Date, to: Date): Promise<ReportedCase[]> {
  return query<ReportedCase>(`SELECT coalesce(c.facts->>'country', '') AS country, coalesce(c.facts->>'instrument_type', '') AS "instrumentType", c.account_id AS "accountId", c.state, c.facts,
      (SELECT coalesce(json_agg(json_build_object('move', m.move)), '[]') FROM case_moves m WHERE m.case_id = c.case_id) AS moves, (SELECT count(*)::int FROM disclosures d WHERE d.case_id = c.case_id) AS disclosures
    FROM cases c WHERE c.kind = 'lawful_request' AND c.received_at >= $1 AND c.received_at < $2`, [from, to]);
}

import { managerOf, type Tx } from '../../platform/db/index.js';
import type { Disclosure } from './disclosure-rules.js';

/** The only statement that writes the log; called by the move `release` alone. */
export async function insertDisclosure(tx: Tx, one: Disclosure): Promise<void> {
  await managerOf(tx).query(`INSERT INTO disclosures (disclosure_id, case_id, at, authority, country, instrument_type, reference, served_on, due_at, legal_basis, selectors, account_ids, data_types, includes_bodies, rows,
      collection_digest, narrowing, rejected_part, taken_out, reviewer, approvers, extractor, released_by, pack_sha256, recipient, delivery, emergency, cost)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28)`,
  [one.disclosureId, one.caseId, one.at, one.authority, one.country, one.instrumentType, one.reference, one.servedOn, one.dueAt, one.legalBasis, JSON.stringify(one.selectors), one.accountIds, one.dataTypes, one.includesBodies,
    one.rows, one.collectionDigest, one.narrowing, one.rejectedPart, one.takenOut, one.reviewer, one.approvers, one.extractor, one.releasedBy, one.packSha256, one.recipient, one.delivery, one.emergency, one.cost]);
}

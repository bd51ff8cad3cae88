// The frozen query of a pack: everything on record about one call, proven against one checkpoint. What it answers is all the pages may say.
import { X509Certificate } from 'node:crypto';
import type { Signer } from '../../platform/crypto/pack-signer.js';
import type { Database } from '../../platform/db/index.js';
import type { Billing } from '../billing/index.js';
import type { CrossBorder } from '../cross-border/index.js';
import type { CallStory, Gateway } from '../gateway/index.js';
import { openSignedNote, type Ledger, type RecordProof, type RecordRef } from '../ledger/index.js';
import type { Providers } from '../providers/index.js';
import type { Retention } from '../retention/index.js';
import type { Security } from '../security/index.js';
import { custodyOf } from './custody-of.js';
import { describeCharge } from './describe-charge.js';
import { describeRetention } from './describe-retention.js';
import { describeTransfers } from './describe-transfers.js';
import { itemId, PACK_FORMAT, packCode, packDocument, type PackDocument } from './pack-document.js';
import type { PackRow } from './pack.js';
import { readCustodyIds } from './pack.view.js';
import { loadTemplate, TEMPLATE } from './template.js';

export interface CollectDeps {
  readonly reader: Database['reader'];
  readonly ledger: Pick<Ledger, 'proveRecords' | 'verifierKey'>;
  readonly security: Pick<Security, 'operatorProfile'>; readonly billing: Pick<Billing, 'findAccount' | 'findPrice'>; readonly providers: Pick<Providers, 'findProvider'>;
  readonly crossBorder: Pick<CrossBorder, 'confirmations'>; readonly retention: Pick<Retention, 'explain'>; readonly gateway: Pick<Gateway, 'findCall'>;
  readonly signer: Signer;
  /** Name and version of the program. */
  readonly generator: string;
  /** Where the console port is reached, and with it the published log. */
  readonly publicUrl: string | undefined;
}

/** Most entries of the custody log that are printed; what is beyond is counted as a gap. */
const CUSTODY_LIMIT = 500;

/** `unsealed`: so many records are not under a checkpoint yet. `gone`: the call is no longer on record. */
export type Collected = { readonly document: PackDocument } | { readonly unsealed: number } | { readonly gone: true };

export async function collectPack(deps: CollectDeps, pack: PackRow, at: Date): Promise<Collected> {
  const story = pack.requestId === null ? undefined : await deps.gateway.findCall(pack.requestId);
  if (!story) return { gone: true };
  const { call, transfers } = story;
  const custodyIds = await readCustodyIds(deps.reader, call.request_id, CUSTODY_LIMIT + 1_000);
  const refs: RecordRef[] = [
    { table: 'calls', id: call.request_id },
    ...transfers.flatMap(({ transfer_id: id, outcome }): RecordRef[] => [{ table: 'transfers', id }, ...(outcome ? [{ table: 'transfer_outcomes', id } as const] : [])]),
    ...custodyIds.slice(-CUSTODY_LIMIT).map((id): RecordRef => ({ table: 'audit_records', id })),
  ];
  const { checkpoint, proofs } = await deps.ledger.proveRecords(refs);
  const isSealed = ({ leafIndex }: RecordProof): boolean => leafIndex !== null && checkpoint !== undefined && leafIndex < checkpoint.treeSize;
  // The call, what was sent for it and this request must be proven; other custody entries of this very moment may be left out, and are counted.
  const unsealed = proofs.filter((proof) => !isSealed(proof) && (proof.table !== 'audit_records' || proof.record.row['subject_id'] === pack.packId)).length;
  if (!checkpoint || unsealed > 0) return { unsealed: Math.max(unsealed, 1) };
  const sealed = proofs.filter(isSealed);
  const records = sealed.map((proof, index) => recordOf(proof, itemId(pack.packId, index + 1)));
  const verifierKey = deps.ledger.verifierKey();
  const certificate = new X509Certificate(deps.signer.certificate);
  const transferFacts = await describeTransfers(deps, story, (transferId) => records.find((one) => one.table === 'transfers' && one.id === transferId)?.item);
  const account = call.account_id === null ? undefined : await deps.billing.findAccount(call.account_id);
  const operator = await deps.security.operatorProfile();
  // Parsed by the verifier's own schema: a pack that it would refuse is never printed.
  return { document: packDocument.parse({
    format: PACK_FORMAT,
    pack: { pack_id: pack.packId, code: packCode(pack.packId), kind: 'dispute', language: pack.language, classification: 'confidential', assembled_at: at.toISOString(),
      generator: deps.generator, template: TEMPLATE, template_sha256: loadTemplate().digest },
    request: { requested_at: pack.requestedAt.toISOString(), requested_by: pack.requestedBy, purpose: pack.purpose, question: pack.reason },
    operator: operator ? { name: operator.name, jurisdiction: operator.jurisdiction, contact: operator.contact } : null,
    subject: { request_id: call.request_id, account: account ? { account_id: account.accountId, name: account.name, jurisdiction: account.jurisdiction, status: account.status,
      created_at: account.createdAt.toISOString(), closed_at: account.closedAt?.toISOString() ?? null } : null },
    scope: scopeOf(story, sealed, account !== undefined, custodyIds.length, transferFacts.filter((one) => one.terms === null).length),
    records,
    checkpoint: { origin: openSignedNote(checkpoint.note, verifierKey).origin, tree_size: checkpoint.treeSize.toString(), root: checkpoint.root.toString('hex'), at: checkpoint.at.toISOString(), note: checkpoint.note, verifier_key: verifierKey,
      published_at: deps.publicUrl === undefined ? null : `${deps.publicUrl.replace(/\/$/, '')}/log/` },
    charge: await describeCharge(deps.billing, call),
    transfers: transferFacts,
    retention: await describeRetention(deps.retention, story, account?.jurisdiction),
    custody: custodyOf(records),
    seal: { certificate_subject: certificate.subject, certificate_sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(), qualified: deps.signer.qualified },
  } satisfies PackDocument) };
}

function recordOf(proof: RecordProof, item: string): PackDocument['records'][number] {
  return {
    item, table: proof.table, id: proof.id, version: proof.record.version, row: proof.record.row as PackDocument['records'][number]['row'],
    salt: proof.salt.toString('hex'), commitment: proof.commitment.toString('hex'), leaf_index: String(proof.leafIndex), path: proof.path.map((hash) => hash.toString('hex')),
  };
}

function scopeOf({ call, transfers }: CallStory, proofs: readonly RecordProof[], account: boolean, custody: number, termsUnknown: number): PackDocument['scope'] {
  const count = (table: string): number => proofs.filter((proof) => proof.table === table).length;
  const searched = (data_type: PackDocument['scope']['searched'][number]['data_type'], table: string, found: number, produced = found) => ({ data_type, table, found, produced });
  const outcomes = transfers.filter((transfer) => transfer.outcome).length;
  const gaps = ([
    ['transfers_missing', call.attempts - transfers.length], ['outcome_missing', transfers.length - outcomes],
    ['terms_unknown', termsUnknown], ['custody_shortened', custody - count('audit_records')],
  ] as const).filter(([, missing]) => missing > 0).map(([gap, missing]) => ({ gap, count: missing }));
  return {
    selectors: [{ name: 'request_id', value: call.request_id }, ...(call.account_id === null ? [] : [{ name: 'account_id', value: call.account_id }])],
    searched: [
      searched('api_call_metadata', 'calls', 1, count('calls')), searched('third_party_call_records', 'transfers', transfers.length, count('transfers')),
      searched('third_party_call_records', 'transfer_outcomes', outcomes, count('transfer_outcomes')), searched('account_information', 'accounts', account ? 1 : 0),
      searched('compliance_records', 'audit_records', custody, count('audit_records')),
    ],
    excluded: [
      { data_type: 'input_content', reason: 'never_kept' }, { data_type: 'output_content', reason: 'never_kept' },
      { data_type: 'payment_records', reason: 'not_asked' }, { data_type: 'security_logs', reason: 'not_asked' },
    ],
    gaps,
  };
}

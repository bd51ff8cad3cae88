// What one file of a pack says: its records proven against one checkpoint, and the facts around them. What it answers is all the pages may say.
import { X509Certificate } from 'node:crypto';
import type { Signer } from '../../platform/crypto/pack-signer.js';
import type { Database } from '../../platform/db/index.js';
import type { Billing } from '../billing/index.js';
import type { Cases } from '../cases/index.js';
import type { CrossBorder } from '../cross-border/index.js';
import type { Gateway } from '../gateway/index.js';
import { openSignedNote, type Ledger, type RecordRef } from '../ledger/index.js';
import type { Providers } from '../providers/index.js';
import type { Retention } from '../retention/index.js';
import type { Security } from '../security/index.js';
import { collectRecords } from './collect-records.js';
import { custodyOf } from './custody-of.js';
import { describeCharge } from './describe-charge.js';
import { describeMatch } from './describe-match.js';
import { describePeriodRetention, describeRetention } from './describe-retention.js';
import { describeScope, overviewOf } from './describe-scope.js';
import { describeTransfers } from './describe-transfers.js';
import { idsDigest, type Frozen } from './freeze-query.js';
import { itemId, PACK_FORMAT, packCode, packDocument, type PackDocument } from './pack-document.js';
import { aroundRecords } from './pack-json.js';
import { redactionList } from './pack-redaction.js';
import type { PackRow } from './pack.js';
import { factProblems } from './seal-gate.js';
import { loadTemplate } from './template.js';

export interface CollectDeps {
  readonly reader: Database['reader'];
  readonly ledger: Pick<Ledger, 'proveRecords' | 'logKeys' | 'latestCheckpoint'>;
  readonly security: Pick<Security, 'operatorProfile'>; readonly billing: Pick<Billing, 'findAccount' | 'findPrice' | 'payments' | 'matchPayment'>; readonly cases: Pick<Cases, 'casePayments'>; readonly providers: Pick<Providers, 'findProvider'>;
  readonly crossBorder: Pick<CrossBorder, 'confirmations'>; readonly retention: Pick<Retention, 'explain' | 'certificate'>; readonly gateway: Pick<Gateway, 'findCall'>;
  readonly signer: Signer;
  /** Records a volume holds; VOLUME_ROWS unless a test wants fewer. */
  readonly volumeRows?: number;
  /** Address of the time stamp authority, if one stamps. */
  readonly timestampUrl: string | undefined;
  /** Name and version of the program. */
  readonly generator: string;
  /** Where the console port is reached, and with it the published log. */
  readonly publicUrl: string | undefined;
}

/** What is still needed of a document once its bytes are made; the document itself, ten times as large, is let go. */
export interface PackFacts { readonly records: number; readonly firstItem: string; readonly lastItem: string; readonly idsSha256: string; readonly treeSize: string; readonly root: string }

/** `json`: pack.json in pieces. `unsealed`: so many records are not under a checkpoint yet. `refused`: the last gate does not let it out, and why. */
export type Collected = { readonly json: Buffer[]; readonly facts: PackFacts } | { readonly unsealed: number } | { readonly refused: string };

/** Volume 0 is the whole pack, or the master of its volumes, whose finished files `made` names. */
export async function collectPack(deps: CollectDeps, pack: PackRow, frozen: Frozen, volume: number, made: PackDocument['volumes'], at: Date): Promise<Collected> {
  const { kind: template, digest, name } = loadTemplate(pack.kind);
  const inVolumes = frozen.volumes > 1, start = volume === 0 ? 0 : (volume - 1) * frozen.volumeRows;
  const own: readonly RecordRef[] = volume > 0 ? frozen.refs.slice(start, start + frozen.volumeRows) : inVolumes ? [] : frozen.refs;
  const refs = volume > 0 ? own : [...own, ...frozen.custody];
  const checkpoint = await deps.ledger.latestCheckpoint();
  if (!checkpoint) return { unsealed: 1 };
  const columns = new Set([...template.redact, ...pack.redact]);
  // Items are numbered through all volumes; the custody log of a master follows behind.
  const numbered = (index: number): string => itemId(pack.packId, (volume === 0 && inVolumes ? frozen.refs.length : start) + index + 1);
  const collected = await collectRecords(deps.ledger, checkpoint, refs, { numbered, columns, packId: pack.packId, accountId: pack.accountId ?? undefined });
  if (collected.unsealed > 0) return { unsealed: collected.unsealed };
  const { records, first, removed } = collected;
  if (records.filter((record) => record.table !== 'audit_records').length < own.length) return { refused: 'records were purged while the pack was made; ask for it again' };
  const verifierKey = (await deps.ledger.logKeys()).at(checkpoint.treeSize);
  const certificate = new X509Certificate(deps.signer.certificate);
  const transferFacts = frozen.story ? await describeTransfers(deps, frozen.story, (transferId) => records.find((one) => one.table === 'transfers' && one.id === transferId)?.item) : [];
  const account = pack.accountId === null ? undefined : await deps.billing.findAccount(pack.accountId);
  const operator = await deps.security.operatorProfile();
  const { legal } = pack.params, match = volume === 0 ? await describeMatch(deps, pack) : undefined;
  const document = {
    format: PACK_FORMAT,
    pack: { pack_id: pack.packId, code: packCode(pack.packId), kind: pack.kind, language: pack.language, classification: 'confidential', assembled_at: at.toISOString(),
      generator: deps.generator, template: name, template_sha256: digest, case: pack.caseNumber, volume: inVolumes ? { number: volume, of: frozen.volumes } : null },
    request: { requested_at: pack.requestedAt.toISOString(), requested_by: columns.has('actor_name') ? '-' : pack.requestedBy, purpose: pack.purpose, question: pack.reason },
    operator: operator ? { name: operator.name, jurisdiction: operator.jurisdiction, contact: operator.contact } : null,
    legal: legal === null ? null : { authority: legal.authority, instrument: legal.instrument, served_on: legal.servedOn ?? null, due_on: legal.dueOn ?? null, articles: legal.articles ?? null },
    subject: { request_id: frozen.story?.call.request_id ?? null, account: account ? { account_id: account.accountId, name: account.name, jurisdiction: account.jurisdiction, status: account.status,
      created_at: account.createdAt.toISOString(), closed_at: account.closedAt?.toISOString() ?? null } : null },
    scope: describeScope(pack, frozen, records, account !== undefined, transferFacts.filter((one) => one.terms === null).length),
    records,
    checkpoint: { origin: openSignedNote(checkpoint.note, verifierKey).origin, tree_size: checkpoint.treeSize.toString(), root: checkpoint.root.toString('hex'), at: checkpoint.at.toISOString(), note: checkpoint.note, verifier_key: verifierKey,
      published_at: deps.publicUrl === undefined ? null : `${deps.publicUrl.replace(/\/$/, '')}/log/` },
    charge: frozen.story ? await describeCharge(deps.billing, frozen.story.call) : null,
    transfers: transferFacts,
    retention: frozen.story ? await describeRetention(deps.retention, frozen.story, account?.jurisdiction) : await describePeriodRetention(deps.retention, pack, frozen, account?.jurisdiction),
    custody: custodyOf(records),
    overview: volume === 0 && inVolumes ? frozen.found.map(({ table, ids, first, last }) => ({ table, count: ids.length, first: first?.toISOString() ?? null, last: last?.toISOString() ?? null })) : overviewOf(frozen, records),
    redactions: redactionList(records, template.redact),
    payments: pack.kind === 'subject_access' && volume === 0 && account ? (await deps.billing.payments(account.accountId)).map((one) => ({ payment_id: one.paymentId, received_at: one.paidAt.toISOString(), currency: one.currency, amount_micros: one.amountMicros.toString(), reference: one.reference })) : null,
    ...(match ? { match } : {}),
    purge: frozen.certificate ? { certificate_id: frozen.certificate.certificateId, body: frozen.certificate.body, signature: frozen.certificate.signature.toString('hex'), public_key: frozen.certificate.publicKey.toString('hex') } : null,
    volumes: made,
    seal: { certificate_subject: certificate.subject, certificate_sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(), qualified: deps.signer.qualified, self_made: deps.signer.selfMade, timestamp: deps.timestampUrl ?? null },
  } as PackDocument;
  const problems = [...collected.problems, ...factProblems(document, removed)].slice(0, 5);
  if (problems.length > 0) return { refused: `the last gate does not let this pack out: ${problems.join('; ')}` };
  // Parsed by the verifier's own schema: a pack that it would refuse is never printed. Records are ours by construction and are many.
  const { head, tail } = aroundRecords(packDocument.parse({ ...document, records: first }));
  return { json: [head, ...collected.json, tail], facts: { records: records.length, firstItem: records[0]!.item, lastItem: records.at(-1)!.item, treeSize: document.checkpoint.tree_size, root: document.checkpoint.root,
    idsSha256: idsDigest(records.filter((one) => one.table !== 'audit_records') as RecordRef[]) } };
}

// Everything on record about one call, for the API, the console page and `lookup`. Shape fixed by DESIGN §12; who shows it records the reading.
import type { App } from '../../app.js';
import type { CallStory } from '../../domain/gateway/index.js';
import type { RecordProofs } from '../../domain/ledger/index.js';
import { coversItem, type ExplainFacts, type Hold } from '../../domain/retention/index.js';
import type { ContentFacts } from '../../domain/vault/index.js';
import type { DataType } from '../../kernel/data-types.js';
import { jsonMicros } from '../../kernel/money.js';
import { askTogether, question, type Question } from '../../platform/db/index.js';
import type { CallRow, CallStoryAnswer } from '../http/api/calls.schemas.js';
import { chargeReason, explainCharge, priceQuestion } from './explain-charge.js';
import { isExpired, withoutExpired } from './hide-expired.js';

export type StoryApp = Pick<App, 'database' | 'gateway' | 'billing' | 'ledger' | 'retention' | 'vault'>;
type Call = CallStory['call'];
type Transfer = CallStory['transfers'][number];

/**
 * The story of the call with this id (ours, the provider's or the client's), in the JSON of the API; undefined when there is none. One that
 * has left and not ended is told from its transfers, with the status in_progress or being_closed.
 */
export async function callStory(app: StoryApp, anyId: string): Promise<CallStoryAnswer | undefined> {
  const found = await app.gateway.findStored(anyId), open = !found || found.call ? undefined : await app.gateway.openStory(found), call = found?.call ?? open?.call;
  if (!found || !call || await isExpired(app, 'api_call_metadata', call.account_id, call.at, call.request_id)) return undefined;
  const transfers = await withoutExpired(app, 'third_party_call_records', found.transfers, (one) => ({ accountId: one.account_id, clockStart: one.at, itemId: one.request_id }));
  // All the rest in one round trip, the checkpoint after the records. Nothing of it is kept for the next reading: a hold or a policy shows at once.
  const told = await askTogether(app.database.reader, {
    ...app.retention.explainQuestions(call.account_id), names: keyNamesQuestion([call.key_id]), price: priceQuestion(call.price_id), content: app.vault.contentQuestion(call.request_id),
    packs: packsQuestion(call.request_id), access: accessQuestion(call.request_id), checkpoint: app.ledger.checkpointQuestion(),
  });
  const shown = new Set(transfers.map((one) => one.transfer_id as string)), records = found.records.filter(({ table, row }) => table === 'calls' || shown.has(String(row['transfer_id'])));
  return {
    ...callRowOf(call, told.names), ...(open ? { status: open.state } : {}),
    method: call.method, protocol: call.protocol, client_request_id: call.client_request_id, upstream_request_id: call.upstream_request_id, answer_id: call.answer_id, session_id: call.session_id,
    caller_region: call.caller_region, provider: call.provider_id, attempts: call.attempts, request_bytes: Number(call.request_bytes), response_bytes: Number(call.response_bytes),
    first_byte_ms: call.first_byte_ms, registry_version: Number(call.registry_version), epoch_id: call.epoch_id, account_seq: call.account_seq === null ? null : Number(call.account_seq),
    charge: explainCharge(told.price, call), charge_reason: chargeReason(call), transfers: transfers.map(transferOf), retention: explainRetention(app, { call, transfers }, told), holds: explainHolds(call, told.protecting),
    proof: proofOf(await app.ledger.proveStored(records, told.checkpoint)), packs: told.packs, access: told.access,
  };
}

/** A call as a row of a list. `keyNames` by key id. */
export function callRowOf(call: Call, keyNames: ReadonlyMap<string, string>): CallRow {
  return {
    request_id: call.request_id, at: call.at.toISOString(), ended_at: call.ended_at.toISOString(), account: call.account_id, key: call.key_id,
    key_name: call.key_id === null ? null : keyNames.get(call.key_id) ?? null, path: call.path, model: call.model, served_model: call.served_model, stream: call.stream,
    status: call.status, http_status: call.http_status, refusal_code: call.refusal_code,
    usage: {
      input: Number(call.usage_input), cache_read: Number(call.usage_cache_read), cache_write: Number(call.usage_cache_write),
      output: Number(call.usage_output), reasoning: Number(call.usage_reasoning), ...(call.usage_units ? { units: unitCounts(call.usage_units) } : {}),
    },
    usage_source: call.usage_source, cost_micros: jsonMicros(call.cost_micros), currency: call.currency,
  };
}

function unitCounts(units: Readonly<Record<string, string>>): Record<string, number> {
  return Object.fromEntries(Object.entries(units).map(([unit, count]) => [unit, Number(count)]));
}

/** Names of keys by id; a key whose account information was purged has none. */
export async function readKeyNames(app: Pick<App, 'database'>, keyIds: readonly (string | null)[]): Promise<ReadonlyMap<string, string>> {
  return keyIds.some((id) => id !== null) ? (await askTogether(app.database.reader, { names: keyNamesQuestion(keyIds) })).names : new Map();
}

function keyNamesQuestion(keyIds: readonly (string | null)[]): Question<ReadonlyMap<string, string>> {
  return question<{ key_id: string; name: string }, ReadonlyMap<string, string>>('SELECT key_id, name FROM api_keys WHERE key_id = ANY($1::uuid[])', [[...new Set(keyIds.filter((id) => id !== null))]],
    (rows) => new Map(rows.map((row) => [row.key_id, row.name])));
}

function transferOf(transfer: Transfer): CallStoryAnswer['transfers'][number] {
  const { outcome } = transfer;
  return {
    transfer_id: transfer.transfer_id, at: transfer.at.toISOString(), attempt: transfer.attempt, provider: transfer.provider_id, provider_name: transfer.provider_name,
    legal_entity: transfer.legal_entity, category: transfer.category, origin: transfer.origin_jurisdiction, jurisdictions: [...transfer.destination_jurisdictions],
    cross_border: transfer.cross_border, terms_version: transfer.terms_version, basis: transfer.basis, confirmation_ids: [...transfer.confirmation_ids],
    data_categories: [...transfer.data_categories], model: transfer.model, upstream_model: transfer.upstream_model, upstream_host: transfer.upstream_host,
    request_bytes: Number(transfer.request_bytes),
    outcome: outcome === undefined ? null : {
      at: outcome.at.toISOString(), outcome: outcome.outcome, http_status: outcome.http_status, upstream_request_id: outcome.upstream_request_id,
      response_bytes: Number(outcome.response_bytes), first_byte_ms: outcome.first_byte_ms, duration_ms: outcome.duration_ms,
    },
  };
}

type Told = ExplainFacts & { readonly content: readonly ContentFacts[] };

/** One entry for each data type the call touched. Content has one too: its policy, and whether a grant had it kept and until when. */
function explainRetention(app: StoryApp, { call, transfers }: CallStory, told: Told): CallStoryAnswer['retention'] {
  const first = transfers[0];
  const items: [DataType, Date, boolean][] = [['api_call_metadata', call.at, true], ...(first ? [['third_party_call_records', first.at, true] as [DataType, Date, boolean]] : []),
    ['input_content', call.at, false], ['output_content', call.at, false]];
  const endOf = (type: DataType): Date | undefined => told.content.find((piece) => `${piece.side}_content` === type)?.expiresAt;
  return Object.fromEntries(items.map(([dataType, createdAt, stored]) => {
    const { policy, retainUntil, deleteAt, waitingFor } = app.retention.explainFrom(told, { dataType, createdAt, accountId: call.account_id, requestId: call.request_id, keyId: call.key_id });
    return [dataType, {
      stored: stored || endOf(dataType) !== undefined, policy: policy && { policy_id: policy.policyId, version: policy.version, keep: policy.keep, starts_at: policy.startsAt, source: policy.source },
      retain_until: (endOf(dataType) ? null : retainUntil?.toISOString()) ?? null, delete_at: (endOf(dataType) ?? deleteAt)?.toISOString() ?? null, waiting_for: waitingFor ?? null,
    }];
  }));
}

function explainHolds(call: Call, protecting: readonly Hold[]): CallStoryAnswer['holds'] {
  const touched: readonly DataType[] = ['api_call_metadata', 'third_party_call_records', 'input_content', 'output_content'], item = { accountId: call.account_id, keyId: call.key_id, requestId: call.request_id, at: call.at };
  return protecting.filter((hold) => coversItem(hold, item) && (hold.dataTypes === null || hold.dataTypes.some((type) => touched.includes(type))))
    .map((hold) => ({ hold_id: hold.holdId, matter: hold.matter, data_types: hold.dataTypes && [...hold.dataTypes], placed_at: hold.placedAt.toISOString(), review_on: hold.reviewOn }));
}

/** Inclusion of every record of the call; salts stay here, a pack has them. */
function proofOf({ checkpoint, proofs }: RecordProofs): CallStoryAnswer['proof'] {
  const records = proofs.map((proof) => ({
    table: proof.table, id: proof.id, state: proof.leafIndex === null ? 'unsealed' as const : 'sealed' as const, commitment: proof.commitment.toString('hex'),
    leaf_index: proof.leafIndex === null ? null : Number(proof.leafIndex), path: proof.path.map((hash) => hash.toString('hex')),
  }));
  // A call under way has no row yet: what is proven of it is that its first transfer is on record.
  const own = records.find((record) => record.table === 'calls') ?? records.find((record) => record.table === 'transfers');
  return own === undefined ? null
    : { ...own, tree_size: checkpoint ? Number(checkpoint.treeSize) : null, root: checkpoint?.root.toString('hex') ?? null, checkpoint: checkpoint?.note ?? null, records };
}

function packsQuestion(requestId: string): Question<CallStoryAnswer['packs']> {
  return question<{ pack_id: string; state: CallStoryAnswer['packs'][number]['state']; language: string; requested_at: Date; ready_at: Date | null; sha256: string | null }, CallStoryAnswer['packs']>(
    'SELECT pack_id, state, language, requested_at, ready_at, sha256 FROM evidence_packs WHERE request_id = $1 ORDER BY pack_id', [requestId],
    (rows) => rows.map((row) => ({ ...row, requested_at: row.requested_at.toISOString(), ready_at: row.ready_at?.toISOString() ?? null })));
}

function accessQuestion(requestId: string): Question<CallStoryAnswer['access']> {
  return question<{ record_id: string; at: Date; actor_name: string; action: string; purpose: string | null; reason: string | null }, CallStoryAnswer['access']>(
    `SELECT record_id, at, actor_name, action, purpose, reason FROM audit_records WHERE (subject_kind = 'call' AND subject_id = $1)
      OR (subject_kind = 'pack' AND subject_id = ANY(ARRAY(SELECT pack_id::text FROM evidence_packs WHERE request_id = $1::uuid))) ORDER BY record_id DESC LIMIT 100`, [requestId],
    (rows) => rows.map((row) => ({ record_id: row.record_id, at: row.at.toISOString(), actor: row.actor_name, action: row.action, purpose: row.purpose, reason: row.reason })));
}

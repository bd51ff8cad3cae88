// Asks for a pack. The row is the order and its frozen parameters, its ledger record is the first line of the custody log.
import { PURPOSES } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { isUuid, mintId, type Uuid } from '../../kernel/ids.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import { cleanText } from '../../kernel/text.js';
import type { Tx } from '../../platform/db/index.js';
import type { Billing } from '../billing/index.js';
import type { Gateway } from '../gateway/index.js';
import type { AppendRecord } from '../ledger/index.js';
import type { Retention } from '../retention/index.js';
import { forbid } from '../security/index.js';
import { KIND_RULES } from './pack-kinds.js';
import { isRedactable, REDACTABLE } from './pack-redaction.js';
import { PACK_DATA_TYPES, PACK_KINDS, PACK_LANGUAGES, type PackLegal, type PackParams, type PackRequest } from './pack.js';
import { insertPack } from './pack.store.js';
import { forbiddenIn } from './seal-gate.js';

export interface RequestPackDeps {
  readonly clock: Clock; readonly append: AppendRecord; readonly gateway: Pick<Gateway, 'findCall' | 'findOpenCall'>; readonly billing: Pick<Billing, 'findAccount'>;
  readonly retention: Pick<Retention, 'readCutOff' | 'certificate' | 'purgeRun'>;
  /** Starts the job; called after the commit. */
  readonly enqueue: (packId: Uuid) => Promise<void>;
}

interface Selected { readonly requestId: Uuid | null; readonly accountId: string | null; readonly runId: Uuid | null; readonly oldest: Date | null }

/** Binds the use case; answers the new pack's id. Refusals: forbidden, purpose_required, invalid_request, not_found. */
export function createRequestPack(deps: RequestPackDeps): (tx: Tx, request: PackRequest) => Promise<Uuid | Refusal> {
  return async (tx, request) => {
    const no = forbid(tx.actor, 'evidence.create');
    if (no) return no;
    const kind = request.kind ?? 'dispute';
    if (!PACK_KINDS.includes(kind)) return refuse('invalid_request', `the kind is one of ${PACK_KINDS.join(', ')}`, 'kind');
    if (!PURPOSES.includes(request.purpose)) return refuse('purpose_required', `name one of the published purposes: ${PURPOSES.join(', ')}`, 'purpose');
    if (!PACK_LANGUAGES.includes(request.language)) return refuse('invalid_request', `the language is one of ${PACK_LANGUAGES.join(', ')}`, 'language');
    const rule = KIND_RULES[kind], dataTypes = request.dataTypes?.length ? request.dataTypes : rule.dataTypes;
    const wrong = dataTypes.find((type) => !PACK_DATA_TYPES.includes(type));
    if (wrong !== undefined) return refuse('invalid_request', `the data types are of ${PACK_DATA_TYPES.join(', ')}`, 'dataTypes');
    const redact = [...new Set(request.redact ?? [])], stays = redact.find((column) => !isRedactable(column));
    if (stays !== undefined) return refuse('invalid_request', `${cleanText(stays, 60)} cannot be taken out; these can: ${REDACTABLE.join(', ')}`, 'redact');
    if (rule.legal && !request.legal) return refuse('invalid_request', 'name the authority and its instrument', 'legal');
    const legal = request.legal ? cleanLegal(request.legal) : null;
    if (isRefusal(legal)) return legal;
    const reason = cleanText(request.reason?.trim(), 500) || null, caseNumber = cleanText(request.caseNumber?.trim(), 60) || null;
    for (const [field, text] of [['reason', reason], ['caseNumber', caseNumber]] as const) {
      const found = text === null ? undefined : forbiddenIn(text);
      if (found) return refuse('invalid_request', `it holds ${found}, which may stand in no pack`, field);
    }
    const selected = await select(deps, request, rule.subject);
    if (isRefusal(selected)) return selected;
    const at = deps.clock.now(), packId = mintId(at);
    const params: PackParams = { from: request.from?.toISOString() ?? null, until: request.until?.toISOString() ?? null, data_types: [...dataTypes], run_id: selected.runId, legal, oldest: selected.oldest?.toISOString() ?? null };
    await insertPack(tx, { packId, kind, requestId: selected.requestId, accountId: selected.accountId, caseNumber, purpose: request.purpose, reason, language: request.language, requestedBy: tx.actor.name, requestedAt: at, params, redact });
    await deps.append(tx, { action: 'pack.request', subjectKind: 'pack', subjectId: packId, purpose: request.purpose, ...(reason === null ? {} : { reason }),
      after: { kind, request_id: selected.requestId, account_id: selected.accountId, language: request.language, ...(kind === 'dispute' ? {} : { case: caseNumber, from: params.from, until: params.until, data_types: [...params.data_types], run_id: params.run_id }), ...(redact.length > 0 ? { redact } : {}) } });
    tx.onCommit(() => deps.enqueue(packId));
    return packId;
  };
}

/** Finds what the pack is about; refuses when it is not there, or when too little is said. */
async function select(deps: RequestPackDeps, request: PackRequest, subject: 'call' | 'account' | 'period' | 'run'): Promise<Selected | Refusal> {
  const none = { requestId: null, accountId: null, runId: null, oldest: null };
  if (subject === 'call') {
    const story = await deps.gateway.findCall(request.requestId ?? '');
    if (!story && await deps.gateway.findOpenCall(request.requestId ?? '')) return refuse('conflict', 'the call is still under way or being closed; ask again when it has ended', 'requestId');
    const call = story?.call;
    // What is past its retention is hidden from every reading at once, packs included.
    const cutOff = call && await deps.retention.readCutOff('api_call_metadata', call.account_id ?? undefined);
    if (!call || (cutOff && call.at < cutOff)) return refuse('not_found', `no call ${cleanText(request.requestId, 80)}; give the x-request-id of its answer, or the provider's or client's id`, 'requestId');
    return { ...none, requestId: call.request_id, accountId: call.account_id, oldest: call.at };
  }
  if (subject === 'run') {
    const certificate = request.runId !== undefined && isUuid(request.runId) ? await deps.retention.certificate(request.runId) : undefined;
    return certificate ? { ...none, runId: certificate.runId } : refuse('not_found', 'no purge run of this id has a certificate', 'runId');
  }
  if (subject === 'period' && (!request.from || !request.until)) return refuse('invalid_request', 'name the period: from and until', request.from ? 'until' : 'from');
  if (request.from && request.until && request.from >= request.until) return refuse('invalid_request', 'the period ends before it starts', 'until');
  if (subject === 'account' && !request.accountId) return refuse('invalid_request', 'name the account', 'accountId');
  if (request.accountId === undefined || request.accountId === '') return none;
  const account = await deps.billing.findAccount(request.accountId);
  return account ? { ...none, accountId: account.accountId } : refuse('not_found', `no account ${cleanText(request.accountId, 80)}`, 'accountId');
}

function cleanLegal(legal: PackLegal): PackLegal | Refusal {
  const text = (value: string | undefined, length: number): string => cleanText(value?.trim(), length) ?? '';
  const authority = text(legal.authority, 200), instrument = text(legal.instrument, 200);
  if (authority === '' || instrument === '') return refuse('invalid_request', 'name the authority and its instrument', 'legal');
  for (const date of [legal.servedOn, legal.dueOn]) if (date && !/^\d{4}-\d\d-\d\d$/.test(date)) return refuse('invalid_request', 'dates are YYYY-MM-DD', 'legal');
  return { authority, instrument, ...(legal.servedOn ? { servedOn: legal.servedOn } : {}), ...(legal.dueOn ? { dueOn: legal.dueOn } : {}), ...(legal.articles ? { articles: text(legal.articles, 300) } : {}) };
}

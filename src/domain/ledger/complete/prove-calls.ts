// Makes the file of a proof: states the answer on record, waits until that is sealed, and puts everything it rests on together.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor, Purpose } from '../../../kernel/actor.js';
import { HoldfastError } from '../../../kernel/errors.js';
import { instantOfId, isUuid } from '../../../kernel/ids.js';
import { isRefusal, refuse, type Refusal } from '../../../kernel/result.js';
import type { Act } from '../../../platform/db/index.js';
import type { AppendRecord } from '../append-record.js';
import { readHandovers } from '../keys.view.js';
import type { LogKey } from '../log-key.js';
import { proveRecords, type RecordProofs } from '../prove-records.js';
import type { TileCache } from '../tile-cache.js';
import type { Reader } from '../reader.js';
import type { RecordRef } from '../verdicts.js';
import { askClosing } from './ask-closing.js';
import { chooseRange, type Range } from './choose-range.js';
import { readCallRefs, readPurgeRecords, readNumbered } from './complete.view.js';
import { formatProofFile, windowOfId, type ProofFile, type Question } from './proof-file.js';
import { lockNewestEpoch } from './newest-epoch.store.js';

/** Calls one file holds at most; a longer window is proven in parts. */
export const MAX_CALLS = 10_000;
/** How long a proof waits for the sealer; a checkpoint follows a commit within about a second. */
const SEALER_WAIT_MS = 10_000;
/** A gateway that opens between looking and stating makes the choice stale; three in a row is no coincidence. */
const TRIES = 3;

export interface ProveDeps { readonly reader: Reader; readonly tiles: TileCache; readonly key: LogKey; readonly act: Act; readonly append: AppendRecord }
/** What may be asked; times are instants. */
export type AskedProof =
  | { readonly account: string; readonly from: Date; readonly to: Date }
  | { readonly account?: string; readonly callId: string };
export interface ProveOptions { readonly purpose: Purpose }

/**
 * The text of a proof file. Refusals: invalid_request (window, id, more calls than a file holds), not_found (no such call, and no account
 * to prove its absence for), conflict (the call is on record, but of another account). Throws `records_unavailable` when no sealer is at work.
 */
export async function proveCalls(deps: ProveDeps, actor: Actor, asked: AskedProof, options: ProveOptions): Promise<string | Refusal> {
  const question = await questionOf(deps.reader, asked);
  if (isRefusal(question)) return question;
  if (question.kind === 'call') return proveCall(deps, actor, question, options.purpose);
  const window = { from: new Date(question.from), to: new Date(question.to) };
  await askClosing(deps.reader, window.to);
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const range = await chooseRange(deps.reader, question.account, window);
    const numbered = await Promise.all(range.epochs.map((epoch) => readNumbered(deps.reader, epoch.span, epoch.first, epoch.last, MAX_CALLS + 1)));
    const found = numbered.reduce((sum, one) => sum + one.calls.length, 0);
    if (found > MAX_CALLS) return refuse('invalid_request', `more than ${MAX_CALLS} calls would have to be shown; ask for a shorter window`, 'to');
    const statement = await state(deps, actor, question, range, options.purpose);
    if (statement === undefined) continue;
    // Numbers without a call may be those of purged ones.
    const whole = found === range.epochs.reduce((sum, { first, last }) => sum + (last === 0 ? 0 : last - first + 1), 0);
    const purges = whole ? [] : await readPurgeRecords(deps.reader, range.epochs.reduce((from, { span }) => (span.from < from ? span.from : from), window.from));
    const refs: RecordRef[] = [{ table: 'audit_records', id: statement }, ...range.epochRecords.map((id): RecordRef => ({ table: 'audit_records', id })),
      ...purges.map((id): RecordRef => ({ table: 'audit_records', id })),
      ...numbered.flatMap((one) => [...one.calls.map((id): RecordRef => ({ table: 'calls', id })), ...one.transfers.map((id): RecordRef => ({ table: 'transfers', id }))])];
    return fileOf(deps, question, refs, range.lastNumbers);
  }
  throw new HoldfastError('records_unavailable', 'gateways are being opened one after another; try again when they are up');
}

/** On record: the question, and the numbers the answer covers. Undefined when a gateway was opened since they were read. */
async function state({ act, append }: ProveDeps, actor: Actor, question: Exclude<Question, { kind: 'call' }>, range: Range, purpose: Purpose): Promise<string | undefined> {
  const stated = await act(actor, async (tx) => {
    if (await lockNewestEpoch(tx) !== range.newestEpoch) return refuse('conflict', 'an epoch was opened meanwhile');
    const { kind, account, ...rest } = question;
    return append(tx, { action: 'completeness.state', subjectKind: 'account', subjectId: account, purpose,
      after: { kind, account, ...rest, newest_epoch: range.newestEpoch, epochs: range.epochs.map(({ epochId, first, last }) => ({ epoch: epochId, first, last })) } });
  });
  return isRefusal(stated) ? undefined : stated;
}

async function proveCall(deps: ProveDeps, actor: Actor, question: Extract<Question, { kind: 'call' }>, purpose: Purpose): Promise<string> {
  const { transfers, outcomes } = await readCallRefs(deps.reader, question.id);
  await deps.act(actor, (tx) => deps.append(tx, { action: 'call.prove', subjectKind: 'call', subjectId: question.id, purpose }));
  return fileOf(deps, question, [{ table: 'calls', id: question.id }, ...transfers.map((id): RecordRef => ({ table: 'transfers', id })), ...outcomes.map((id): RecordRef => ({ table: 'transfer_outcomes', id }))], {});
}

async function fileOf({ reader, tiles, key }: ProveDeps, question: Question, refs: readonly RecordRef[], lastNumbers: ProofFile['lastNumbers']): Promise<string> {
  const { checkpoint, proofs } = await sealed(reader, tiles, refs);
  key.follow(await readHandovers(reader));
  const records = proofs.map((proof) => ({ ...proof, leafIndex: proof.leafIndex! }));
  return formatProofFile({ question, checkpoint: checkpoint!.note, verifierKey: key.verifierKeyAt(checkpoint!.treeSize), handovers: key.handovers, records, lastNumbers });
}

/** The proofs, once every record is under a checkpoint. */
async function sealed(reader: Reader, tiles: TileCache, refs: readonly RecordRef[]): Promise<RecordProofs> {
  const unique = [...new Map(refs.map((ref) => [`${ref.table}/${ref.id}`, ref])).values()];
  for (let waited = 0; waited < SEALER_WAIT_MS; waited += 200) {
    // The statement is the youngest: while it is not sealed, the others need not be asked for.
    const first = await proveRecords(reader, tiles, unique.slice(0, 1)), isSealed = ({ checkpoint, proofs }: RecordProofs): boolean => checkpoint !== undefined && proofs.every(({ leafIndex }) => leafIndex !== null && leafIndex < checkpoint.treeSize);
    if (isSealed(first)) { const all = await proveRecords(reader, tiles, unique); if (isSealed(all)) return all; }
    await sleep(200);
  }
  throw new HoldfastError('records_unavailable', 'the records are not under a signed checkpoint yet; is the sealer running?');
}

async function questionOf(reader: Reader, asked: AskedProof): Promise<Question | Refusal> {
  if (!('callId' in asked)) {
    if (!(asked.from < asked.to)) return refuse('invalid_request', 'the window must end after it begins', 'to');
    return { kind: 'all-calls', account: asked.account, from: asked.from.toISOString(), to: asked.to.toISOString() };
  }
  const id = asked.callId.toLowerCase();
  if (!isUuid(id)) return refuse('invalid_request', 'only ids of ours (x-request-id) can be proven; for another id prove all calls of a window', 'call');
  const { call } = await readCallRefs(reader, id);
  if (call) return { kind: 'call', id };
  if (asked.account === undefined) return refuse('not_found', 'no call on record has this id; name the account to prove that it has none');
  if (id[14] !== '7' || instantOfId(id).getTime() > 8_000_000_000_000) return refuse('invalid_request', 'this is no id that a gateway makes: the time in it is none', 'call');
  return { kind: 'no-call', account: asked.account, id, ...windowOfId(id) };
}

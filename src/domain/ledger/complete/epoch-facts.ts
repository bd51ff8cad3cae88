// What the records of a proof file say about the gateway processes (epochs) that could have carried calls in a window. Pure.
import type { Json } from '../../../kernel/canonical-json.js';
import type { ProofFile, ProvenRecord } from './proof-file.js';

/** An account's number is taken once the body is there; the gateway gives a body ten minutes, and asks every half minute. Milliseconds. */
export const NUMBERING_DELAY_MS = 900_000;
/** No call lives longer; what is open for longer is closed by the sweep. Milliseconds. */
export const LONGEST_CALL_MS = 86_400_000;
/** The sweep that closes what a dead gateway left runs every minute; longer than this it has not been at work. Milliseconds. */
export const SWEEP_PATIENCE_MS = 3_600_000;

export interface EpochEnd { readonly how: 'closed' | 'lost'; readonly at: number; /** Root over the last numbers; absent when the record has none. */ readonly root: string | undefined }
export interface EpochFacts { readonly epochId: string; /** Undefined: opened before the first epoch of this file, and told as open by it. */ readonly openedAt: number | undefined; readonly end: EpochEnd | undefined }
/** First and last number the operator's statement speaks about; both 0 when it says that there is none. */
export interface Claim { readonly epochId: string; readonly first: number; readonly last: number }
export interface Statement { readonly at: number; readonly newestEpoch: number; readonly claims: ReadonlyMap<string, Claim> }

export interface Frame { readonly epochs: readonly EpochFacts[]; readonly problems: readonly string[]; /** Sentences about what rests on the operator's word. */ readonly remarks: readonly string[] }

/** A value of a record as text; empty for none and for what is no text. */
export function wordOf(value: Json | undefined): string { return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? `${value}` : ''; }

type Row = ProvenRecord['record']['row'];
export function audits(file: ProofFile, action: string): Row[] { return file.records.filter((one) => one.table === 'audit_records' && one.record.row['action'] === action).map((one) => one.record.row); }
export function timeOf(row: Row, column = 'at'): number { return Date.parse(wordOf(row[column])); }
export function memberOf(json: Json | undefined, name: string): Json | undefined { return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as { readonly [key: string]: Json })[name] : undefined; }

/** The one record in which the operator states the question and the numbers it covers; undefined with the reason when it does not fit. */
export function readStatement(file: ProofFile): Statement | string {
  const { question } = file, found = audits(file, 'completeness.state');
  const [row] = found;
  if (found.length !== 1 || !row) return `the file holds ${found.length} statements instead of one`;
  if (question.kind === 'call') return 'a statement belongs to no question about a call on record';
  const after = row['after'], stated = ['kind', 'account', 'from', 'to'].map((name) => wordOf(memberOf(after, name))).join(' | ');
  if (stated !== [question.kind, question.account, question.from, question.to].join(' | ') || row['subject_id'] !== question.account || (question.kind === 'no-call' && memberOf(after, 'id') !== question.id)) return 'the statement on record is about another question than this file';
  const newest = memberOf(after, 'newest_epoch'), list = memberOf(after, 'epochs');
  if (!isWhole(newest) || !Array.isArray(list)) return 'the statement does not say which epochs it covers';
  const claims = new Map<string, Claim>();
  for (const one of list as readonly Json[]) {
    const epochId = memberOf(one, 'epoch'), first = memberOf(one, 'first'), last = memberOf(one, 'last');
    if (typeof epochId !== 'string' || !isWhole(first) || !isWhole(last) || claims.has(epochId)) return 'the statement names its epochs badly';
    claims.set(epochId, { epochId, first, last });
  }
  return { at: timeOf(row), newestEpoch: newest, claims };
}

/**
 * Which epochs may hold calls with from <= at < to. The numbers of epochs have no gaps, and each opening tells which others were open
 * then: so from the last one opened before the window on, none can be left out unseen, up to the newest one.
 */
export function frameOf(file: ProofFile, statement: Statement, window: { from: number; to: number }): Frame {
  const problems: string[] = [], remarks: string[] = [], ends = endsOf(file, problems);
  const opens = audits(file, 'epoch.open').map((row) => ({ epochId: wordOf(row['subject_id']), at: timeOf(row), number: memberOf(row['after'], 'number'), stillOpen: memberOf(row['after'], 'still_open') }))
    .sort((a, b) => Number(a.number) - Number(b.number));
  for (const [index, one] of opens.entries()) {
    if (!isWhole(one.number) || !Array.isArray(one.stillOpen)) problems.push(`the opening of epoch ${one.epochId} has no number`);
    else if (index > 0 && one.number !== Number(opens[index - 1]!.number) + 1) problems.push(one.number === opens[index - 1]!.number ? `two epochs have the number ${one.number}` : `an epoch is left out: none has a number between ${wordOf(opens[index - 1]!.number)} and ${one.number}`);
  }
  const base = opens[0], newest = opens.at(-1);
  if (base && base.number !== 1 && base.at >= window.from) problems.push(`epochs with a number below ${wordOf(base.number)} may have been opened before the window, and the file does not hold the one before it`);
  // A clock that was put back after an opening is allowed for by as much as a late number.
  if (!newest || newest.at < window.to + NUMBERING_DELAY_MS) {
    if (Number(newest?.number ?? 0) !== statement.newestEpoch) problems.push(`the statement says that epoch ${statement.newestEpoch} is the newest, and the file ends with ${wordOf(newest?.number ?? 'none')}`);
    else remarks.push(`That no gateway process was opened after number ${statement.newestEpoch} and before ${new Date(statement.at).toISOString()} is the operator's statement, on record; one record of such a process would disprove it.`);
  }
  const earlier = Array.isArray(base?.stillOpen) ? (base.stillOpen as readonly Json[]).map(wordOf) : [];
  const ids = new Set([...earlier, ...opens.filter((one) => one.at < window.to + NUMBERING_DELAY_MS).map((one) => one.epochId)]);
  const epochs = [...ids].map((epochId): EpochFacts => ({ epochId, openedAt: opens.find((one) => one.epochId === epochId)?.at, end: ends.get(epochId) })).filter((epoch) => mayMatter(epoch.end, window.from));
  return { epochs, problems, remarks };
}

/** Whether an epoch with this end may hold calls from `from` on. One that was given up as lost may have lived on for a while, cut off. */
export function mayMatter(end: { readonly how: 'closed' | 'lost'; readonly at: number } | undefined, from: number): boolean {
  return end === undefined || end.at + (end.how === 'lost' ? LONGEST_CALL_MS : 0) >= from;
}

function endsOf(file: ProofFile, problems: string[]): Map<string, EpochEnd> {
  const ends = new Map<string, EpochEnd>();
  for (const how of ['lost', 'closed'] as const) {
    for (const row of audits(file, how === 'closed' ? 'epoch.close' : 'epoch.lost')) {
      const epochId = wordOf(row['subject_id']), root = memberOf(row['after'], 'last_numbers_root');
      if (how === 'closed' && ends.get(epochId)?.how === how) problems.push(`epoch ${epochId} ends twice`);
      // A process that was given up and then closed after all: what it says itself counts.
      ends.set(epochId, { how, at: timeOf(row), root: typeof root === 'string' ? root : undefined });
    }
  }
  return ends;
}

function isWhole(value: unknown): value is number { return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0; }

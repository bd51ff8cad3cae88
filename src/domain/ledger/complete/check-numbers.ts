// Every number an account was given in one epoch, from the first that matters to the last: a record, or a reason why there is none. Pure.
import { rootOfNumber } from '../log/number-map.js';
import { LONGEST_CALL_MS, NUMBERING_DELAY_MS, SWEEP_PATIENCE_MS, timeOf, wordOf, type Claim, type EpochFacts, type Statement } from './epoch-facts.js';
import type { ProofFile, ProvenRecord } from './proof-file.js';
import type { Purges } from './purge-cover.js';

export interface NumberCheck { readonly problems: string[]; readonly remarks: string[]; /** Whether numbers after the last one are excluded. */ readonly tail: 'shut' | 'open'; readonly purged: number }
interface Call { readonly number: number; readonly id: string; readonly at: number; readonly endedAt: number }
interface Context { readonly file: ProofFile; readonly account: string; readonly window: { readonly from: number; readonly to: number }; readonly statement: Statement; readonly purges: Purges }

/**
 * The order of the numbers is the order in which bodies were there: a number below that of a call which ended before the window began
 * was given before the window; one above that of a call which began `NUMBERING_DELAY_MS` after its end belongs to a later call.
 */
export function checkNumbers({ file, account, window, statement, purges }: Context, epoch: EpochFacts): NumberCheck {
  const problems: string[] = [], remarks: string[] = [], named = `epoch ${epoch.epochId}`;
  const claim = statement.claims.get(epoch.epochId);
  if (!claim) return { problems: [`the statement says nothing about ${named}, which may hold calls of the window`], remarks, tail: 'open', purged: 0 };
  const calls = callsOf(file, epoch.epochId, account, claim, problems), transfers = transfersOf(file, epoch.epochId, account, calls, problems);
  const last = lastNumber(file, account, epoch, problems);
  const lowest = calls.get(claim.first);
  if (claim.first > 1 && !(lowest && lowest.endedAt < window.from)) problems.push(`${named}: numbers below ${claim.first} may belong to the window`);
  if (claim.first > claim.last && !(claim.last === 0 && claim.first <= 1)) problems.push(`${named}: the statement names its numbers badly`);
  const highest = calls.get(claim.last), passed = highest !== undefined && highest.at >= window.to + NUMBERING_DELAY_MS;
  const shut = passed || last !== undefined;
  if (!passed && last !== undefined && claim.last !== last) problems.push(`${named}: the last number on record is ${last}, and the file ends with ${claim.last}`);
  if (!shut && problems.length === 0) {
    remarks.push(epoch.end?.how === 'lost' ? `The process of ${named} died; that it gave no number after ${claim.last} is not on record.`
      : `The process of ${named} was still running at ${new Date(statement.at).toISOString()}: calls it had begun and not recorded by then (numbers after ${claim.last}) cannot be excluded.`);
  }
  let purged = 0;
  for (const gap of gapsOf(claim, calls, transfers)) {
    const count = gap.to - gap.from + 1, words = `${named}: ${count === 1 ? `number ${gap.from} has` : `numbers ${gap.from} to ${gap.to} have`}`;
    const around = { after: nearest(calls, gap.from, -1) ?? epoch.openedAt ?? -Infinity, before: nearest(calls, gap.to, 1) ?? epoch.end?.at ?? Infinity };
    const certificate = purges.take(count, around);
    if (certificate) { purged += count; remarks.push(`${capital(words)} no record; purge certificate ${certificate} removed calls of that time. Which, it cannot tell: their commitments reveal nothing.`); }
    else if (gap.transferAt !== undefined && isYoung(gap.transferAt, epoch, statement)) remarks.push(`${capital(words)} a transfer on record and no call yet: it was under way when the statement was made.`);
    else if (gap.transferAt === undefined && epoch.end?.how === 'lost') remarks.push(`${capital(words)} no record: the process died before it could write one, and no transfer says that anything had left. A removed record would look the same.`);
    else if (gap.transferAt === undefined && epoch.end === undefined && statement.at < window.to + NUMBERING_DELAY_MS) remarks.push(`${capital(words)} no record yet: the call was being admitted when the statement was made.`);
    else problems.push(`${words} ${gap.transferAt === undefined ? 'no record' : 'a transfer on record, but no call'}, and no certificate or end of the process explains it`);
  }
  return { problems, remarks, tail: shut ? 'shut' : 'open', purged };
}

function callsOf(file: ProofFile, epochId: string, account: string, claim: Claim, problems: string[]): Map<number, Call> {
  const calls = new Map<number, Call>();
  for (const { id, record: { row } } of recordsOf(file, 'calls', epochId)) {
    const number = Number(row['account_seq']), other = calls.get(number);
    if (row['account_id'] !== account) problems.push(`call ${id} is not one of ${account}`);
    else if (other) problems.push(`number ${number} of epoch ${epochId} was given to two calls, ${other.id} and ${id}`);
    else if (!(number >= claim.first && number <= claim.last)) problems.push(`call ${id} has number ${number}, which the statement on record does not cover`);
    else calls.set(number, { number, id, at: timeOf(row), endedAt: timeOf(row, 'ended_at') });
  }
  return calls;
}

/** Numbers without a call that a transfer carries, with the time of the transfer. */
function transfersOf(file: ProofFile, epochId: string, account: string, calls: ReadonlyMap<number, Call>, problems: string[]): Map<number, number> {
  const found = new Map<number, { request: string; at: number }>();
  for (const { id, record: { row } } of recordsOf(file, 'transfers', epochId)) {
    const number = Number(row['account_seq']), request = wordOf(row['request_id']), other = calls.get(number)?.id ?? found.get(number)?.request;
    if (row['account_id'] !== account) problems.push(`transfer ${id} is not one of ${account}`);
    else if (other !== undefined && other !== request) problems.push(`number ${number} of epoch ${epochId} was given to two calls, ${other} and ${request}`);
    else if (!calls.has(number)) found.set(number, { request, at: Math.max(timeOf(row), found.get(number)?.at ?? 0) });
  }
  return new Map([...found].map(([number, { at }]) => [number, at]));
}

function recordsOf(file: ProofFile, table: string, epochId: string): ProvenRecord[] { return file.records.filter((one) => one.table === table && one.record.row['epoch_id'] === epochId); }

/** The account's last number as the end of the epoch has it; undefined when the end tells none. */
function lastNumber(file: ProofFile, account: string, { epochId, end }: EpochFacts, problems: string[]): number | undefined {
  if (end?.root === undefined) return undefined;
  const proof = Object.hasOwn(file.lastNumbers, epochId) ? file.lastNumbers[epochId] : undefined;
  if (!proof || rootOfNumber(epochId, account, proof).toString('hex') !== end.root) { problems.push(`the last number of epoch ${epochId} is not the one its record commits to`); return undefined; }
  return proof.number;
}

interface Gap { readonly from: number; readonly to: number; readonly transferAt: number | undefined }

function* gapsOf(claim: Claim, calls: ReadonlyMap<number, Call>, transfers: ReadonlyMap<number, number>): Generator<Gap> {
  // By what is there, not by counting: a claim may name a million numbers.
  const there = [...calls.keys(), ...transfers.keys()].filter((number) => number >= claim.first && number <= claim.last).sort((a, b) => a - b);
  let next = Math.max(claim.first, 1);
  for (const number of there) {
    if (number > next) yield { from: next, to: number - 1, transferAt: undefined };
    if (!calls.has(number)) yield { from: number, to: number, transferAt: transfers.get(number) };
    next = number + 1;
  }
  if (next <= claim.last) yield { from: next, to: claim.last, transferAt: undefined };
}

/** When the nearest call below or above a number began. */
function nearest(calls: ReadonlyMap<number, Call>, number: number, side: 1 | -1): number | undefined {
  let best: Call | undefined;
  for (const call of calls.values()) if ((call.number - number) * side > 0 && (!best || (call.number - best.number) * side < 0)) best = call;
  return best?.at;
}

function isYoung(transferAt: number, epoch: EpochFacts, statement: Statement): boolean {
  return epoch.end ? statement.at - epoch.end.at < SWEEP_PATIENCE_MS : statement.at - transferAt < LONGEST_CALL_MS;
}
function capital(text: string): string { return text.slice(0, 1).toUpperCase() + text.slice(1); }

// Which epochs and numbers a proof has to show. The verifier judges by its own rules; a wrong choice here is caught there.
import type { Reader } from '../reader.js';
import { readCallAfter, readCallBefore, readEpochRecords, readHighestNumber, readLastNumbers, type EpochRecord, type Span } from './complete.view.js';
import { mayMatter, NUMBERING_DELAY_MS, type Claim } from './epoch-facts.js';
import { proveNumber, type NumberProof } from '../log/number-map.js';

export interface EpochRange extends Claim { readonly span: Span }
export interface Range { readonly newestEpoch: number; readonly epochs: readonly EpochRange[]; /** Records of openings and ends the file must hold. */ readonly epochRecords: readonly string[]; readonly lastNumbers: Readonly<Record<string, NumberProof>> }

export async function chooseRange(reader: Reader, account: string, window: { from: Date; to: Date }): Promise<Range> {
  const records = await readEpochRecords(reader), opens = records.filter((one) => one.action === 'epoch.open' && one.number !== undefined).sort((a, b) => a.number! - b.number!);
  const base = opens.findLastIndex((one) => one.at < window.from), start = Math.max(base, 0);
  // A clock that was put back after an opening is allowed for, as the verifier does.
  const late = new Date(window.to.getTime() + NUMBERING_DELAY_MS), passed = opens.findIndex((one, index) => index >= start && one.at >= late);
  const framed = opens.slice(start, passed < 0 ? opens.length : passed + 1);
  const ids = new Set([...framed[0]?.stillOpen ?? [], ...framed.filter((one) => one.at < late).map((one) => one.epochId)]);
  const ends = records.filter((one) => one.action !== 'epoch.open' && ids.has(one.epochId));
  const endOf = (id: string): EpochRecord | undefined => ends.findLast((one) => one.epochId === id && one.action === 'epoch.close') ?? ends.findLast((one) => one.epochId === id);
  const relevant = [...ids].filter((id) => { const end = endOf(id); return mayMatter(end && { how: end.action === 'epoch.close' ? 'closed' : 'lost', at: end.at.getTime() }, window.from.getTime()); });
  const numbers = await readLastNumbers(reader, relevant), epochs: EpochRange[] = [], lastNumbers: Record<string, NumberProof> = {};
  for (const epochId of relevant) {
    const openedAt = records.find((one) => one.epochId === epochId && one.action === 'epoch.open')?.at ?? window.from, kept = endOf(epochId) && numbers.get(epochId);
    if (kept) lastNumbers[epochId] = proveNumber(epochId, kept.secret, kept.numbers, account);
    epochs.push(await rangeOf(reader, account, { epochId, openedAt }, window, lastNumbers[epochId]?.number));
  }
  return { newestEpoch: opens.at(-1)?.number ?? 0, epochs, lastNumbers, epochRecords: [...framed, ...ends].map((one) => one.recordId) };
}

async function rangeOf(reader: Reader, account: string, epoch: { epochId: string; openedAt: Date }, window: { from: Date; to: Date }, known: number | undefined): Promise<EpochRange> {
  const [before, after] = await Promise.all([readCallBefore(reader, account, epoch, window.from), readCallAfter(reader, account, epoch.epochId, window.to)]);
  const span: Span = { account, epochId: epoch.epochId, from: before?.at ?? epoch.openedAt, to: after?.at };
  const last = after?.number ?? known ?? await readHighestNumber(reader, span);
  // An account without numbers is told by 0 and 0.
  return { epochId: epoch.epochId, first: last === 0 ? 0 : before?.number ?? 1, last, span };
}

// Verifies the file of a proof with nothing but the file. Pure: the offline verifier repeats it, and an auditor can read all of it.
import { coerceError } from '../../../kernel/errors.js';
import { checkOf, reportOf, unreadableFile, type FileCheck, type FileReport } from '../file-report.js';
import { openCheckpoint, readKeyChain, type KeySpan } from '../log/key-chain.js';
import { verifyInclusion } from '../log/merkle.js';
import { commitmentOf } from '../record.js';
import { RECORD_TABLES } from '../record-tables.js';
import { checkNumbers } from './check-numbers.js';
import { frameOf, readStatement, timeOf, wordOf } from './epoch-facts.js';
import { parseProofFile, windowOfId, type ProofFile, type Question } from './proof-file.js';
import { readPurges } from './purge-cover.js';

export interface CheckFileOptions { /** The log's key as the reader got it by another way: name+id+base64. */ readonly trustedKey?: string; /** Hand-overs of the key from a published list; the file's own are used besides. */ readonly handovers?: readonly string[] }

const CANNOT_PROVE = [
  "that a record was true when it was written: the records are the operator's own",
  'that a call reached this operator at all: what never arrived has no number',
  'calls of another account, and calls that named no account (refused before anyone was known)',
  "the exact time: times are those of the operator's clocks; the numbers give the order",
] as const;

export function checkProofFile(text: string, options: CheckFileOptions = {}): FileReport {
  let file: ProofFile;
  try { file = parseProofFile(text); } catch (error) { return unreadableFile(`the proof was changed or cannot be read: ${coerceError(error).message}`); }
  const { question } = file;
  const checks = [...checkSigned(file, options), ...checkRecords(file)];
  if (question.kind === 'call') {
    const { check, answer } = checkCall(file, question.id);
    return reportOf('proof that a call is on record', [...checks, check], CANNOT_PROVE.slice(0, 1), check.ok ? answer : undefined);
  }
  // What was changed says nothing: the question is put to sound records alone.
  const { made, answer } = checks.every((check) => check.ok) ? checkComplete(file, question) : { made: [{ name: 'answer', ok: false, message: 'not checked: the records or their signature do not verify' }], answer: [] };
  const all = [...checks, ...made];
  return reportOf(question.kind === 'all-calls' ? 'proof that these are all calls' : 'proof that there is no such call', all, CANNOT_PROVE, all.every((check) => check.ok) ? answer : undefined);
}

function checkSigned(file: ProofFile, { trustedKey, handovers = [] }: CheckFileOptions): FileCheck[] {
  let size: bigint | undefined;
  const problems: string[] = [], checkpoint = ((): FileCheck => {
    try {
      const opened = openCheckpoint(file.checkpoint, readKeyChain(file.verifierKey, file.handovers));
      size = opened.treeSize;
      return checkOf('checkpoint', `The checkpoint of ${opened.origin} at ${size} leaves is signed by the key of its time.`, []);
    } catch (error) { return checkOf('checkpoint', '', [`the checkpoint does not verify: ${coerceError(error).message}`]); }
  })();
  if (trustedKey === undefined) return [checkpoint, { name: 'log key', ok: true, message: `No key was given to compare with: the log key is the file's own. Compare it with the published one: ${file.verifierKey}` }];
  try { openCheckpoint(file.checkpoint, trustedChain(trustedKey, file.handovers, handovers)); } catch (error) { problems.push(`the file does not rest on the key you trust: ${coerceError(error).message}`); }
  return [checkpoint, checkOf('log key', 'The log key is the one you trust, or was handed over by it.', problems)];
}

/** The longer of the two lists of hand-overs, if it leads to the trusted key and begins as the other does. Throws NoteError. */
export function trustedChain(trustedKey: string, own: readonly string[], published: readonly string[]): KeySpan[] {
  const [short, long] = own.length < published.length ? [own, published] : [published, own];
  return readKeyChain(trustedKey, short.every((note, at) => note === long[at]) ? long : own);
}

/** Each record has the fields of its table, is the one its commitment was made for, and its commitment is in the log. */
function checkRecords(file: ProofFile): FileCheck[] {
  let root: Buffer | undefined, size = 0n;
  try { ({ root, treeSize: size } = openCheckpoint(file.checkpoint, readKeyChain(file.verifierKey, file.handovers))); } catch { /* told by the check before */ }
  const fields: string[] = [], inclusion: string[] = [], leaves = new Set<bigint>(), ids = new Set<string>();
  for (const { table, id, record, salt, leafIndex, path } of file.records) {
    const spec = RECORD_TABLES[table], named = `${table} ${id}`;
    if (spec.version !== record.version || record.row[spec.key] !== id || Object.keys(record.row).sort().join() !== Object.keys(spec.columns).sort().join()) { fields.push(`${named} does not have the fields of a record of version ${record.version}`); continue; }
    if (leaves.has(leafIndex) || ids.has(named)) inclusion.push(`${named} is there twice, or shares its leaf ${leafIndex} with another`);
    leaves.add(leafIndex); ids.add(named);
    if (!root || !verifyInclusion(commitmentOf(record, salt), leafIndex, size, path, root)) inclusion.push(`${named} is not leaf ${leafIndex} of the log: the record, its salt or its path was changed`);
  }
  return [checkOf('records', `All ${file.records.length} records have the fields of their kind.`, fields), checkOf('log inclusion', `Each of the ${file.records.length} records, as it stands here, is in the log of ${size} leaves that the checkpoint signs.`, inclusion)];
}

function checkCall(file: ProofFile, id: string): { check: FileCheck; answer: string[] } {
  const problems: string[] = [], call = file.records.find((one) => one.table === 'calls' && one.id === id);
  if (!call) problems.push(`the call ${id} is not among the records of the file`);
  for (const one of file.records) if (one.record.row['request_id'] !== id) problems.push(`${one.table} ${one.id} is not about this call`);
  const transfers = file.records.filter((one) => one.table === 'transfers').length;
  return { check: checkOf('answer', `The call ${id} is among the records.`, problems),
    answer: [`The call ${id} is on record as leaf ${call?.leafIndex.toString() ?? ''}: account ${wordOf(call?.record.row['account_id'])}, ${wordOf(call?.record.row['at'])}, status ${wordOf(call?.record.row['status'])}, with ${transfers} of its transfers.`] };
}

function checkComplete(file: ProofFile, question: Exclude<Question, { kind: 'call' }>): { made: FileCheck[]; answer: string[] } {
  const window = { from: Date.parse(question.from), to: Date.parse(question.to) }, statement = readStatement(file);
  if (typeof statement === 'string') return { made: [checkOf('statement', '', [statement])], answer: [] };
  const stated = checkOf('statement', `The operator's statement of ${new Date(statement.at).toISOString()} about this question is on record.`, misaskedOf(question));
  const frame = frameOf(file, statement, window), purges = readPurges(file);
  const epochs = checkOf('epochs', `No gateway process that could have carried calls of the window is left out: ${frame.epochs.length} could.`, [...frame.problems, ...strangers(file, frame.epochs.map((one) => one.epochId))]);
  const numbers = frame.epochs.map((epoch) => checkNumbers({ file, account: question.account, window, statement, purges }, epoch));
  const within = file.records.filter((one) => one.table === 'calls').filter(({ record: { row } }) => timeOf(row) >= window.from && timeOf(row) < window.to);
  const numbered = checkOf('numbers', `Every number that ${question.account} was given in them has a record, or a reason why there is none.`, numbers.flatMap((one) => one.problems));
  const found = question.kind === 'no-call' && file.records.some((one) => one.id === question.id || one.record.row['request_id'] === question.id);
  const answered = checkOf('answer', 'The records answer the question.', found ? [`there is a record with the id ${question.kind === 'no-call' ? question.id : ''}`] : []);
  const purged = numbers.reduce((sum, one) => sum + one.purged, 0), open = numbers.some((one) => one.tail === 'open');
  const answer = [
    question.kind === 'all-calls' ? `${question.account} has ${within.length} ${within.length === 1 ? 'call' : 'calls'} from ${question.from} to ${question.to} on record${purged > 0 ? `, besides up to ${purged} that were purged with certificate` : ''}. ${open ? 'There is no other, but for what is said below.' : 'There is no other.'}`
      : `${question.account} has no call with the id ${question.id}${purged > 0 ? `, unless it is one of ${purged} that were purged with certificate` : ''}${open ? ', but for what is said below' : ''}.`,
    ...frame.remarks, ...numbers.flatMap((one) => one.remarks),
  ];
  return { made: [stated, epochs, numbered, answered], answer };
}

function misaskedOf(question: Exclude<Question, { kind: 'call' }>): string[] {
  if (question.kind === 'no-call') { const { from, to } = windowOfId(question.id); return from === question.from && to === question.to ? [] : ['the window is not that of the id']; }
  return question.from < question.to ? [] : ['the window is empty'];
}

/** Calls and transfers of processes that do not matter here would be disclosed without need, and could hide an answer. */
function strangers(file: ProofFile, epochs: readonly string[]): string[] {
  return file.records.filter((one) => one.table !== 'audit_records' && !((one.table === 'calls' || one.table === 'transfers') && epochs.includes(wordOf(one.record.row['epoch_id'])))).map((one) => `${one.table} ${one.id} does not belong to the question`);
}

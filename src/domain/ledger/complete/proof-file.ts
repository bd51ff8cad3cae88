// The file of a proof: a question, the records that answer it with their proofs, one checkpoint. RFC 8785 JSON, read strictly.
import { canonicalJson, type Json } from '../../../kernel/canonical-json.js';
import { instantOfId, isUuid } from '../../../kernel/ids.js';
import type { CanonicalRecord } from '../record.js';
import { RECORD_TABLES, type RecordTableName } from '../record-tables.js';
import type { NumberProof } from '../log/number-map.js';

/** Names the layout; a change that breaks readers makes a new one. */
export const PROOF_FORMAT = 'holdfast.proof.v1';

/** all-calls: these are all calls of the account with from <= at < to · no-call: the account has no call with this id · call: this call is on record. */
export type Question =
  | { readonly kind: 'all-calls'; readonly account: string; /** UTC with milliseconds. */ readonly from: string; readonly to: string }
  | { readonly kind: 'no-call'; readonly account: string; readonly id: string; readonly from: string; readonly to: string }
  | { readonly kind: 'call'; readonly id: string };

/** A record with what proves it: everything its commitment covers, its salt, and the path from its leaf. */
export interface ProvenRecord { readonly table: RecordTableName; readonly id: string; readonly record: CanonicalRecord; readonly salt: Buffer; readonly leafIndex: bigint; readonly path: readonly Buffer[] }

export interface ProofFile {
  readonly question: Question;
  readonly checkpoint: string;
  /** The key the file asks to be checked with, and the hand-overs of the log. */
  readonly verifierKey: string;
  readonly handovers: readonly string[];
  readonly records: readonly ProvenRecord[];
  /** Last numbers of epochs that were closed, by epoch. */
  readonly lastNumbers: Readonly<Record<string, NumberProof>>;
}

/** The bytes of the file. */
export function formatProofFile(file: ProofFile): string {
  const json = {
    format: PROOF_FORMAT, question: file.question, checkpoint: { note: file.checkpoint, verifier_key: file.verifierKey, handovers: file.handovers },
    records: file.records.map(({ table, id, record, salt, leafIndex, path }) => ({ table, id, version: record.version, row: record.row, salt: salt.toString('hex'), leaf: leafIndex.toString(), path: path.map(base64) })),
    last_numbers: Object.fromEntries(Object.entries(file.lastNumbers).map(([epoch, { number, salt, path }]) => [epoch, { number, salt: salt.toString('hex'), path: path.map(({ level, hash }) => ({ level, hash: base64(hash) })) }])),
  };
  return `${canonicalJson(json as unknown as Json)}\n`;
}

/** A call's id is minted with its beginning; a clock that steps back by less than a minute reuses the time it had reached. */
export function windowOfId(id: string): { from: string; to: string } {
  const at = instantOfId(id).getTime();
  return { from: new Date(at - 60_000).toISOString(), to: new Date(at + 1).toISOString() };
}

/** Whether the text claims to be such a file. */
export function looksLikeProofFile(text: string): boolean { return text.startsWith('{') && text.includes(`"format":"${PROOF_FORMAT}"`); }

/** Reads the file without judging it. Throws RangeError that names what does not fit; every byte must be as `formatProofFile` writes it. */
export function parseProofFile(text: string): ProofFile {
  let json: unknown;
  try { json = JSON.parse(text); } catch { throw new RangeError('it is not JSON, or its end is missing'); }
  const top = members(json, 'the file', ['checkpoint', 'format', 'last_numbers', 'question', 'records']);
  if (top['format'] !== PROOF_FORMAT) throw new RangeError(`its format is not ${PROOF_FORMAT}`);
  const checkpoint = members(top['checkpoint'], 'checkpoint', ['handovers', 'note', 'verifier_key']);
  const file: ProofFile = {
    question: questionOf(top['question']), checkpoint: string(checkpoint['note'], 'checkpoint.note'), verifierKey: string(checkpoint['verifier_key'], 'checkpoint.verifier_key'),
    handovers: list(checkpoint['handovers'], 'checkpoint.handovers').map((one) => string(one, 'checkpoint.handovers')),
    records: list(top['records'], 'records').map(recordOf), lastNumbers: Object.fromEntries(Object.entries(object(top['last_numbers'], 'last_numbers')).map(([epoch, one]) => [epoch, numberOf(one, `last_numbers.${epoch}`)])),
  };
  let again: string;
  try { again = formatProofFile(file); } catch (error) { throw new RangeError('it has no canonical form', { cause: error }); }
  if (again !== text && again !== `${text}\n`) throw new RangeError('it is not in canonical form: something was added, or written another way');
  return file;
}

function questionOf(value: unknown): Question {
  const question = object(value, 'question'), kind = question['kind'];
  const id = (): string => { const found = string(question['id'], 'question.id'); if (!isUuid(found)) throw new RangeError('question.id is not an id of ours'); return found; };
  const window = () => ({ account: string(question['account'], 'question.account'), from: instant(question['from'], 'question.from'), to: instant(question['to'], 'question.to') });
  const known = kind === 'all-calls' ? { kind, ...window() } as const : kind === 'no-call' ? { kind, id: id(), ...window() } as const : kind === 'call' ? { kind, id: id() } as const : undefined;
  if (!known) throw new RangeError('question.kind is none we know');
  return known;
}

function recordOf(value: unknown, index: number): ProvenRecord {
  const where = `records[${index}]`, one = members(value, where, ['id', 'leaf', 'path', 'row', 'salt', 'table', 'version']);
  const table = string(one['table'], `${where}.table`);
  if (!Object.hasOwn(RECORD_TABLES, table)) throw new RangeError(`${where}.table is no table of records`);
  const leaf = string(one['leaf'], `${where}.leaf`);
  if (!/^(?:0|[1-9]\d{0,18})$/.test(leaf)) throw new RangeError(`${where}.leaf is no decimal number`);
  return { table: table as RecordTableName, id: string(one['id'], `${where}.id`), salt: hex(one['salt'], 16, `${where}.salt`), leafIndex: BigInt(leaf), path: list(one['path'], `${where}.path`).map((hash) => hash32(hash, `${where}.path`)),
    record: { table, version: whole(one['version'], `${where}.version`), row: object(one['row'], `${where}.row`) as CanonicalRecord['row'] } };
}

function numberOf(value: unknown, where: string): NumberProof {
  const one = members(value, where, ['number', 'path', 'salt']);
  const path = list(one['path'], `${where}.path`).map((step) => { const { level, hash } = members(step, `${where}.path`, ['hash', 'level']); return { level: whole(level, `${where}.path.level`), hash: hash32(hash, `${where}.path.hash`) }; });
  if (path.some(({ level }, at) => level > 127 || level <= (path[at - 1]?.level ?? -1))) throw new RangeError(`${where}.path does not rise`);
  return { number: whole(one['number'], `${where}.number`), salt: hex(one['salt'], 16, `${where}.salt`), path };
}

function object(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RangeError(`${where} is no object`);
  return value as Record<string, unknown>;
}
function members(value: unknown, where: string, names: readonly string[]): Record<string, unknown> {
  const found = object(value, where);
  if (Object.keys(found).sort().join() !== names.join()) throw new RangeError(`${where} does not have exactly the members ${names.join(', ')}`);
  return found;
}
function list(value: unknown, where: string): unknown[] { if (!Array.isArray(value)) throw new RangeError(`${where} is no list`); return value as unknown[]; }
function string(value: unknown, where: string): string { if (typeof value !== 'string') throw new RangeError(`${where} is no text`); return value; }
function whole(value: unknown, where: string): number { if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new RangeError(`${where} is no whole number`); return value; }
function instant(value: unknown, where: string): string {
  const text = string(value, where), at = new Date(text);
  if (Number.isNaN(at.getTime()) || at.toISOString() !== text) throw new RangeError(`${where} is no UTC time with milliseconds`);
  return text;
}
function hex(value: unknown, bytes: number, where: string): Buffer {
  const text = string(value, where), found = Buffer.from(text, 'hex');
  if (found.length !== bytes || found.toString('hex') !== text) throw new RangeError(`${where} is not ${bytes} bytes in lower-case hex`);
  return found;
}
function hash32(value: unknown, where: string): Buffer {
  const text = string(value, where), found = Buffer.from(text, 'base64');
  if (found.length !== 32 || base64(found) !== text) throw new RangeError(`${where} is not the base64 of 32 bytes`);
  return found;
}
function base64(bytes: Buffer): string { return bytes.toString('base64'); }

// What the pack says beside the records, against the records: pack.json itself, the other attachments, the charge, scope and custody.
import { canonicalJson, type Json } from '../../../kernel/canonical-json.js';
import { coerceError } from '../../../kernel/errors.js';
import { sha256Hex } from '../../../kernel/digest.js';
import type { X509Certificate } from 'node:crypto';
import { custodyOf } from '../custody-of.js';
import { chargeFacts, priceOfFacts, type ChargedCall } from '../describe-charge.js';
import { proofsTlog, recordsNdjson } from '../pack-attachments.js';
import { itemId, packCode, packDocument, packRecord, textOf, type PackDocument, type PackRecord } from '../pack-document.js';
import { consistsOf, readPackJson as readBytes } from '../pack-json.js';
import type { PackCheck } from '../pack-report.js';
import type { Attached, Manifest } from './check-document.js';
import { checked } from './check.js';

/** Reads pack.json: canonical, by its schema, and of the pack the manifest is of. */
export function readPackJson(attached: Attached, manifest: Manifest | undefined): { check: PackCheck; document: PackDocument | undefined } {
  const name = 'pack.json';
  const bytes = attached.get(name);
  if (!bytes) return { check: { name, ok: false, message: 'pack.json is missing or cannot be read' }, document: undefined };
  try {
    const { json, canonical } = readBytes(bytes), problems = canonical ? [] : ['pack.json is not in canonical form'];
    const { document, issues } = bySchema(json);
    if (!document) return { check: checked(name, '', [...problems, ...issues.map((issue) => `pack.json is not as its schema says: ${issue.path.join('.')}: ${issue.message}`)]), document: undefined };
    if (manifest && manifest.pack_id !== document.pack.pack_id) problems.push(`pack.json is of another pack (${document.pack.pack_id}) than the manifest (${manifest.pack_id})`);
    if (document.pack.code !== packCode(document.pack.pack_id)) problems.push('the code of the pack does not belong to its id');
    return { check: checked(name, `pack.json is complete and in canonical form; it is pack ${document.pack.pack_id}${document.subject.request_id === null ? '' : ` about call ${document.subject.request_id}`}.`, problems), document };
  } catch (error) { return { check: { name, ok: false, message: `pack.json cannot be read: ${coerceError(error).message}` }, document: undefined }; }
}

/** The document, if it is one; what was read is kept as it is, as a copy of all records would be as large again. */
function bySchema(json: unknown): { document?: PackDocument; issues: { path: PropertyKey[]; message: string }[] } {
  const records: unknown[] = typeof json === 'object' && json !== null && 'records' in json && Array.isArray(json.records) ? json.records : [];
  const parsed = packDocument.safeParse(records.length > 1 ? { ...json as object, records: records.slice(0, 1) } : json);
  const issues = parsed.success ? [] : [...parsed.error.issues];
  for (const [index, one] of records.entries()) {
    const { error } = index === 0 ? {} : packRecord.safeParse(one);
    if (error) issues.push(...error.issues.map((issue) => ({ ...issue, path: ['records', index, ...issue.path] })));
    if (issues.length > 5) break;
  }
  return parsed.success && issues.length === 0 ? { document: { ...parsed.data, records: records as PackRecord[] }, issues } : { issues };
}

/** records.ndjson and proofs.tlog say nothing of their own: they are made again from pack.json and compared. */
export function checkDerived(document: PackDocument, attached: Attached): PackCheck {
  const problems = ([['records.ndjson', recordsNdjson(document)], ['proofs.tlog', proofsTlog(document)]] as const)
    .filter(([name, expected]) => !consistsOf(attached.get(name), expected)).map(([name]) => `${name} does not say what pack.json says`);
  return checked('other attachments', 'records.ndjson and proofs.tlog say what pack.json says.', problems);
}

/** The seal's certificate against the one the pack names. */
export function checkCertificate({ seal, pack }: PackDocument, certificate: X509Certificate): PackCheck {
  const fingerprint = sha256Hex(certificate.raw);
  const problems = fingerprint === seal.certificate_sha256 ? [] : [`the seal was made with another certificate (${fingerprint}) than the pack names (${seal.certificate_sha256})`];
  const at = new Date(pack.assembled_at);
  if (at < new Date(Date.parse(certificate.validFrom) - 1_000) || at > new Date(certificate.validTo)) problems.push(`the certificate was not valid when the pack was made (${certificate.validFrom} to ${certificate.validTo})`);
  return checked('certificate', `The seal is of the certificate the pack names, SHA-256 ${fingerprint}${seal.qualified ? '' : `. It is ${seal.self_made ? 'self-made, ' : ''}not qualified: compare this fingerprint with one you got from the operator by another way`}.`, problems);
}

/** Works the charge out again from the record of the call and the price in the pack. */
export function checkCharge(document: PackDocument): PackCheck {
  const { charge } = document;
  if (!charge) return checked('charge', 'The pack is not about the charge of one call.', document.subject.request_id === null ? [] : ['the charge of the call was left out']);
  const row = callRecord(document)?.row;
  const problems: string[] = [];
  try {
    const again = row && chargeFacts(chargedCall(row), charge.price ? priceOfFacts(charge.price) : undefined);
    if (!again || canonicalJson(again as Json) !== canonicalJson(charge as Json)) problems.push('the charge, worked out again from the record and the price, is not the one the pack shows');
    if (charge.price && charge.price.price_id !== row?.['price_id']) problems.push('the price is not the one the record names');
  } catch (error) { problems.push(`the charge cannot be worked out: ${coerceError(error).message}`); }
  // A charge that is wrong on record is a finding about the call, not about the pack, which says so itself.
  const sum = !charge.agrees ? `the recorded charge (${charge.recorded_micros}) does NOT follow from the recorded usage and the price (${charge.total_micros}); the pack says so` : charge.price ? `${charge.lines.length} lines add up to the recorded charge of ${charge.recorded_micros} millionths of ${charge.currency ?? charge.price.currency}` : 'no price was in force, and nothing was charged';
  return checked('charge', `The charge was worked out again: ${sum}.`, problems);
}

function chargedCall(row: PackRecord['row']): ChargedCall {
  const units = (column: string): bigint => BigInt(row[column] as string);
  return {
    usage_input: units('usage_input'), usage_cache_read: units('usage_cache_read'), usage_cache_write: units('usage_cache_write'), usage_cache_write_1h: units('usage_cache_write_1h'),
    usage_output: units('usage_output'), usage_reasoning: units('usage_reasoning'), usage_units: (row['usage_units'] ?? null) as ChargedCall['usage_units'], cost_micros: units('cost_micros'),
    currency: row['currency'] as string | null, usage_source: textOf(row['usage_source']),
  };
}

function callRecord({ records }: PackDocument): PackRecord | undefined { return records.find((record) => record.table === 'calls'); }

/** Item numbers, subject, counts, transfers, redactions and custody log against the records they are about. */
export function checkStatements(document: PackDocument): PackCheck {
  const { records, pack, subject, scope, transfers, custody, overview, redactions } = document;
  const of = (table: string): PackRecord[] => records.filter((record) => record.table === table);
  const problems: string[] = [];
  const expect = (holds: boolean, problem: string): void => { if (!holds) problems.push(problem); };
  const start = Number(records[0]!.item.split('-').at(-1));
  expect(records.every((record, index) => record.item === itemId(pack.pack_id, start + index)) && (start === 1 || pack.volume !== null), 'the items are not numbered one after the other');
  if (subject.request_id !== null) {
    expect(of('calls').length === 1 && callRecord(document)?.id === subject.request_id, 'the call in the records is not the call the pack is about');
    for (const record of [...of('transfers'), ...of('transfer_outcomes')]) expect(record.row['request_id'] === subject.request_id, `${record.item} belongs to another call`);
    expect(transfers.map((one) => one.item).join() === of('transfers').map((one) => one.item).join(), 'the transfers described are not the transfers recorded');
  }
  if (pack.volume === null) for (const { table, produced } of scope.searched) if (table !== 'accounts') expect(of(table).length === produced, `the scope says ${produced} records of ${table}, and there are ${of(table).length}`);
  if (pack.volume?.number !== 0) for (const { table, count } of overview) expect(of(table).length === count, `the overview says ${count} records of ${table}, and there are ${of(table).length}`);
  if (pack.volume === null && subject.request_id === null) expect(idsDigest(records) === scope.snapshot.ids_sha256, 'the records are not the ones the frozen query found');
  if (pack.volume?.number === 0) expect(document.volumes.length === pack.volume.of && document.volumes.every((one, index) => one.number === index + 1), 'a volume is missing from the list');
  const taken = new Map<string, number>();
  for (const record of records) for (const column of record.redacted ?? []) taken.set(`${record.table}.${column}`, (taken.get(`${record.table}.${column}`) ?? 0) + 1);
  expect(taken.size === redactions.length && redactions.every((one) => taken.get(one.field) === one.records), 'the list of what was taken out is not what the records lack');
  expect(canonicalJson(custody as Json) === canonicalJson(custodyOf(records) as Json), 'the custody log is not what the audit records say');
  return checked('statements', 'Item numbers, scope, transfers, redactions and custody log agree with the records.', problems);
}

/** SHA-256 over "table/id" lines of the records of the query, hex; the custody log is no part of it. */
function idsDigest(records: readonly PackRecord[]): string {
  return sha256Hex(records.filter((record) => record.table !== 'audit_records').map(({ table, id }) => `${table}/${id}\n`).join(''));
}

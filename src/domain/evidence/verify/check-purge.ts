// The certificate of a purge, in a pack or as a file of its own: its signature, its sums, and the ledger's record of it.
import { z } from 'zod';
import { canonicalJson, type Json } from '../../../kernel/canonical-json.js';
import { coerceError } from '../../../kernel/errors.js';
import { sha256Hex } from '../../../kernel/digest.js';
import { checkOf, reportOf, unreadableFile, type FileReport } from '../../ledger/offline.js';
import { CERTIFICATE_KIND, verifyCertificate, type CertificateBody } from '../../retention/offline.js';
import { textOf, type PackDocument } from '../pack-document.js';
import type { PackCheck } from '../pack-report.js';
import { checked } from './check.js';

const decimal = z.string().regex(/^\d{1,20}$/);
/** What the sums of a certificate are made of; whatever else its body says is covered by the signature. */
const summed = z.looseObject({
  kind: z.literal(CERTIFICATE_KIND), run_id: z.uuid(), certificate_id: z.uuid(), issued_at: z.iso.datetime(), data_type: z.string(), rows_deleted: decimal,
  items: z.array(z.looseObject({ table: z.string(), rows_deleted: decimal })), verification: z.looseObject({ survivors: decimal }),
});
const certificateFile = z.strictObject({
  certificate_id: z.string(), run_id: z.string(), issued_at: z.string(), body: z.record(z.string(), z.json()), body_digest: z.string(),
  signature: z.string().regex(/^[0-9a-f]{128}$/), public_key: z.string().regex(/^[0-9a-f]{64}$/),
});
interface Signed { readonly body: Readonly<Record<string, unknown>>; readonly signature: string; readonly public_key: string }

/** Problems of a signed certificate that is said to be `certificateId`. */
function problemsOf({ body, signature, public_key: publicKey }: Signed, certificateId: string): string[] {
  const problems: string[] = [];
  if (!verifyCertificate(body as CertificateBody, Buffer.from(signature, 'hex'), Buffer.from(publicKey, 'hex'))) problems.push('the certificate of the purge or its signature was changed: the key beside it did not sign this');
  const read = summed.safeParse(body);
  if (!read.success) return [...problems, `the certificate of the purge is not as certificates are: ${read.error.issues[0]!.path.join('.')}`];
  const sum = read.data.items.reduce((total, item) => total + BigInt(item.rows_deleted), 0n);
  if (sum !== BigInt(read.data.rows_deleted)) problems.push(`the certificate says ${read.data.rows_deleted} rows were removed, and its parts add up to ${sum}`);
  if (read.data.verification.survivors !== '0') problems.push(`the certificate says ${read.data.verification.survivors} rows survived; such a run gets none`);
  if (read.data.certificate_id !== certificateId) problems.push('the certificate of the purge is another than its number says');
  return problems;
}

/** Of a pack about a purge: the certificate verifies, and the ledger's record of the purge names just this one. */
export function checkPurge({ purge, pack, records }: PackDocument): PackCheck {
  const name = 'purge certificate';
  if (!purge) return checked(name, '', [`a pack of kind ${pack.kind} has a certificate, and it was left out`]);
  const problems = problemsOf(purge, purge.certificate_id), digest = sha256Hex(canonicalJson(purge.body as Json));
  const recorded = records.filter((one) => one.table === 'audit_records' && one.row['action'] === 'purge.certify').map((one) => one.row['after'] as Record<string, Json> | null | undefined);
  // undefined: the officer had the column taken out, and the list of that says so.
  if (!recorded.some((after) => after === undefined || (after?.['body_sha256'] === digest && after['certificate_id'] === purge.certificate_id))) problems.push('the certificate is not the one whose digest the ledger recorded when it was issued');
  return checked(name, `The certificate of the purge is signed by the key beside it (${purge.public_key}), its parts add up, and the ledger recorded its digest.`, problems);
}

/** Whether the text looks like the file that `holdfast purge certificate` writes. */
export function looksLikeCertificate(text: string): boolean { return text.startsWith('{') && text.includes(`"${CERTIFICATE_KIND}"`); }

/** Verifies a certificate that stands in a file of its own. */
export function checkCertificateFile(text: string): FileReport {
  const kind = 'purge certificate';
  let file: z.infer<typeof certificateFile>;
  try { file = certificateFile.parse(JSON.parse(text)); } catch (error) {
    const why = error instanceof z.ZodError ? `${error.issues[0]!.path.join('.') || 'the file'}: ${error.issues[0]!.message}` : coerceError(error).message;
    return { ...unreadableFile(`the certificate was changed or cannot be read: ${why}`), kind };
  }
  const digest = sha256Hex(canonicalJson(file.body as Json)), problems = problemsOf(file, file.certificate_id), beside: string[] = [];
  if (digest !== file.body_digest) beside.push('the digest beside the certificate is not its own');
  for (const member of ['run_id', 'issued_at'] as const) if (file[member] !== file.body[member]) beside.push(`${member} beside the certificate is not the one in it`);
  return reportOf(kind, [checkOf('signature', 'The certificate is signed by the key in the file, and its parts add up.', problems), checkOf('file', `What stands beside the certificate is what it says; its SHA-256 is ${digest}.`, beside),
    { name: 'certificate key', ok: true, message: `The key is the file's own: compare it with one you got from the operator by another way: ${file.public_key}` }],
  ['whose key signed it: the key came with the file', 'that the rows are gone: the operator says so, and signed it; the log of the operator shows whether it was recorded when it was issued (a pack of kind purge_certificate proves that)', 'copies: backups made before keep the rows until they are destroyed'],
  [`Run ${textOf(file.body['run_id'])} removed ${textOf(file.body['rows_deleted'])} rows of ${textOf(file.body['data_type'])}, and none that had to go survived, says the certificate of ${textOf(file.body['issued_at'])}.`]);
}

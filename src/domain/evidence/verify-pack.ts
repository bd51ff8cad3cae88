// Verifies the file of a pack with nothing but the file: no database, no network, no key of ours.
import { setImmediate } from 'node:timers/promises';
import type { PackCheck, PackReport } from './pack-report.js';
import { checkAttachments, checkPages, checkStructure } from './verify/check-document.js';
import { checkCheckpoint, checkCommitments, checkInclusion, checkLogKey } from './verify/check-records.js';
import { checkPurge } from './verify/check-purge.js';
import { checkSeal, checkTimestamp } from './verify/check-seal.js';
import { checkCertificate, checkCharge, checkDerived, checkStatements, readPackJson } from './verify/check-statements.js';
import { unmade } from './verify/check.js';
import { readPdf } from './verify/read-pdf.js';

export interface VerifyPackOptions {
  /** The log's verifier key as the reader got it by another way: name+id+base64. */
  readonly trustedKey?: string;
  /** Hand-overs of the log's key, for a pack under a later key than the trusted one. */
  readonly handovers?: readonly string[];
  /** Print the pages again from pack.json and compare; on unless switched off. */
  readonly reprint?: boolean;
}

const EXACT_TIME = 'the exact time: times are those of the operator\'s clock, and no time stamp of a third party is included';
const CANNOT_PROVE = [
  'that a recorded statement was true when it was recorded: the records are the operator\'s own',
  'who holds the key of the seal: the certificate is the operator\'s own; compare its fingerprint with one obtained by another way',
  EXACT_TIME,
  'that nothing else exists: the scope says what was searched and what was left out',
] as const;

/**
 * Makes every check it can, in plain words. `unreadable`: this is no pack, or too little is left of it; `altered`: any check failed.
 * Never throws for what the bytes contain. The event loop turns between the steps.
 */
export async function verifyPack(bytes: Buffer, options: VerifyPackOptions = {}): Promise<PackReport> {
  if (bytes.toString('latin1', 0, 5) !== '%PDF-') return unreadable('this is not a PDF document');
  const seal = checkSeal(bytes);
  await setImmediate();
  const pdf = readPdf(bytes.subarray(0, seal?.end ?? bytes.length));
  await setImmediate();
  const { check: attachmentCheck, attached, manifest } = checkAttachments(pdf);
  if (!seal && attached.size === 0 && isEncrypted(bytes)) return unreadable('this PDF document is encrypted; a pack never is, and what was encrypted afterwards is no longer the sealed file: ask for the file as it was made');
  if (!seal && attached.size === 0) return unreadable('this is a PDF document, but not an evidence pack, or too little of it is left: it has neither seal nor attachments');
  await setImmediate();
  const pages = checkPages(pdf);
  let stampedAt: Date | undefined;
  const checks: PackCheck[] = [
    ...(seal?.checks ?? [unmade('seal', 'no seal can be found; it was changed or removed')]),
    checkStructure(pdf), pages.check, attachmentCheck,
  ];
  await setImmediate();
  const { check, document } = readPackJson(attached, manifest);
  checks.push(check);
  if (!document) checks.push(unmade('records', 'without pack.json there is nothing to check them by'));
  else {
    const steps = [() => checkDerived(document, attached), () => checkCommitments(document), () => checkInclusion(document), () => checkCheckpoint(document),
      () => checkLogKey(document, options.trustedKey, options.handovers), () => checkCharge(document), () => checkStatements(document)];
    if (document.purge || document.pack.kind === 'purge_certificate') steps.push(() => checkPurge(document));
    for (const step of steps) { checks.push(step()); await setImmediate(); }
    if (seal?.certificate) checks.push(checkCertificate(document, seal.certificate));
    const stamp = checkTimestamp(seal?.stamped, document.seal.timestamp);
    checks.push(stamp.check);
    stampedAt = stamp.check.ok ? stamp.at : undefined;
    if (options.reprint !== false && checks.every((one) => one.ok || one.name === 'seal')) {
      const { checkReprint } = await import('./reprint-pages.js');
      checks.push(await checkReprint(document, pdf, pages.digests, attached.get('verify.mjs')));
    }
  }
  nameTheRest(checks, seal?.digestMatches ?? true);
  return {
    verdict: checks.every((one) => one.ok) ? 'intact' : 'altered', checks, cannotProve: stampedAt ? CANNOT_PROVE.map((one) => (one === EXACT_TIME ? `the exact time of what is recorded: times are those of the operator's clock; only that the sealed file existed at ${stampedAt.toISOString()} is a third party's word` : one)) : CANNOT_PROVE,
    ...(document ? { pack: { packId: document.pack.pack_id, kind: document.pack.kind, requestId: document.subject.request_id, assembledAt: document.pack.assembled_at, records: document.records.length,
      ...(document.pack.volume ? { volume: document.pack.volume } : {}), ...(document.volumes.length > 0 ? { volumes: document.volumes.map(({ number, file, sha256, records }) => ({ number, file, sha256, records })) } : {}), ...(stampedAt ? { stampedAt: stampedAt.toISOString() } : {}) } } : {}),
  };
}

/** When only the digest of the whole file tells of the change, it must be in what no other check looks at. */
function nameTheRest(checks: PackCheck[], digestMatches: boolean): void {
  if (digestMatches || checks.some((one) => !one.ok && one.name !== 'seal')) return;
  const at = checks.findIndex((one) => one.name === 'seal');
  checks[at] = { ...checks[at]!, message: `${checks[at]!.message}; pages, attachments and records are unchanged, so the change is in fonts, tags, document information or trailer` };
}

function unreadable(message: string): PackReport { return { verdict: 'unreadable', checks: [{ name: 'file', ok: false, message }], cannotProve: CANNOT_PROVE }; }

/** By the entry that encryption puts into the trailer, of whichever form. */
function isEncrypted(bytes: Buffer): boolean { return /\/Encrypt[ <]/.test(`${bytes.toString('latin1', 0, 65_536)}${bytes.toString('latin1', Math.max(0, bytes.length - 65_536))}`); }

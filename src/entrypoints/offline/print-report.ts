// The report of a verification in plain words.
import type { FileReport } from '../../domain/ledger/index.js';

/** Control characters become spaces: what stands in a file must not steer the terminal. */
function plain(text: string): string { return text.replaceAll(/\p{Cc}/gu, ' '); }

/** One line a check, then the answer and what the file does not prove. */
export function reportText(file: string, report: FileReport & { readonly sha256?: string }): string {
  const list = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${plain(line)}`)]);
  return [
    `verdict  ${report.verdict}`, `file     ${plain(file)}`, `kind     ${report.kind}`, ...(report.sha256 === undefined ? [] : [`sha256   ${report.sha256}`]), '', ...report.checks.map((check) => `${check.ok ? 'ok    ' : 'WRONG '} ${check.name}: ${plain(check.message)}`),
    ...list('Answer:', report.verdict === 'intact' ? report.answer ?? [] : []), ...list('What this does not prove:', report.verdict === 'intact' ? report.cannotProve : []),
  ].join('\n');
}

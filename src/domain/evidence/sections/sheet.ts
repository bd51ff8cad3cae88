// What a section of a pack draws with, and the small forms that several sections share.
import type { Json } from '../../../kernel/canonical-json.js';
import { formatMicros } from '../../../kernel/money.js';
import { RECORD_TABLES, type RecordTableName } from '../../ledger/offline.js';
import type { PackDocument, PackRecord } from '../pack-document.js';
import type { Cell } from '../pdf/table.js';
import type { Pdf } from '../pdf/open-document.js';
import type { StructureElement } from '../pdf/pdfkit-internals.js';
import { plain, type Words } from '../pdf/words.js';
import type { Labels } from '../template.js';

export const SECTION_KEYS = ['verify', 'summary', 'scope', 'records', 'charge', 'transfers', 'retention', 'custody', 'integrity', 'method', 'glossary', 'certificate', 'legal', 'overview', 'rows', 'redactions', 'account', 'purge', 'match'] as const;
export type SectionKey = (typeof SECTION_KEYS)[number];

export interface Sheet {
  readonly pdf: Pdf;
  readonly document: PackDocument;
  readonly labels: Labels;
  /** Whether verify.mjs is attached. */
  readonly verifier: boolean;
  /** SHA-256 of manifest.json, hex. */
  readonly manifestSha256: string;
  /** Number of a section, for references; a dash where this kind of pack has none. */
  section(key: SectionKey): number | string;
}

/** Draws the body of one section under its heading. */
export type Section = (sheet: Sheet, parent: StructureElement) => Promise<void>;

/** A value in the words of the template. */
export function said(words: Words): Cell { return { words }; }
/** A recorded value, id or digest, in a face that keeps characters apart. */
export function exact(text: string): Cell { return { words: plain(text), style: 'mono' }; }

/** `2026-11-24 12:00:00.123 UTC`. */
export function utc(instant: string): string { return `${clockTime(instant)} UTC`; }

/** The same without its zone, where a column says it. */
export function clockTime(instant: string): string { return `${instant.slice(0, 10)} ${instant.slice(11, 23)}`; }

/** `0.004215 USD`. */
export function amount(micros: string, currency: string | null): string { return `${formatMicros(BigInt(micros))}${currency === null ? '' : ` ${currency}`}`; }

/** Several words one below the other. */
export function stacked(...words: readonly Words[]): Words { return words.flat(); }

/** The end of an item id, as printed in narrow columns: #0007. */
export function shortItem(item: string): string { return `#${item.slice(item.lastIndexOf('-') + 1)}`; }

/** Whether the column was taken out of the record. */
export function isTaken(record: PackRecord, column: string): boolean { return record.redacted?.includes(column) ?? false; }

/** Names and values of a record in the order of its table, not in the order in which JSON happens to hold them. */
export function fieldsOf(record: PackRecord): [string, Json][] {
  return Object.keys(RECORD_TABLES[record.table as RecordTableName].columns).map((column) => [column, record.row[column] as Json]);
}

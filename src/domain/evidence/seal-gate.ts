// The last gate before a pack is printed: what must never leave the house stops it, whoever asked and whatever was selected.
import type { Json } from '../../kernel/canonical-json.js';
import { passesLuhn } from '../../kernel/sensitive-numbers.js';
import { RECORD_TABLES, type RecordTableName } from '../ledger/index.js';
import type { PackDocument, PackRecord } from './pack-document.js';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const ITEM = /EP-[0-9a-f]{12}(?:-\d+)?/g;
const INSTANT = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?/g;
/** 13 to 19 digits, in groups or not, that do not belong to a longer word. */
const CARD = /(?<![\w.])[2-6](?:[ -]?\d){12,18}(?![\w.])/g;
const SECRETS: readonly (readonly [string, RegExp])[] = [
  ['a private key', /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/],
  ['an API key', /(?<![A-Za-z0-9])(?:sk|pk|rk)[-_][A-Za-z0-9_-]{20,}|(?<![A-Za-z0-9])hf[kt]_[A-Za-z0-9_-]{20,}|(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{30,}|(?<![A-Z0-9])AKIA[0-9A-Z]{16}(?![0-9A-Z])|(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{30,}|(?<![A-Za-z0-9])xox[abprs]-[A-Za-z0-9-]{10,}/],
  ['a token', /(?<![A-Za-z0-9])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/],
  ['a bearer credential', /\bbearer\s+[A-Za-z0-9._~+/-]{16,}/i],
];

/** Whether the digits are a payment card number: their check digit fits. */
function isCard(digits: string): boolean { return passesLuhn(Array.from(digits, Number)); }

/** What the text holds that may not leave, in words; undefined when nothing. Our own ids and times are not looked at. */
export function forbiddenIn(text: string): string | undefined {
  if (text.length < 13) return undefined;
  for (const [name, pattern] of SECRETS) if (pattern.test(text)) return name;
  const bare = text.replace(UUID, '').replace(ITEM, '').replace(INSTANT, '');
  for (const [found] of bare.matchAll(CARD)) if (isCard(found.replace(/[ -]/g, ''))) return 'a card number';
  return undefined;
}

/**
 * Why these records may not be printed; empty when they may. Never repeats what it found. `removed` are the values that were taken out:
 * finding one anywhere means the redaction was not complete. `mayBelongTo` undefined: the scope is all accounts.
 */
export function recordProblems(records: readonly PackRecord[], removed: ReadonlySet<string>, mayBelongTo: string | undefined): string[] {
  const { problems, report, visit } = search(removed);
  for (const { item, table, id, row } of records) {
    const columns: Readonly<Record<string, string>> = RECORD_TABLES[table as RecordTableName].columns;
    for (const [column, value] of Object.entries(row)) {
      const kind = columns[column];
      if (kind === 'text' || kind === 'text[]' || kind === 'jsonb') visit(value as Json, `${item} (${table} ${id}) ${column}`);
    }
    if (mayBelongTo !== undefined && otherAccount(row as Json, mayBelongTo)) report(`${item} (${table} ${id})`, "another customer's data");
  }
  return problems;
}

/** The same of what stands around the records. */
export function factProblems({ records: _records, checkpoint: _checkpoint, volumes: _volumes, ...rest }: PackDocument, removed: ReadonlySet<string>): string[] {
  const { problems, visit } = search(removed);
  visit(rest as Json, 'the pack');
  return problems;
}

/** Looks at every text at any depth; at most five findings are kept. */
function search(removed: ReadonlySet<string>): { problems: string[]; report: (where: string, what: string) => void; visit: (value: Json, where: string) => void } {
  const problems: string[] = [];
  const report = (where: string, what: string): void => { if (problems.length < 5) problems.push(`${where} holds ${what}`); };
  const visit = (value: Json, where: string): void => {
    if (typeof value === 'string') {
      const found = forbiddenIn(value);
      if (found) report(where, `${found}; take that field out`);
      if (removed.has(value)) report(where, 'a value that was to be taken out');
      else if (removed.size > 0 && removed.size <= 200) for (const one of removed) if (value.includes(one)) { report(where, 'a value that was to be taken out'); break; }
    } else if (Array.isArray(value)) for (const [index, one] of value.entries()) visit(one as Json, `${where}[${index}]`);
    else if (typeof value === 'object' && value !== null) for (const [name, one] of Object.entries(value)) { visit(name, `${where} (a name)`); visit(one as Json, `${where}.${name}`); }
  };
  return { problems, report, visit };
}

/** Whether an account_id at any depth names another account. */
function otherAccount(value: Json, accountId: string): boolean {
  if (Array.isArray(value)) return value.some((one) => otherAccount(one as Json, accountId));
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, one]) => (name === 'account_id' ? typeof one === 'string' && one !== accountId : otherAccount(one as Json, accountId)));
}

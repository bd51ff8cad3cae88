// The fields of a multipart form (RFC 7578), read strictly: what two readers could take for different things is refused, since the
// rules would be judged by one of them and the provider would follow the other.
import { refuse, type Refusal } from '../../kernel/result.js';

export interface FormField { readonly name: string; readonly start: number; readonly end: number; readonly isFile: boolean }

const CRLF = Buffer.from('\r\n'), HEAD_END = Buffer.from('\r\n\r\n');
const LONGEST_HEAD = 4_096;
const DISPOSITION = /^form-data((?:; ?[a-z]+\*?=(?:"[^"\r\n]*"|[^"; \r\n]+))+)$/i;

/** The boundary of a content-type; undefined when it is no form, null when it does not say it plainly. */
export function boundaryOf(contentType: string | undefined): string | null | undefined {
  if (contentType === undefined || !/^\s*multipart\//i.test(contentType)) return undefined;
  const named = [...contentType.matchAll(/;\s*boundary\s*=/gi)];
  const [, quoted, plain] = /;\s*boundary=(?:"([\w'()+,./:=? -]{1,70})"|([\w'()+,./:=?-]{1,70}))\s*(?:;|$)/i.exec(contentType) ?? [];
  return named.length === 1 && /^\s*multipart\/form-data\s*;/i.test(contentType) ? quoted ?? plain ?? null : null;
}

/** Every field with the place of its value in `body`; refuses `invalid_request` for what is not plain. */
export function readForm(body: Buffer, boundary: string): readonly FormField[] | Refusal {
  const dash = Buffer.from(`--${boundary}`), between = Buffer.from(`\r\n--${boundary}`), fields: FormField[] = [];
  if (!body.subarray(0, dash.length).equals(dash)) return malformed('does not begin with its boundary');
  for (let at = dash.length; ;) {
    const two = body.toString('latin1', at, at + 2);
    if (two === '--') return fields;
    if (two !== '\r\n') return malformed('has something behind a boundary');
    const headEnd = body.indexOf(HEAD_END, at);
    if (headEnd < 0 || headEnd - at > LONGEST_HEAD) return malformed('has a part without a readable head');
    const start = headEnd + HEAD_END.length, end = body.indexOf(between, headEnd + CRLF.length);
    if (end < start) return malformed('is not closed by its boundary');
    const field = fieldOf(body.toString('utf8', at + 2, headEnd));
    if (!field) return malformed('has a part whose name is not plain');
    fields.push({ ...field, start, end });
    at = end + between.length;
  }
}

function fieldOf(head: string): { name: string; isFile: boolean } | undefined {
  const lines = head.split('\r\n'), given = lines.filter((line) => /^content-disposition\s*:/i.test(line));
  // A line that goes on in the next, a bare line feed, a second disposition: readers differ.
  if (given.length !== 1 || lines.some((line) => /^\s/.test(line) || /[\r\n]/.test(line)) || lines.some((line) => /^content-transfer-encoding\s*:(?!\s*(?:7bit|8bit|binary)\s*$)/i.test(line))) return undefined;
  const parameters = DISPOSITION.exec(given[0]!.slice(given[0]!.indexOf(':') + 1).trim())?.[1];
  if (parameters === undefined) return undefined;
  const named = new Map<string, string>();
  for (const [, key = '', quoted, plain] of parameters.matchAll(/; ?([a-z]+\*?)=(?:"([^"]*)"|([^"; ]+))/gi)) {
    if (named.has(key.toLowerCase())) return undefined;
    named.set(key.toLowerCase(), quoted ?? plain ?? '');
  }
  const name = named.get('name');
  if (name === undefined || named.has('name*') || /[\\%]/.test(name)) return undefined;
  return { name, isFile: named.has('filename') || named.has('filename*') };
}

function malformed(what: string): Refusal { return refuse('invalid_request', `The form ${what}. Send multipart/form-data as the official clients do.`); }

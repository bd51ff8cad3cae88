// How a value of a column is drawn, by its kind.
import React from 'react';
import { Link } from 'react-router-dom';
import type { ColumnKind } from '../views/read-model.js';
import { CopyButton, ROOT, useWords, type Words } from './kit.tsx';
import { Said } from './said.tsx';

export interface Drawn { readonly name: string; readonly kind: ColumnKind; readonly values?: readonly string[]; readonly link?: string; readonly nullMeans?: string }
export type Row = Readonly<Record<string, unknown>>;

/** Columns whose codes have words although they are not filtered by choice. */
const SPOKEN = new Set(['basis', 'method', 'trigger', 'kind', 'starts_at', 'language', 'category', 'covers', 'roles', 'data_types', 'data_type']);
/** Columns of a case's timeline. */
const SAID = new Set(['fields', 'effects', 'parameters', 'counts']);
const GOOD = new Set(['active', 'completed', 'answered', 'in_force', 'certified', 'ready', 'allow', 'done', 'verified', 'info', 'nothing_due', 'erased', 'won', 'resolved']);
const BAD = new Set(['failed', 'revoked', 'suspended', 'withdrawn', 'broken', 'critical', 'high', 'cut', 'unreachable', 'timeout', 'suspend', 'disabled', 'unknown', 'red', 'overdue', 'lost', 'irregular']);
const WARN = new Set(['refused', 'rejected', 'aborted', 'expired', 'closed', 'warning', 'running', 'verifying', 'planned', 'requested', 'protecting', 'waiting', 'detached', 'not_sent', 'pending', 'scheduled', 'paused', 'approved', 'amber', 'in_progress', 'being_closed']);

export function Badge({ value, text }: { value: string; text?: string }): JSX.Element {
  const words = useWords();
  const tone = GOOD.has(value) ? 'good' : BAD.has(value) ? 'bad' : WARN.has(value) ? 'warn' : 'plain';
  return <span className={`hf-badge hf-${tone}`}>{text ?? words.value(value)}</span>;
}

/** Goes along with links of our own pages: who comes from a list has named a purpose and means to read. Links from outside cannot carry it. */
export const FROM_LIST = { state: { read: true } } as const;

/** Where a linked value leads. */
export function hrefOf(link: string, id: string): string {
  return link === 'lookup' ? `${ROOT}/pages/lookup?id=${encodeURIComponent(id)}` : `${ROOT}/resources/${link}/records/${encodeURIComponent(id)}/show`;
}

/** Amount in micro-units as decimal text with its currency: exact, since it never becomes a float. */
export function money(micros: string | number, currency: string | null | undefined): string {
  const amount = BigInt(micros), absolute = amount < 0n ? -amount : amount;
  const decimals = (absolute % 1_000_000n).toString().padStart(6, '0').replace(/0{1,4}$/, '');
  return `${amount < 0n ? '−' : ''}${(absolute / 1_000_000n).toString()}.${decimals}${currency ? ` ${currency}` : ''}`;
}

export function bytesText(words: Words, value: string | number): string {
  const size = Number(value);
  const [amount, unit] = size < 1024 ? [size, 'B'] : size < 1_048_576 ? [size / 1024, 'KB'] : size < 1_073_741_824 ? [size / 1_048_576, 'MB'] : [size / 1_073_741_824, 'GB'];
  return `${new Intl.NumberFormat(words.language, { maximumFractionDigits: amount < 10 && unit !== 'B' ? 1 : 0 }).format(amount)} ${unit}`;
}

export function Time({ at }: { at: string }): JSX.Element { const words = useWords(); return <time dateTime={at} title={at}>{words.time(at)}</time>; }

/** A value in a cell (`brief`) or on its record's page. */
export function Value({ column, row, brief = false }: { column: Drawn; row: Row; brief?: boolean }): JSX.Element {
  const words = useWords(), value = row[column.name], { kind, link } = column;
  if (value === null || value === undefined || value === '') {
    return <span className="hf-quiet">{words.t(`common.${column.nullMeans ?? 'none'}`)}</span>;
  }
  if (Array.isArray(value)) return <ListValue column={column} values={value.map(String)} brief={brief} />;
  const text = String(value);
  if (kind === 'time') return <Time at={text} />;
  if (kind === 'number') return <span className="hf-number">{words.number(text)}</span>;
  if (kind === 'bytes') return <span className="hf-number">{bytesText(words, text)}</span>;
  if (kind === 'micros' && text === '0' && 'currency' in row && row['currency'] === null) return <span className="hf-quiet">{words.t('common.none')}</span>;
  if (kind === 'micros') return <span className="hf-number">{money(text, row['currency'] as string | null)}</span>;
  if (kind === 'bool') return <BoolValue name={column.name} on={text === 'true'} />;
  if (kind === 'status') return <Badge value={text} />;
  if (kind === 'place') return <Place code={text} brief={brief} />;
  if (kind === 'json' && brief && SAID.has(column.name)) return <Said text={text} />;
  if (kind === 'json') return <JsonValue text={text} brief={brief} />;
  if (kind === 'id') return <Id id={text} link={link} brief={brief} />;
  if (kind === 'code' && (column.values || SPOKEN.has(column.name))) return <span title={text}>{words.value(text)}</span>;
  if (kind === 'code') return column.name === 'keep' ? <span title={text}>{words.period(text)}</span> : <span className="hf-code" title={text}>{text}</span>;
  return <span>{text}</span>;
}

function ListValue({ column, values, brief }: { column: Drawn; values: readonly string[]; brief: boolean }): JSX.Element {
  const words = useWords();
  if (values.length === 0) return <span className="hf-quiet">{words.t('common.none')}</span>;
  return <span className="hf-chips">{values.map((one) => (column.kind === 'places' ? <Place key={one} code={one} brief={brief} /> : <span key={one} className="hf-chip">{words.value(one)}</span>))}</span>;
}

/** A border crossed and training on inputs are what the eye should find; their absence is quiet. */
function BoolValue({ name, on }: { name: string; on: boolean }): JSX.Element {
  const words = useWords();
  if (!on) return <span className="hf-quiet">{words.value('false')}</span>;
  const tone = name === 'trains_on_inputs' ? 'bad' : ['cross_border', 'on_hold', 'stand_in'].includes(name) ? 'warn' : 'good';
  return <span className={`hf-badge hf-${tone}`}>{name === 'cross_border' ? words.t('lookup.crossBorder') : words.value('true')}</span>;
}

function Place({ code, brief }: { code: string; brief: boolean }): JSX.Element {
  const words = useWords();
  return <span className="hf-place" title={words.country(code)}>{code}{!brief && <span className="hf-quiet"> {words.country(code)}</span>}</span>;
}

function Id({ id, link, brief }: { id: string; link: string | undefined; brief: boolean }): JSX.Element {
  const long = id.length > 20, shown = brief && long ? `${id.slice(0, 8)}…${id.slice(-4)}` : id;
  const body = link ? <Link to={hrefOf(link, id)} {...FROM_LIST} onClick={(event) => { event.stopPropagation(); }} title={id}>{shown}</Link> : <span title={id}>{shown}</span>;
  return <span className={long ? 'hf-id' : undefined}>{body}{!brief && long && <CopyButton text={id} />}</span>;
}

function JsonValue({ text, brief }: { text: string; brief: boolean }): JSX.Element {
  let pretty = text;
  try { pretty = brief ? briefJson(JSON.parse(text)) : JSON.stringify(JSON.parse(text), null, 2); } catch { /* shown as it came */ }
  return brief ? <span className="hf-code hf-clip" title={text}>{pretty}</span> : <pre className="hf-json">{pretty}</pre>;
}

function briefJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value).map(([key, one]) => `${key}: ${typeof one === 'object' ? JSON.stringify(one) : String(one)}`).join(', ') || '—';
}

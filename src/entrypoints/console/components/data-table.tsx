// A table of rows, each opened by a click anywhere or by the link in its first cell; on small screens each row becomes a card with the column's name before each value.
import React from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { useWords } from './kit.tsx';
import { FROM_LIST, Value, type Drawn, type Row } from './value.tsx';

/** Sentences rather than words: they get room, and keep their lines. */
const WIDE = new Set(['source', 'why', 'notice_en', 'notice_zh', 'fields', 'effects', 'parameters', 'counts']);

export interface Sorting { readonly by: string | undefined; readonly direction: 'asc' | 'desc'; readonly sortable: ReadonlySet<string>; change(name: string): void }

export function DataTable({ caption, columns, rows, resourceId, hrefOfRow, sorting, rowKey }: {
  caption: string; columns: readonly Drawn[]; rows: readonly Row[]; resourceId?: string; hrefOfRow?: (row: Row) => string | null; sorting?: Sorting; rowKey?: string;
}): JSX.Element {
  const words = useWords(), navigate = useNavigate();
  const label = (name: string): string => words.property(name, resourceId);
  const head = (column: Drawn): JSX.Element => {
    const active = sorting?.by === column.name;
    const numeric = ['number', 'micros', 'bytes'].includes(column.kind) ? 'hf-right' : undefined;
    return <th key={column.name} scope="col" className={numeric} title={words.help(column.name, resourceId)} aria-sort={active ? (sorting.direction === 'asc' ? 'ascending' : 'descending') : undefined}>
      {sorting?.sortable.has(column.name)
        ? <button type="button" className="hf-sort" onClick={() => { sorting.change(column.name); }} aria-label={words.t('list.sortBy', { name: label(column.name) })}>{label(column.name)}<span aria-hidden="true">{active ? (sorting.direction === 'asc' ? ' ↑' : ' ↓') : ''}</span></button>
        : label(column.name)}
    </th>;
  };
  return <div className="hf-table-box"><table className="hf-table">
    <caption className="hf-hidden">{caption}</caption>
    <thead><tr>{columns.map(head)}</tr></thead>
    <tbody>{rows.map((row, index) => {
      const href = hrefOfRow?.(row) ?? null, opener = columns.find((column) => !column.link)?.name;
      return <tr key={rowKey ? String(row[rowKey]) : index} className={href ? 'hf-row-link' : undefined} onClick={href ? () => { if (!window.getSelection()?.toString()) navigate(href, FROM_LIST); } : undefined}>
        {columns.map((column) => <td key={column.name} data-label={label(column.name)} className={['number', 'micros', 'bytes'].includes(column.kind) ? 'hf-right' : WIDE.has(column.name) ? 'hf-wide' : undefined}>{href && column.name === opener ? <Link className="hf-opener" to={href} {...FROM_LIST} onClick={(event) => { event.stopPropagation(); }}><Value column={column} row={row} brief /></Link> : <Value column={column} row={row} brief />}</td>)}
      </tr>;
    })}</tbody>
  </table></div>;
}

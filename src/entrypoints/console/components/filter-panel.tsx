// Filters of a list: what is set shows as chips, the rest opens on demand.
import { Button } from '@adminjs/design-system';
import React, { useId, useState, type FormEvent } from 'react';
import { useWords } from './kit.tsx';

export interface FilterColumn { readonly name: string; readonly filter: 'exact' | 'contains' | 'range' | 'member'; readonly values?: readonly string[] }
export type FilterState = Readonly<Record<string, string>>;

/** `state` holds `account_id` or `at~~from`; `apply` gets the whole new state. */
export function FilterPanel({ columns, state, resourceId, apply }: { columns: readonly FilterColumn[]; state: FilterState; resourceId: string; apply: (next: FilterState) => void }): JSX.Element {
  const words = useWords(), [open, setOpen] = useState(false), panel = useId();
  const set = Object.entries(state).filter(([, value]) => value !== '');
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const entries = [...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value).trim()] as const);
    apply(Object.fromEntries(entries.filter(([, value]) => value !== '')));
    setOpen(false);
  };
  const chipText = (name: string, value: string): string => {
    const [column = '', edge] = name.split('~~');
    return `${words.property(column, resourceId)}${edge ? ` ${words.t(`list.${edge}`)}` : ':'} ${words.value(value)}`;
  };
  return <section className="hf-filter">
    <div className="hf-filter-row">
      <button type="button" className="hf-button" aria-expanded={open} aria-controls={panel} onClick={() => { setOpen(!open); }}>{words.t('list.filter')}</button>
      {set.map(([name, value]) => <button key={name} type="button" className="hf-chip hf-chip-set" aria-label={`${words.t('list.clear')}: ${chipText(name, value)}`}
        onClick={() => { apply(Object.fromEntries(set.filter(([other]) => other !== name))); }}>{chipText(name, value)} <span aria-hidden="true">×</span></button>)}
      {set.length > 1 && <button type="button" className="hf-link" onClick={() => { apply({}); }}>{words.t('list.clear')}</button>}
    </div>
    {open && <form id={panel} className="hf-filter-panel" onSubmit={submit}>
      {columns.map((column) => <FilterField key={column.name} column={column} state={state} label={words.property(column.name, resourceId)} help={words.help(column.name, resourceId)} />)}
      <div className="hf-filter-end"><Button type="submit" variant="contained">{words.t('list.apply')}</Button></div>
    </form>}
  </section>;
}

function FilterField({ column, state, label, help }: { column: FilterColumn; state: FilterState; label: string; help: string }): JSX.Element {
  const words = useWords(), id = useId();
  if (column.filter === 'range') return <fieldset className="hf-field" title={help}><legend>{label}</legend><div className="hf-range">
    {(['from', 'to'] as const).map((edge) => <label key={edge}>{words.t(`list.${edge}`)} <input type="date" name={`${column.name}~~${edge}`} defaultValue={state[`${column.name}~~${edge}`]} /></label>)}
  </div></fieldset>;
  return <div className="hf-field" title={help}><label htmlFor={id}>{label}</label>
    {column.values
      ? <select id={id} name={column.name} defaultValue={state[column.name] ?? ''}><option value="">{words.t('common.all')}</option>{column.values.map((value) => <option key={value} value={value}>{words.value(value)}</option>)}</select>
      : <input id={id} name={column.name} defaultValue={state[column.name]} autoComplete="off" spellCheck={false} />}
  </div>;
}

// The list of any resource: filters, sorting and paging in the address, so that a list can be passed on as a link.
import type { ActionJSON, ResourceJSON } from 'adminjs';
import React, { useMemo } from 'react';
import { useSelector } from 'react-redux';
import { useNavigate, useParams, useSearchParams } from 'react-router-dom';
import { ActionButtons, type Outcome } from './action-dialog.tsx';
import { DataTable } from './data-table.tsx';
import { FilterPanel, type FilterColumn, type FilterState } from './filter-panel.tsx';
import { Failed, Loading, Page, ROOT, useLoaded, useWords } from './kit.tsx';
import { PurposeGate, PurposeSelect, usePurpose } from './purpose-gate.tsx';
import { hrefOf, type Drawn, type Row } from './value.tsx';

const PER_PAGE = 25, COUNT_CAP = 10_000;
interface ListAnswer { readonly meta: { readonly total: number; readonly page: number; readonly perPage: number }; readonly records: readonly { readonly id: string; readonly params: Row }[] }

/** A property of AdminJS as our own column. */
export function drawnOf(property: ResourceJSON['listProperties'][number]): Drawn {
  return { name: property.name, ...(property.custom as Omit<Drawn, 'name'>) };
}

/** AdminJS flattens arrays into `name.0`; this puts them back. */
export function unflatten(params: Row, columns: readonly Drawn[]): Row {
  const lists = columns.filter((column) => ['list', 'places'].includes(column.kind));
  return { ...params, ...Object.fromEntries(lists.map(({ name }) => {
    const whole = params[name];
    if (Array.isArray(whole)) return [name, whole];
    const parts = Object.keys(params).filter((key) => key.startsWith(`${name}.`)).map((key) => params[key]);
    return [name, parts.length > 0 ? parts : null];
  })) };
}

export default function ListRoute(): JSX.Element | null {
  const { resourceId = '' } = useParams();
  const resource = useSelector((state: { resources: ResourceJSON[] }) => state.resources.find((one) => one.id === resourceId));
  return resource ? <List key={resourceId} resource={resource} /> : null;
}

function List({ resource }: { resource: ResourceJSON }): JSX.Element {
  const words = useWords(), navigate = useNavigate(), [search, setSearch] = useSearchParams(), [purpose, setPurpose] = usePurpose();
  const list = resource.resourceActions.find((action) => action.name === 'list');
  const reading = Boolean(list?.custom['reading']);
  const columns = useMemo(() => resource.listProperties.map(drawnOf), [resource]);
  const filters = resource.filterProperties.map((property) => ({ name: property.name, ...property.custom }) as unknown as FilterColumn);
  const state: FilterState = Object.fromEntries([...search].filter(([name]) => name.startsWith('filters.')).map(([name, value]) => [name.slice('filters.'.length), value]));
  const page = Math.max(1, Number(search.get('page') ?? 1)), sortBy = search.get('sortBy') ?? undefined, direction = search.get('direction') === 'asc' ? 'asc' : 'desc';
  const query = new URLSearchParams({ perPage: String(PER_PAGE), page: String(page), ...(sortBy ? { sortBy, direction } : {}), ...(reading ? { purpose } : {}) });
  for (const [name, value] of Object.entries(state)) query.set(`filters.${name}`, value);
  const loaded = useLoaded<ListAnswer>(!list || (reading && purpose === '') ? null : `/resources/${resource.id}/actions/list?${query.toString()}`);
  const change = (next: Record<string, string | undefined>, filter = state): void => {
    const kept = { sortBy, direction: sortBy ? direction : undefined, ...next };
    setSearch(new URLSearchParams([...Object.entries(filter).map(([name, value]) => [`filters.${name}`, value] as [string, string]), ...Object.entries(kept).filter((pair): pair is [string, string] => pair[1] !== undefined)]));
  };
  const sorting = { by: sortBy, direction: direction as 'asc' | 'desc', sortable: new Set(resource.listProperties.filter((property) => property.isSortable).map((property) => property.name)),
    change: (name: string) => { change({ sortBy: name, direction: sortBy === name && direction === 'desc' ? 'asc' : 'desc' }); } };
  // Who opens a case goes on working on it; who adds to another list stays there.
  const done = ({ result }: Outcome): void => { if (result?.refresh && resource.navigation?.name === 'cases') navigate(hrefOf(resource.id, result.refresh)); else loaded.reload(); };
  const title = words.t(`labels.${resource.id}`);
  return <Page title={title} subtitle={words.t(`subtitle.${resource.id}`)} actions={<ActionButtons resourceId={resource.id} actions={resource.resourceActions as ActionJSON[]} done={done} />}>
    {reading && purpose === '' ? <PurposeGate change={setPurpose} /> : <>
      <div className="hf-list-tools"><FilterPanel columns={filters} state={state} resourceId={resource.id} apply={(next) => { change({}, next); }} />
        {reading && <PurposeSelect value={purpose} change={setPurpose} label={words.t('purpose.change')} />}</div>
      {loaded.problem ? <Failed problem={loaded.problem} retry={loaded.reload} /> : loaded.data === undefined ? <Loading />
        : <Rows answer={loaded.data} resource={resource} columns={columns} sorting={sorting} filtered={Object.keys(state).length > 0} turn={(to) => { change({ page: String(to) }); }} title={title} />}
    </>}
  </Page>;
}

function Rows({ answer, resource, columns, sorting, filtered, turn, title }: {
  answer: ListAnswer; resource: ResourceJSON; columns: readonly Drawn[]; sorting: NonNullable<Parameters<typeof DataTable>[0]['sorting']>; filtered: boolean; turn: (page: number) => void; title: string;
}): JSX.Element {
  const words = useWords(), { total, page } = answer.meta;
  if (answer.records.length === 0) return <p className="hf-empty">{words.t(filtered ? 'list.emptyFiltered' : 'list.empty')}</p>;
  const lookup = columns.find((column) => column.link === 'lookup');
  const shows = !['calls', 'transfers'].includes(resource.id);
  const href = (row: Row): string | null => (shows ? `${ROOT}/resources/${resource.id}/records/${encodeURIComponent(String(row['__id']))}/show` : lookup ? hrefOf('lookup', String(row[lookup.name])) : null);
  const rows = answer.records.map((record) => ({ ...unflatten(record.params, columns), __id: record.id }));
  const pages = Math.max(1, Math.ceil(Math.min(total, COUNT_CAP) / PER_PAGE));
  return <>
    <DataTable caption={title} columns={columns} rows={rows} resourceId={resource.id} hrefOfRow={href} sorting={sorting} rowKey="__id" />
    <nav className="hf-pager" aria-label={words.t('list.page', { page, pages })}>
      <span className="hf-quiet">{total > COUNT_CAP ? words.t('list.totalMany') : words.t('list.total', { n: words.number(total) })}</span>
      {pages > 1 && <span className="hf-pager-turn">
        <button type="button" className="hf-button" disabled={page <= 1} onClick={() => { turn(page - 1); }}>{words.t('list.previous')}</button>
        <span>{words.t('list.page', { page, pages })}</span>
        <button type="button" className="hf-button" disabled={page >= pages} onClick={() => { turn(page + 1); }}>{words.t('list.next')}</button>
      </span>}
    </nav>
  </>;
}

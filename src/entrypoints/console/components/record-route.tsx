// The page of one record of any resource: its values, its actions, the tables under it.
import type { ActionJSON, ResourceJSON } from 'adminjs';
import React, { useState } from 'react';
import { useSelector } from 'react-redux';
import { Link, useNavigate, useParams } from 'react-router-dom';
import { ActionButtons, type Outcome } from './action-dialog.tsx';
import { CaseFiles } from './case-files.tsx';
import { DataTable } from './data-table.tsx';
import { Failed, Loading, Page, ROOT, useLoaded, useWords } from './kit.tsx';
import { drawnOf, unflatten } from './list-route.tsx';
import { PurposeGate, usePurpose } from './purpose-gate.tsx';
import { Badge, Value, type Drawn, type Row } from './value.tsx';

interface Section { readonly name: string; readonly columns: readonly Drawn[]; readonly rows: readonly Row[]; readonly link: string | null }
interface ShowAnswer { readonly record: { readonly id: string; readonly title: string; readonly params: Row; readonly recordActions: readonly ActionJSON[] }; readonly sections?: readonly Section[]; readonly related?: readonly { readonly resource: string; readonly filter: string }[] }

export default function RecordRoute(): JSX.Element | null {
  const { resourceId = '', recordId = '' } = useParams();
  const resource = useSelector((state: { resources: ResourceJSON[] }) => state.resources.find((one) => one.id === resourceId));
  return resource ? <RecordPage key={`${resourceId}/${recordId}`} resource={resource} recordId={recordId} /> : null;
}

function RecordPage({ resource, recordId }: { resource: ResourceJSON; recordId: string }): JSX.Element {
  const visible = useSelector((state: { resources: ResourceJSON[] }) => state.resources.filter((one) => one.resourceActions.some((action) => action.name === 'list')).map((one) => one.id));
  const words = useWords(), navigate = useNavigate(), [explained, setExplained] = useState(false);
  const [purpose, setPurpose] = usePurpose(), reading = Boolean(resource.actions.find((action) => action.name === 'show')?.custom['reading']);
  const loaded = useLoaded<ShowAnswer>(reading && purpose === '' ? null : `/resources/${resource.id}/records/${encodeURIComponent(recordId)}/show${reading ? `?purpose=${purpose}` : ''}`);
  const list = words.t(`labels.${resource.id}`), crumb = { to: `${ROOT}/resources/${resource.id}`, text: list };
  if (reading && purpose === '') return <Page title={list} crumb={crumb}><PurposeGate change={setPurpose} /></Page>;
  if (loaded.problem && !loaded.data) return <Page title={list} crumb={crumb}>{loaded.problem.code === 'not_found' ? <p className="hf-empty">{words.t('record.missing')}</p> : <Failed problem={loaded.problem} retry={loaded.reload} />}</Page>;
  if (!loaded.data) return <Page title={list} crumb={crumb}><Loading /></Page>;
  const columns = resource.showProperties.map(drawnOf), { record, sections = [], related = [] } = loaded.data;
  const row = unflatten(record.params, columns);
  const state = columns.find((column) => column.kind === 'status' && row[column.name]);
  const done = ({ result }: Outcome): void => { if (result?.refresh && result.refresh !== recordId) navigate(`${ROOT}/resources/${resource.id}/records/${encodeURIComponent(result.refresh)}/show`); else loaded.reload(); };
  const download = downloadOf(resource.id, recordId, row);
  const title = titleOf(words.value(record.title ?? ''), recordId);
  return <Page title={title} crumb={crumb} subtitle={state && <Badge value={String(row[state.name])} />} actions={<>
    {download && <a className="hf-button hf-main" href={download} download>{words.t('record.download')}</a>}
    <ActionButtons resourceId={resource.id} actions={record.recordActions} record={row} recordId={recordId} done={done} />
    <button type="button" className="hf-button hf-plain" aria-pressed={explained} onClick={() => { setExplained(!explained); }}>{words.t('common.help')}</button>
  </>}>
    <dl className="hf-card hf-facts">{columns.map((column) => <React.Fragment key={column.name}>
      <dt title={words.help(column.name, resource.id)}>{words.property(column.name, resource.id)}{explained && <small>{words.help(column.name, resource.id)}</small>}</dt><dd><Value column={column} row={row} /></dd>
    </React.Fragment>)}</dl>
    {related.length > 0 && <nav className="hf-related" aria-label={words.t('record.related')}><span className="hf-quiet">{words.t('record.related')}</span>
      {related.filter((one) => visible.includes(one.resource)).map((one) => <Link key={one.resource} to={`${ROOT}/resources/${one.resource}?filters.${one.filter}=${encodeURIComponent(recordId)}`}>{words.t(`labels.${one.resource}`)}</Link>)}</nav>}
    {sections.map((section) => section.name === 'files' ? <CaseFiles key={section.name} caseId={recordId} rows={section.rows} open={row['ended_at'] === null && record.recordActions.some((action) => action.name === 'link')} stored={loaded.reload} /> : <section key={section.name} className="hf-section">
      <h2>{words.t(`section.${section.name}`)}{section.link && section.rows.length > 0 && <Link to={section.link}>{words.t('common.more')}</Link>}</h2>
      {section.rows.length === 0 ? <p className="hf-quiet">{words.t('section.empty')}</p> : <DataTable caption={words.t(`section.${section.name}`)} columns={section.columns} rows={section.rows} />}
    </section>)}
  </Page>;
}

function titleOf(title: string, recordId: string): string { return title === '' || title === recordId ? recordId : title; }

/** Records that are files: a pack that is ready, a certificate, an invoice. */
function downloadOf(resourceId: string, recordId: string, row: Row): string | null {
  if (resourceId === 'packs' && row['state'] === 'ready') return `${ROOT}/download/packs/${recordId}`;
  if (resourceId === 'certificates') return `${ROOT}/download/certificates/${recordId}`;
  if (resourceId === 'invoices') return `${ROOT}/download/invoices/${recordId}`;
  return null;
}

// Navigation: the working pages first, then the lists this operator may see, under the headings of their resources.
import { Icon } from '@adminjs/design-system';
import type { ResourceJSON } from 'adminjs';
import React from 'react';
import { useSelector } from 'react-redux';
import { NavLink } from 'react-router-dom';
import { ROOT, useLoaded, useWords } from './kit.tsx';

interface State { resources: ResourceJSON[] }
const GROUPS = ['customers', 'billing', 'traffic', 'thirdParties', 'retention', 'cases', 'evidence', 'system'];

export default function Sidebar({ isVisible }: { isVisible: boolean }): JSX.Element {
  const words = useWords(), resources = useSelector((state: State) => state.resources);
  const visible = resources.filter((resource) => resource.resourceActions.some((action) => action.name === 'list'));
  const sees = (id: string): boolean => visible.some((resource) => resource.id === id);
  const link = (to: string, icon: string, text: string, end = false): JSX.Element => <li key={to}><NavLink to={to} end={end}><Icon icon={icon} size={16} /> <span>{text}</span></NavLink></li>;
  return <nav className={`hf-side${isVisible ? ' hf-side-open' : ''}`} aria-label={words.t('frame.navigation')}>
    <NavLink to={ROOT} end className="hf-brand"><img src={`${ROOT}/assets/favicon.svg`} alt="" width={26} height={26} /> Holdfast</NavLink>
    <h2>{words.t('frame.work')}</h2>
    <ul>
      {link(ROOT, 'Home', words.t('frame.home'), true)}
      {sees('calls') && link(`${ROOT}/pages/lookup`, 'Search', words.t('frame.lookup'))}
      {sees('calls') && link(`${ROOT}/pages/usage`, 'TrendingUp', words.t('frame.usage'))}
      {sees('payments') && link(`${ROOT}/pages/payments-import`, 'Upload', words.t('frame.paymentsImport'))}
      {sees('calls') && link(`${ROOT}/pages/reconcile`, 'Columns', words.t('frame.reconcile'))}
      {sees('policies') && link(`${ROOT}/pages/retention`, 'Clock', words.t('frame.retention'))}
      {sees('policies') && link(`${ROOT}/pages/explain`, 'HelpCircle', words.t('frame.explain'))}
      {sees('purge_runs') && link(`${ROOT}/pages/purge`, 'Trash2', words.t('frame.purge'))}
      {sees('erasures') && link(`${ROOT}/pages/erasure`, 'UserX', words.t('frame.erasure'))}
      {sees('approvals') && <PendingApprovals />}
      {sees('packs') && link(`${ROOT}/pages/verify`, 'Shield', words.t('frame.verifyPack'))}
      {sees('lawful_requests') && link(`${ROOT}/pages/transparency`, 'BarChart2', words.t('frame.transparency'))}
    </ul>
    {GROUPS.map((group) => {
      const members = visible.filter((resource) => resource.navigation?.name === group);
      return members.length === 0 ? null : <React.Fragment key={group}>
        <h2>{words.t(`group.${group}`)}</h2>
        <ul>{members.map((resource) => link(`${ROOT}/resources/${resource.id}`, resource.navigation?.icon ?? 'List', words.t(`labels.${resource.id}`)))}</ul>
      </React.Fragment>;
    })}
    <p className="hf-side-foot">{words.t('frame.zone', { zone: Intl.DateTimeFormat().resolvedOptions().timeZone })}</p>
  </nav>;
}

/** The link to what waits for a second person, with how much does. */
function PendingApprovals(): JSX.Element {
  const words = useWords(), { data } = useLoaded<{ pending: number }>('/pages/approvals?part=count', 60_000), pending = data?.pending ?? 0;
  return <li><NavLink to={`${ROOT}/pages/approvals`}><Icon icon="CheckCircle" size={16} /> <span>{words.t('frame.approvals')}</span>{pending > 0 && <span className="hf-count" aria-label={words.t('frame.pending', { n: pending })}>{words.number(pending)}</span>}</NavLink></li>;
}

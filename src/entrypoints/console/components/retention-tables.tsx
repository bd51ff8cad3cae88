// Tables of the policy page: policies in force and scheduled, the preset library, what waits for its event.
import React, { useState } from 'react';
import { Link } from 'react-router-dom';
import type { Policy, Preset, Waiting } from '../../../domain/retention/index.js';
import type { JsonAnswer } from '../../http/api/json-answer.js';
import { ActionDialog } from './action-dialog.tsx';
import { ROOT, useWords, type Words } from './kit.tsx';
import type { Draft } from './retention.tsx';
import { Badge, Time } from './value.tsx';

type Use = (draft: Partial<Draft>, source?: string) => void;

function scopeText(words: Words, policy: JsonAnswer<Policy>): string {
  if (policy.item_ids) return words.t('retention.items', { n: policy.item_ids.length });
  return policy.account_id ?? (policy.jurisdiction ? words.country(policy.jurisdiction) : words.t('common.all'));
}

export function PolicyTables({ policies, scheduled, mayWrite, use, done }: { policies: readonly JsonAnswer<Policy>[]; scheduled: readonly JsonAnswer<Policy>[]; mayWrite: boolean; use: Use; done: () => void }): JSX.Element {
  const words = useWords(), [withdrawing, setWithdrawing] = useState<string | null>(null);
  const rows = [...policies, ...scheduled].sort((a, b) => (a.data_type < b.data_type ? -1 : a.data_type > b.data_type ? 1 : 0));
  return <div className="hf-table-box"><table className="hf-table"><thead><tr>{['data_type', 'scope', 'keep', 'starts_at', 'source', 'status', 'effective_from'].map((name) => <th key={name} scope="col">{words.property(name)}</th>)}<th scope="col"><span className="hf-hidden">{words.t('retention.actions')}</span></th></tr></thead>
    <tbody>{rows.map((policy) => <tr key={policy.policy_id}>
      <td data-label={words.property('data_type')}><Link to={`${ROOT}/resources/policies/records/${policy.policy_id}/show`}>{words.value(policy.data_type)}</Link></td>
      <td data-label={words.property('scope')}>{scopeText(words, policy)}</td><td data-label={words.property('keep')}>{words.period(policy.keep)}{policy.locked && ` · ${words.t('retention.locked')}`}</td>
      <td data-label={words.property('starts_at')}>{words.value(policy.starts_at)}</td><td data-label={words.property('source')}>{policy.source ? words.value(policy.source) : '—'}</td>
      <td data-label={words.property('status')}><Badge value={policy.status === 'scheduled' ? 'scheduled' : 'in_force'} /></td><td data-label={words.property('effective_from')}><Time at={policy.effective_from} /></td>
      <td>{mayWrite && (policy.status === 'scheduled' ? <button type="button" className="hf-button" onClick={() => { setWithdrawing(policy.policy_id); }}>{words.t('action.policies.withdraw.label')}</button>
        : <button type="button" className="hf-button" onClick={() => { use({ data_type: policy.data_type, keep: policy.keep, starts_at: policy.starts_at, account_id: policy.account_id ?? '', jurisdiction: policy.jurisdiction ?? '', item_ids: policy.item_ids?.join('\n') ?? '' }); }}>{words.t('retention.change')}</button>)}</td>
    </tr>)}</tbody></table>
    {withdrawing && <ActionDialog resourceId="policies" recordId={withdrawing} close={() => { setWithdrawing(null); }} done={done}
      action={{ name: 'withdraw', actionType: 'record', custom: { holdfast: true, grave: false, fields: [{ name: 'reason', type: 'area', required: true }] } }} />}
  </div>;
}

export function PresetTable({ presets, use }: { presets: readonly JsonAnswer<Preset>[]; use: Use }): JSX.Element {
  const words = useWords(), [dataType, setDataType] = useState(''), types = [...new Set(presets.map((preset) => preset.data_type))];
  const cell = (period: string | null): string => (period === null ? '—' : words.period(period));
  return <>
    <div className="hf-field hf-narrow"><label htmlFor="hf-preset-type">{words.property('data_type')}</label><select id="hf-preset-type" value={dataType} onChange={(event) => { setDataType(event.target.value); }}><option value="">{words.t('common.all')}</option>{types.map((type) => <option key={type} value={type}>{words.value(type)}</option>)}</select></div>
    <div className="hf-table-box"><table className="hf-table"><thead><tr>{['data_type', 'region', 'min', 'suggested', 'max', 'source'].map((name) => <th key={name} scope="col">{words.property(name)}</th>)}<th scope="col"><span className="hf-hidden">{words.t('retention.actions')}</span></th></tr></thead>
      <tbody>{presets.filter((preset) => dataType === '' || preset.data_type === dataType).map((preset) => <tr key={preset.id}>
        <td data-label={words.property('data_type')}>{words.value(preset.data_type)}</td><td data-label={words.property('region')}>{words.value(`region_${preset.region}`)}</td>
        <td data-label={words.property('min')}>{cell(preset.min)}</td><td data-label={words.property('suggested')}>{cell(preset.suggested)}</td><td data-label={words.property('max')}>{cell(preset.max)}</td>
        <td data-label={words.property('source')}>{preset.source}<br /><span className="hf-quiet">{preset.basis}{preset.applies_if && ` · ${preset.applies_if}`}</span></td>
        <td><button type="button" className="hf-button" onClick={() => { use({ data_type: preset.data_type, keep: preset.suggested, starts_at: preset.starts_at, jurisdiction: preset.jurisdiction ?? '' }, preset.source); }}>{words.t('retention.usePreset')}</button></td>
      </tr>)}</tbody></table></div>
  </>;
}

export function WaitingTable({ rows }: { rows: readonly JsonAnswer<Waiting>[] }): JSX.Element {
  const words = useWords();
  return <div className="hf-table-box"><table className="hf-table"><thead><tr><th scope="col">{words.property('data_type')}</th><th scope="col">{words.property('starts_at')}</th><th scope="col">{words.property('scope')}</th><th scope="col" className="hf-right">{words.t('retention.rows')}</th><th scope="col" className="hf-right">{words.t('retention.accounts')}</th><th scope="col">{words.t('retention.since')}</th></tr></thead>
    <tbody>{rows.map((row) => <tr key={row.policy_id}><td data-label={words.property('data_type')}>{words.value(row.data_type)}</td><td data-label={words.property('starts_at')}>{words.value(row.clock)}</td><td data-label={words.property('scope')}>{row.account_id ?? words.t('common.all')}</td>
      <td className="hf-right" data-label={words.t('retention.rows')}>{words.number(row.rows)}</td><td className="hf-right" data-label={words.t('retention.accounts')}>{words.number(row.accounts)}</td><td data-label={words.t('retention.since')}>{row.since ? <Time at={row.since} /> : '—'}</td></tr>)}</tbody></table></div>;
}

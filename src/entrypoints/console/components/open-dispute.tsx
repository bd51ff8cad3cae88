// "Open a dispute" on the page of a call: the second click asks what it is about, then leads to the case.
import React, { useState } from 'react';
import { Link } from 'react-router-dom';
import { ActionDialog } from './action-dialog.tsx';
import { ROOT, useWords } from './kit.tsx';

export function OpenDispute({ requestId }: { requestId: string }): JSX.Element {
  const words = useWords(), [asking, setAsking] = useState(false), [opened, setOpened] = useState<{ id: string; number: string } | null>(null);
  const fields = [{ name: 'request_ids', type: 'text' }, { name: 'topic', type: 'choice', required: true, values: ['billing', 'service', 'chargeback'] }, { name: 'complaint', type: 'area', required: true, max: 4_000 }, { name: 'raised_by', type: 'text' }, { name: 'respond_by', type: 'day' }];
  return <>
    {opened ? <span role="status">{words.t('lookup.disputeOpened', { number: opened.number })} <Link to={`${ROOT}/resources/disputes/records/${opened.id}/show`}>{words.t('lookup.toCase')}</Link></span>
      : <button type="button" className="hf-button" onClick={() => { setAsking(true); }}>{words.t('lookup.openDispute')}</button>}
    {asking && <ActionDialog resourceId="disputes" given={{ request_ids: requestId }} close={() => { setAsking(false); }}
      done={({ result }) => { if (result?.refresh) setOpened({ id: result.refresh, number: String(result.show?.['number'] ?? '') }); }}
      action={{ name: 'open', actionType: 'resource', custom: { holdfast: true, grave: false, fields } }} />}
  </>;
}

// Calls of the same key around the call: what else happened then, each one click away.
import React from 'react';
import { Link } from 'react-router-dom';
import { useWords } from './kit.tsx';
import { Badge, FROM_LIST, hrefOf, money, Time } from './value.tsx';

export interface CallAround { readonly request_id: string; readonly at: string; readonly model: string | null; readonly status: string; readonly http_status: number; readonly cost_micros: string; readonly currency: string | null }

export function Around({ calls, requestId }: { calls: readonly CallAround[]; requestId: string }): JSX.Element {
  const words = useWords(), here = calls.findIndex((call) => call.request_id > requestId), at = here < 0 ? calls.length : here;
  const line = (call: CallAround): JSX.Element => <li key={call.request_id}><Link to={hrefOf('lookup', call.request_id)} {...FROM_LIST}><Time at={call.at} /></Link> <code>{call.model ?? '—'}</code> <Badge value={call.status} /> {call.currency && <span className="hf-number">{money(call.cost_micros, call.currency)}</span>}</li>;
  return <section className="hf-card"><h2>{words.t('lookup.around')}</h2>
    {calls.length === 0 ? <p className="hf-quiet">{words.t('lookup.noneAround')}</p> : <ul className="hf-lines">{calls.slice(0, at).map(line)}<li key="here"><strong>{words.t('lookup.thisCall')}</strong></li>{calls.slice(at).map(line)}</ul>}
  </section>;
}

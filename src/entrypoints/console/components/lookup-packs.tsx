// Evidence packs of the call: what exists, how far it is, and a button for another.
import React, { useEffect, useState } from 'react';
import { ActionDialog } from './action-dialog.tsx';
import { call, ROOT, useWords } from './kit.tsx';
import type { LookupAnswer } from './lookup.tsx';
import { Badge, Time } from './value.tsx';

type Pack = Pick<LookupAnswer['story']['packs'][number], 'pack_id' | 'state' | 'language' | 'requested_at'> & { readonly failure?: string | null };
const EVERY_MS = 1_500;

export function Packs({ story, may, purpose, again }: { story: LookupAnswer['story']; may: LookupAnswer['may']; purpose: string; again: () => void }): JSX.Element {
  const words = useWords(), t = (key: string, params?: Record<string, string | number>): string => words.t(`lookup.${key}`, params);
  const [packs, setPacks] = useState<readonly Pack[]>(story.packs), [asking, setAsking] = useState(false);
  useEffect(() => { setPacks(story.packs); }, [story]);
  const open = packs.filter(({ state }) => state === 'requested' || state === 'assembling').map((pack) => pack.pack_id).join();
  useEffect(() => {
    if (open === '' || !may.download) return undefined;
    const timer = setInterval(() => { void Promise.all(open.split(',').map(readPack)).then((read) => {
      setPacks((old) => old.map((pack) => read.find((one) => one?.pack_id === pack.pack_id) ?? pack));
    }); }, EVERY_MS);
    return () => { clearInterval(timer); };
  }, [open, may.download]);
  return <section className="hf-card"><h2>{t('packs')}</h2>
    {packs.length === 0 ? <p className="hf-quiet">{t('noPacks')}</p> : <ul className="hf-lines" aria-live="polite">{packs.map((pack) => <li key={pack.pack_id}>
      <Badge value={pack.state} /> {words.value(pack.language)} · <Time at={pack.requested_at} /> {(pack.state === 'requested' || pack.state === 'assembling') && <progress aria-label={t('assembling')} />}
      {pack.state === 'ready' && may.download && <a className="hf-button" href={`${ROOT}/download/packs/${pack.pack_id}`} download>{t('downloadPack')}</a>}
      {pack.failure && <span className="hf-problem">{pack.failure}</span>}</li>)}</ul>}
    {may.pack && <p><button type="button" className="hf-button hf-main" onClick={() => { setAsking(true); }}>{t('requestPack')}</button></p>}
    {asking && <ActionDialog resourceId="packs" given={{ request_id: story.request_id, purpose }} close={() => { setAsking(false); }}
      done={({ result }) => { const id = result?.refresh; if (id) setPacks((old) => [...old, { pack_id: id, state: 'requested', language: 'both', requested_at: new Date().toISOString() }]); else again(); }}
      action={{ name: 'requestPack', actionType: 'resource', custom: { holdfast: true, grave: false, fields: [
        { name: 'request_id', type: 'text' }, { name: 'purpose', type: 'choice' }, { name: 'language', type: 'choice', required: true, values: ['en', 'zh', 'both'], initial: 'both' }, { name: 'question', type: 'area', required: true }] } }} />}
  </section>;
}

async function readPack(id: string): Promise<Pack | null> {
  const answer = await call<{ record: { params: Pack } }>(`/resources/packs/records/${id}/show`);
  return answer.ok ? answer.data.record.params : null;
}

// The proof that the call's records are in the signed log, verified at this moment.
import React from 'react';
import { useWords } from './kit.tsx';
import type { LookupAnswer } from './lookup.tsx';
import { Badge } from './value.tsx';

export function Proof({ proof, check, again }: { proof: LookupAnswer['story']['proof']; check: LookupAnswer['proof']; again: () => void }): JSX.Element {
  const words = useWords(), t = (key: string, params?: Record<string, string | number>): string => words.t(`lookup.${key}`, params);
  const sentence = check.verdict === 'verified' ? t('proofOk') : check.verdict === 'waiting' ? t('proofWaiting') : t('proofBroken', { problem: check.problem ?? '' });
  return <section className="hf-card"><h2>{t('proof')}{proof?.tree_size != null && <span className="hf-quiet">{t('tree', { n: words.number(proof.tree_size) })}</span>}</h2>
    <p className={`hf-note hf-${check.verdict === 'verified' ? 'good' : check.verdict === 'waiting' ? 'warn' : 'bad'}`}>{sentence} {check.verdict === 'waiting' && <button type="button" className="hf-link" onClick={again}>{words.t('common.retry')}</button>}</p>
    {proof && <details><summary>{t('record')} · {t('leaf')} · {t('commitment')}</summary>
      <ul className="hf-lines">{proof.records.map((record) => <li key={`${record.table}${record.id}`}><Badge value={check.records.find((one) => one.id === record.id && one.table === record.table)?.verdict ?? 'waiting'} /> {words.value(record.table)}{record.leaf_index !== null && <> · {t('leaf')} {words.number(record.leaf_index)}</>} <code className="hf-break">{record.commitment}</code></li>)}</ul>
      {proof.checkpoint && <><h3>{t('checkpoint')}</h3><pre className="hf-json">{proof.checkpoint}</pre></>}</details>}
  </section>;
}

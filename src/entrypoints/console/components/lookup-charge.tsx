// What the call used and cost, line by line, worked out again from price and usage.
import React from 'react';
import { useWords } from './kit.tsx';
import type { Story_ } from './lookup-story.tsx';
import { money } from './value.tsx';

export function Charge({ story }: { story: Story_ }): JSX.Element {
  const words = useWords(), t = (key: string, params?: Record<string, string | number>): string => words.t(`lookup.${key}`, params);
  const { charge, usage } = story;
  const used: readonly (readonly [string, number])[] = [...(['input', 'cache_read', 'cache_write', 'output'] as const).map((bucket) => [bucket, usage[bucket]] as const), ...Object.entries(usage.units ?? {})];
  const lines = charge?.lines ?? used.map(([bucket, units]) => ({ bucket, units, micros_per_million: null, cost_micros: null }));
  const heads = [t('bucket'), t('units'), ...(charge ? [`${t('perMillion')} (${charge.currency})`, `${t('total')} (${charge.currency})`] : [])];
  const nothing = !charge && lines.every((line) => line.units === 0);
  return <section className="hf-card"><h2>{t('usage')}<span className="hf-quiet">{t('usageSource', { source: words.value(story.usage_source) })}</span></h2>
    {!nothing && <div className="hf-table-box"><table className="hf-table hf-narrow"><thead><tr>{heads.map((head, index) => <th key={head} scope="col" className={index > 0 ? 'hf-right' : undefined}>{head}</th>)}</tr></thead>
      <tbody>{lines.map((line) => <tr key={line.bucket}><td data-label={t('bucket')}>{words.value(line.bucket)}</td><td className="hf-right" data-label={t('units')}>{words.number(line.units)}</td>
        {line.micros_per_million !== null && line.cost_micros !== null && <><td className="hf-right" data-label={t('perMillion')}>{money(line.micros_per_million, null)}</td><td className="hf-right" data-label={t('total')}>{money(line.cost_micros, null)}</td></>}</tr>)}
        {usage.reasoning > 0 && <tr className="hf-quiet"><td data-label={t('bucket')}>{words.value('reasoning')}</td><td className="hf-right" data-label={t('units')}>{words.number(usage.reasoning)}</td>{charge && <><td /><td /></>}</tr>}</tbody>
      {charge && <tfoot><tr><th scope="row" colSpan={3}>{t('total')}</th><td className="hf-right" data-label={t('total')}><strong>{money(charge.total_micros, null)}</strong></td></tr></tfoot>}</table></div>}
    {story.usage_source === 'estimated' && <p className="hf-note">{t('estimated')}</p>}
    {story.charge_reason !== 'priced' && <p className="hf-quiet">{t(`why.${story.charge_reason}`)}</p>}
    {charge && <>
      <p className={charge.matches_record ? 'hf-quiet' : 'hf-note hf-bad'}>{t('priceFrom', { model: charge.model, day: charge.effective_from })}{charge.effective_until !== null && <> {t('priceUntil', { day: charge.effective_until })}</>}
        {' · '}{t('priceVersion', { version: charge.version })} · {charge.source ?? t('byHand')} · {t(charge.matches_record ? 'matches' : 'differs')}</p>
      {charge.long_context_above !== null && <p className="hf-quiet">{t('longContext', { tokens: words.number(charge.long_context_above) })}</p>}
      {charge.unpriced_units.length > 0 && <p className="hf-note hf-warn">{t('unpriced', { units: charge.unpriced_units.map((unit) => words.value(unit)).join(', ') })}</p>}
      <p className="hf-quiet">{t('rounding')}</p>
    </>}
  </section>;
}

// The call as it went, over all attempts: when it arrived, to whom it was handed and under which id of theirs, how each attempt ended, when it was over.
import React from 'react';
import { useWords } from './kit.tsx';
import type { Story_ } from './lookup-story.tsx';
import { Badge } from './value.tsx';

interface Step { readonly at: number; readonly text: string; readonly status?: string; readonly id?: string | null }

/** Times are counted from the arrival; an outcome has the time of its attempt and its duration, since it is recorded a moment later. */
export function Timeline({ story }: { story: Story_ }): JSX.Element {
  const words = useWords(), t = (key: string, params?: Record<string, string | number>): string => words.t(`lookup.${key}`, params), began = Date.parse(story.at);
  const steps: Step[] = [
    { at: 0, text: t('stepArrived') },
    ...story.transfers.flatMap((one): Step[] => {
      const sent = Date.parse(one.at) - began;
      return [{ at: sent, text: t('stepSent', { n: one.attempt, provider: one.provider_name, model: one.upstream_model }) },
        ...(one.outcome ? [{ at: sent + one.outcome.duration_ms, text: t('stepEnded', { n: one.attempt }), status: one.outcome.outcome, id: one.outcome.upstream_request_id }] : [])];
    }),
    ...(story.first_byte_ms === null ? [] : [{ at: story.first_byte_ms, text: t('stepFirstByte') }]),
    { at: Date.parse(story.ended_at) - began, text: t('stepOver'), status: story.status },
  ].sort((one, other) => one.at - other.at);
  return <section className="hf-card"><h2>{t('timeline')}</h2>
    <ol className="hf-lines">{steps.map((step, index) => <li key={`${index} ${step.text}`}><span className="hf-number">+{words.number(Math.max(0, Math.round(step.at)))} ms</span> {step.text}{step.status && <> <Badge value={step.status} /></>}{step.id && <> <code>{step.id}</code></>}</li>)}</ol>
  </section>;
}

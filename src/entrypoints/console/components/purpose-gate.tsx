// Lists of customer data open once the reader has said why; the answer stays for this browser tab.
import React, { useId, useState } from 'react';
import { useWords } from './kit.tsx';

const KEY = 'holdfast_purpose';
export const PURPOSES = ['service_delivery', 'billing', 'troubleshooting', 'security_audit', 'anomaly_detection', 'abuse_prevention', 'content_safety', 'compliance_retention', 'dispute_resolution', 'lawful_cooperation'];

/** The purpose chosen in this tab, and how to choose one. */
export function usePurpose(): [string, (purpose: string) => void] {
  const [purpose, setPurpose] = useState(() => window.sessionStorage.getItem(KEY) ?? '');
  return [purpose, (next) => { window.sessionStorage.setItem(KEY, next); setPurpose(next); }];
}

export function PurposeSelect({ value, change, label, invalid, describedBy }: { value: string; change: (purpose: string) => void; label: string; invalid?: boolean; describedBy?: string }): JSX.Element {
  const words = useWords(), id = useId();
  return <div className="hf-field"><label htmlFor={id}>{label}</label>
    <select id={id} value={value} aria-invalid={invalid} aria-describedby={describedBy} onChange={(event) => { change(event.target.value); }}>
      <option value="" disabled>{words.t('common.choose')}</option>
      {PURPOSES.map((purpose) => <option key={purpose} value={purpose}>{words.value(purpose)}</option>)}
    </select></div>;
}

/** Stands in the place of the list until a purpose is chosen. */
export function PurposeGate({ change }: { change: (purpose: string) => void }): JSX.Element {
  const words = useWords();
  return <section className="hf-card hf-gate"><h2>{words.t('purpose.title')}</h2><p>{words.t('purpose.text')}</p>
    <PurposeSelect value="" change={change} label={words.t('purpose.label')} /></section>;
}

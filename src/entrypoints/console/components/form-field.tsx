// One question of a form: label, control, help, and what is wrong with it, tied together for screen readers.
import React, { useId } from 'react';
import type { Field } from '../console-action.js';
import { useWords } from './kit.tsx';

export type FormValue = string | boolean | readonly string[];

export function FormField({ field, value, change, problem }: { field: Field; value: FormValue; change: (value: FormValue) => void; problem: string | undefined }): JSX.Element {
  const words = useWords(), id = useId();
  const label = words.t(`field.${field.name}`), help = words.t(`fieldHelp.${field.name}`);
  const described = [help ? `${id}-help` : '', problem ? `${id}-problem` : ''].filter(Boolean).join(' ') || undefined;
  const shared = { id, 'aria-invalid': problem ? true : undefined, 'aria-describedby': described, 'aria-required': field.required } as const;
  const mark = field.required ? <span className="hf-required"> ({words.t('common.required')})</span> : null;
  const after = <>{help && <p className="hf-help" id={`${id}-help`}>{help}</p>}{problem && <p className="hf-problem" id={`${id}-problem`} role="alert">{problem}</p>}</>;
  if (field.type === 'check') return <div className="hf-field hf-field-check"><input type="checkbox" {...shared} checked={value === true} onChange={(event) => { change(event.target.checked); }} /><label htmlFor={id}>{label}</label>{after}</div>;
  if (field.type === 'choices') {
    const chosen = Array.isArray(value) ? value as readonly string[] : [];
    const toggle = (one: string): void => { change(chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one]); };
    return <fieldset className="hf-field" aria-describedby={described} aria-invalid={problem ? true : undefined} tabIndex={problem ? -1 : undefined}><legend>{label}{mark}</legend>
      <div className="hf-choices">{field.values?.map((one) => <label key={one}><input type="checkbox" checked={chosen.includes(one)} onChange={() => { toggle(one); }} /> {words.value(one)}</label>)}</div>{after}</fieldset>;
  }
  const text = typeof value === 'string' ? value : '';
  const onChange = (event: { target: { value: string } }): void => { change(event.target.value); };
  return <div className="hf-field"><label htmlFor={id}>{label}{mark}</label>
    {field.type === 'area' ? <textarea {...shared} rows={3} value={text} onChange={onChange} maxLength={field.max ?? 500} />
      : field.type === 'choice' ? <select {...shared} value={text} onChange={onChange}><option value="">{words.t('common.choose')}</option>{field.values?.map((one) => <option key={one} value={one}>{words.value(one)}</option>)}</select>
        : <input {...shared} type={field.type === 'day' ? 'date' : field.name === 'password' ? 'password' : 'text'} inputMode={field.type === 'number' ? 'numeric' : undefined} value={text} onChange={onChange} autoComplete={field.name === 'password' ? 'new-password' : 'off'} />}
    {after}</div>;
}

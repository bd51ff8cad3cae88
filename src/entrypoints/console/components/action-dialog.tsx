// Named actions: buttons, and the dialog that asks, confirms, posts, shows what is wrong at its field, and shows an answer once.
import { Button } from '@adminjs/design-system';
import type { ActionJSON } from 'adminjs';
import React, { useEffect, useId, useRef, useState, type FormEvent } from 'react';
import type { Field } from '../console-action.js';
import { announce, call, CopyButton, problemText, useWords, type Problem } from './kit.tsx';
import { FormField, type FormValue } from './form-field.tsx';
import type { Row } from './value.tsx';

interface Custom { readonly holdfast?: boolean; readonly fields: readonly Field[]; readonly grave: boolean }
type OurAction = Pick<ActionJSON, 'name' | 'actionType'> & { readonly custom: Record<string, unknown> };
export interface Outcome { readonly result?: { readonly show?: Readonly<Record<string, unknown>>; readonly refresh?: string } }

/** A button for each named action among `actions`. */
export function ActionButtons({ resourceId, actions, record, recordId, done }: { resourceId: string; actions: readonly OurAction[]; record?: Row; recordId?: string; done: (outcome: Outcome) => void }): JSX.Element {
  const words = useWords(), [open, setOpen] = useState<OurAction | null>(null);
  const ours = actions.filter((action) => action.custom['holdfast']);
  return <>
    {ours.map((action) => <button key={action.name} type="button" className={`hf-button${(action.custom as unknown as Custom).grave ? ' hf-grave' : ''}`} onClick={() => { setOpen(action); }}>{words.t(`action.${resourceId}.${action.name}.label`)}</button>)}
    {open && <ActionDialog resourceId={resourceId} action={open} {...(record ? { record } : {})} {...(recordId ? { recordId } : {})} close={() => { setOpen(null); }} done={done} />}
  </>;
}

/** `given` fills fields and takes them out of the form: they are known from where the button stands. */
export function ActionDialog({ resourceId, action, record, recordId, given = {}, note, close, done }: {
  resourceId: string; action: OurAction; record?: Row; recordId?: string; given?: Readonly<Record<string, FormValue>>; /** What is special about this case: the counts. */ note?: string; close: () => void; done: (outcome: Outcome) => void;
}): JSX.Element {
  const words = useWords(), dialog = useRef<HTMLDialogElement>(null), title = useId();
  const { fields, grave } = action.custom as unknown as Custom;
  const asked = fields.filter((field) => !(field.name in given));
  const [values, setValues] = useState<Record<string, FormValue>>(() => Object.fromEntries(asked.map((field) => [field.name, firstValue(field, record)])));
  const [problem, setProblem] = useState<Problem | null>(null), [busy, setBusy] = useState(false), [shown, setShown] = useState<Readonly<Record<string, unknown>> | null>(null);
  useEffect(() => { dialog.current?.showModal(); }, []);
  const label = words.t(`action.${resourceId}.${action.name}.label`), text = (part: string): string => words.t(`action.${resourceId}.${action.name}.${part}`);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    setBusy(true); setProblem(null);
    const path = action.actionType === 'record' ? `/resources/${resourceId}/records/${encodeURIComponent(recordId ?? '')}/${action.name}` : `/resources/${resourceId}/actions/${action.name}`;
    const answer = await call<Outcome>(path, { ...values, ...given });
    setBusy(false);
    if (!answer.ok) { setProblem(answer.problem); return; }
    announce(text('done'));
    done(answer.data);
    if (answer.data.result?.show) setShown(answer.data.result.show); else close();
  };
  // The field that is wrong gets the focus, so that a screen reader reads its message.
  useEffect(() => { if (problem) dialog.current?.querySelector<HTMLElement>('[aria-invalid="true"], [role="alert"]')?.focus(); }, [problem]);
  const wrong = problem?.fields ?? (problem && fieldOf(problem) ? { [fieldOf(problem)!]: problem.message } : {});
  const atField = asked.some((field) => field.name in wrong);
  return <dialog ref={dialog} className="hf-dialog" aria-labelledby={title} onClose={close} onCancel={(event) => { if (busy) event.preventDefault(); }}>
    <h2 id={title}>{label}</h2>
    {shown ? <Shown values={shown} done={text('done')} close={close} /> : <form onSubmit={(event) => { void submit(event); }} noValidate>
      <p className={grave ? 'hf-note hf-warn' : undefined}>{text('ask')}</p>
      {note && <p className="hf-note hf-warn"><strong>{note}</strong></p>}
      {Object.entries(given).map(([name, value]) => <p key={name} className="hf-given"><span>{words.t(`field.${name}`)}</span> <strong>{words.value(String(value))}</strong></p>)}
      {problem && !atField && <p className="hf-note hf-bad" role="alert" tabIndex={-1}>{problemText(words, problem)}</p>}
      {asked.map((field) => <FormField key={field.name} field={field} value={values[field.name] ?? ''} change={(value) => { setValues((old) => ({ ...old, [field.name]: value })); }}
        problem={problem && wrong[field.name] !== undefined ? problemText(words, { ...problem, message: wrong[field.name]! }) : undefined} />)}
      <div className="hf-dialog-end">
        <Button type="button" variant="light" onClick={close} disabled={busy}>{words.t('common.cancel')}</Button>
        <Button type="submit" variant="contained" color={grave ? 'danger' : 'primary'} disabled={busy}>{busy ? words.t('form.working') : label}</Button>
      </div>
    </form>}
  </dialog>;
}

/** What the answer shows only this once, such as a new key's secret. */
function Shown({ values, done, close }: { values: Readonly<Record<string, unknown>>; done: string; close: () => void }): JSX.Element {
  const words = useWords(), secret = 'key_secret' in values;
  return <div>
    <p role="status">{done}</p>
    {secret && <p className="hf-note hf-warn">{words.t('form.once')}</p>}
    <dl className="hf-facts">{Object.entries(values).map(([name, value]) => <React.Fragment key={name}><dt>{words.t(`result.${name}`) || name}</dt>
      <dd>{Array.isArray(value) ? <ul>{value.map((one) => <li key={String(one)}>{String(one)}</li>)}</ul> : name === 'content' ? <pre className="hf-content" tabIndex={0}>{String(value)}</pre> : <><code>{String(value)}</code> <CopyButton text={String(value)} /></>}</dd></React.Fragment>)}</dl>
    <div className="hf-dialog-end"><Button type="button" variant="contained" onClick={close}>{words.t('common.close')}</Button></div>
  </div>;
}

function firstValue(field: Field, record: Row | undefined): FormValue {
  const known = field.from ? record?.[field.from] : undefined;
  if (field.type === 'choices') return Array.isArray(known) ? known.map(String) : [];
  if (field.type === 'check') return false;
  return known === null || known === undefined ? field.initial ?? '' : String(known);
}

/** Use cases name fields in their own spelling (accountId); forms in snake_case. */
function fieldOf(problem: Problem | null): string | undefined {
  const snake = problem?.field?.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return snake?.split('.')[0];
}

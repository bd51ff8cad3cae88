// A CSV file that is looked at first and then taken in: the form, what is wrong with it by line, and the second step.
import React, { useId, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { problemText, ROOT, useWords, type Problem } from './kit.tsx';

export interface LineProblem { readonly line: number; readonly message: string }

/** `path` below /console/upload; `preview` draws what the file would do, and `take` names what is confirmed. `done` draws what was done. */
export function TableUpload<Plan extends { readonly problems: readonly LineProblem[] }, Done>({ path, choices, preview, take, done, taken }: {
  path: string; choices: ReactNode; preview: (plan: Plan) => ReactNode; take: (plan: Plan) => string | null; done: (answer: Done) => ReactNode; taken?: () => void;
}): JSX.Element {
  const words = useWords(), t = (key: string): string => words.t(`books.${key}`), id = useId(), form = useRef<HTMLFormElement>(null), chosen = useRef<HTMLInputElement>(null);
  const [plan, setPlan] = useState<Plan | null>(null), [answer, setAnswer] = useState<Done | null>(null), [problem, setProblem] = useState<Problem | null>(null), [busy, setBusy] = useState(false);
  const send = async (confirm: string | null): Promise<void> => {
    const file = chosen.current?.files?.[0];
    if (!file || busy) { if (!file) setProblem({ code: 'invalid_request', message: t('choose') }); return; }
    const query = new URLSearchParams({ name: file.name });
    for (const [name, value] of new FormData(form.current!)) if (typeof value === 'string' && value !== '') query.set(name, value);
    if (confirm !== null) query.set('take', confirm);
    setBusy(true); setProblem(null);
    try {
      const response = await fetch(`${ROOT}/upload/${path}?${query.toString()}`, { method: 'POST', headers: { accept: 'application/json', 'content-type': 'application/octet-stream' }, body: file });
      const body = await response.json() as { readonly error?: Problem };
      if (!response.ok) { setProblem(body.error ?? { code: 'invalid_request', message: t('failed') }); return; }
      if (confirm === null) setPlan(body as unknown as Plan); else { setPlan(null); setAnswer(body as unknown as Done); taken?.(); }
    } catch { setProblem({ code: 'invalid_request', message: t('failed') }); } finally { setBusy(false); }
  };
  const confirm = plan && plan.problems.length === 0 ? take(plan) : null;
  return <>
    <form ref={form} className="hf-card" onSubmit={(event: FormEvent) => { event.preventDefault(); setAnswer(null); void send(null); }} noValidate>
      <div className="hf-list-tools">{choices}
        <div className="hf-field"><label htmlFor={`${id}-file`}>{t('file')}</label><input id={`${id}-file`} ref={chosen} type="file" accept=".csv,text/csv" onChange={() => { setPlan(null); setAnswer(null); setProblem(null); }} /></div>
        <button type="submit" className="hf-button hf-main" disabled={busy}>{busy ? words.t('form.working') : t('look')}</button></div>
      {problem && <p className="hf-problem" role="alert">{problemText(words, problem)}</p>}
    </form>
    <div aria-live="polite">
      {plan && plan.problems.length > 0 && <section className="hf-card"><h2>{t('problems')}</h2><p className="hf-note hf-bad">{t('nothing')}</p>
        <div className="hf-table-box"><table className="hf-table"><thead><tr><th scope="col" className="hf-right">{t('line')}</th><th scope="col">{t('problem')}</th></tr></thead>
          <tbody>{plan.problems.slice(0, 100).map((one) => <tr key={`${one.line} ${one.message}`}><td className="hf-right" data-label={t('line')}>{words.number(one.line)}</td><td data-label={t('problem')}>{one.message}</td></tr>)}</tbody></table></div></section>}
      {plan && plan.problems.length === 0 && <section className="hf-card">{preview(plan)}{confirm !== null && <p><button type="button" className="hf-button hf-main" disabled={busy} onClick={() => { void send(confirm); }}>{t('take')}</button></p>}</section>}
      {answer && <p className="hf-note" role="status">{done(answer)}</p>}
    </div>
  </>;
}

// The files of a case: what is stored with its hash, to take away, and a form to store another. Files travel as they are, not as forms.
import React, { useId, useState, type FormEvent } from 'react';
import { announce, problemText, ROOT, useWords, type Problem } from './kit.tsx';
import { bytesText, Time, type Row } from './value.tsx';

const ROLES = ['instrument', 'identity', 'correspondence', 'evidence'];

export function CaseFiles({ caseId, rows, open, stored }: { caseId: string; rows: readonly Row[]; open: boolean; stored: () => void }): JSX.Element {
  const words = useWords();
  return <section className="hf-section"><h2>{words.t('section.files')}</h2>
    {rows.length === 0 ? <p className="hf-quiet">{words.t('files.none')}</p> : <ul className="hf-card hf-lines">{rows.map((row) => <li key={String(row['file_id'])}>
      {row['destroyed_at'] ? <span>{String(row['name'])} <span className="hf-quiet">{words.t('files.destroyed', { at: words.time(String(row['destroyed_at'])) })}</span></span>
        : <a href={`${ROOT}/download/case-files/${String(row['file_id'])}`} download>{String(row['name'])}</a>}
      {' '}<span className="hf-chip">{words.value(String(row['role']))}</span> <span className="hf-quiet">{bytesText(words, String(row['bytes']))} · {String(row['stored_by'])} · <Time at={String(row['stored_at'])} /></span> <code title={String(row['sha256'])}>SHA-256 {String(row['sha256']).slice(0, 16)}…</code>
    </li>)}</ul>}
    {open && <AddFile caseId={caseId} stored={stored} />}
  </section>;
}

function AddFile({ caseId, stored }: { caseId: string; stored: () => void }): JSX.Element {
  const words = useWords(), id = useId(), [busy, setBusy] = useState(false), [problem, setProblem] = useState<string>('');
  const store = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget, data = new FormData(form), file = data.get('file');
    if (!(file instanceof File) || file.name === '') { setProblem(words.t('files.choose')); return; }
    setBusy(true); setProblem('');
    const query = new URLSearchParams({ role: String(data.get('role')), name: file.name, type: file.type || 'application/octet-stream' });
    const answer = await fetch(`${ROOT}/upload/case-files/${caseId}?${query.toString()}`, { method: 'POST', headers: { accept: 'application/json', 'content-type': 'application/octet-stream' }, body: file })
      .then(async (response) => (response.ok ? null : (await response.json() as { error?: Problem }).error ?? { code: 'failed', message: '' }), () => ({ code: 'unreachable', message: '' }));
    setBusy(false);
    if (answer) { setProblem(problemText(words, answer)); return; }
    form.reset(); announce(words.t('files.stored')); stored();
  };
  return <form className="hf-list-tools" onSubmit={(event) => { void store(event); }} aria-label={words.t('files.add')} style={{ marginTop: 12 }}>
    <div className="hf-field"><label htmlFor={`${id}-role`}>{words.t('files.role')}</label><select id={`${id}-role`} name="role">{ROLES.map((role) => <option key={role} value={role}>{words.value(role)}</option>)}</select></div>
    <div className="hf-field"><label htmlFor={`${id}-file`}>{words.t('files.file')}</label><input id={`${id}-file`} name="file" type="file" aria-describedby={`${id}-problem`} /></div>
    <button type="submit" className="hf-button" disabled={busy}>{busy ? words.t('form.working') : words.t('files.store')}</button>
    <p id={`${id}-problem`} className={problem ? 'hf-problem' : 'hf-hidden'} role="alert">{problem}</p>
  </form>;
}

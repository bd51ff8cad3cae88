// Verifies files that somebody brought, in plain words. They go to the server, are checked there and are kept nowhere.
import React, { useId, useRef, useState, type FormEvent } from 'react';
import { Page, ROOT, useWords } from './kit.tsx';
import { VerifyReport, VolumesCheck, type NamedReport, type Report } from './verify-report.tsx';

const LARGEST = 64 * 1024 * 1024;

export default function VerifyPack(): JSX.Element {
  const words = useWords(), t = (key: string): string => words.t(`verifyPack.${key}`), id = useId(), chosen = useRef<HTMLInputElement>(null), results = useRef<HTMLDivElement>(null);
  const [busy, setBusy] = useState(''), [reports, setReports] = useState<readonly NamedReport[]>([]), [problem, setProblem] = useState('');

  const verifyOne = async (file: File, key: string): Promise<NamedReport> => {
    if (file.size > LARGEST) throw new Error(words.t('verifyPack.tooLarge', { name: file.name }));
    const answer = await fetch(`${ROOT}/upload/verify${key === '' ? '' : `?key=${encodeURIComponent(key)}`}`, { method: 'POST', headers: { accept: 'application/json', 'content-type': 'application/octet-stream' }, body: file });
    const body = await answer.json() as Report & { readonly error?: { readonly message: string } };
    if (!answer.ok) throw new Error(body.error?.message ?? t('failed'));
    return { name: file.name, report: body };
  };
  const check = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const files = Array.from(chosen.current?.files ?? []), key = String(new FormData(event.currentTarget).get('key') ?? '').trim(), done: NamedReport[] = [];
    if (files.length === 0) { setProblem(t('noFile')); return; }
    setReports([]); setProblem('');
    for (const file of files) {
      setBusy(file.name);
      try { done.push(await verifyOne(file, key)); } catch (error) { setProblem(error instanceof Error && !(error instanceof TypeError) ? error.message : t('failed')); break; }
      setReports([...done]);
    }
    setBusy('');
    // To the answer, for who does not see the page change.
    requestAnimationFrame(() => { results.current?.focus(); });
  };

  return <Page title={t('title')} subtitle={t('intro')}>
    <form className="hf-card" onSubmit={(event) => { void check(event); }}>
      <div className="hf-field"><label htmlFor={`${id}-file`}>{t('file')}</label><input id={`${id}-file`} ref={chosen} type="file" multiple required aria-describedby={`${id}-limit`} /><small id={`${id}-limit`}>{t('fileHelp')}</small></div>
      <div className="hf-field"><label htmlFor={`${id}-key`}>{t('key')}</label><input id={`${id}-key`} type="text" name="key" autoComplete="off" spellCheck={false} aria-describedby={`${id}-help`} /><small id={`${id}-help`}>{t('keyHelp')}</small></div>
      <p className="hf-verify-do"><button type="submit" className="hf-button hf-main" disabled={busy !== ''}>{busy !== '' ? t('busy') : t('start')}</button> {busy !== '' && <><progress aria-label={t('busy')} /> <span className="hf-quiet">{busy}</span></>} <a href="/verify.mjs" download>{t('offline')}</a></p>
      {problem !== '' && <p className="hf-problem" role="alert">{problem}</p>}
    </form>
    <div ref={results} tabIndex={-1} className="hf-results" role="region" aria-live="polite" aria-label={t('answer')}>
      {reports.map((one, index) => <VerifyReport key={index} {...one} />)}
      {busy === '' && reports.length > 0 && <VolumesCheck reports={reports} />}
    </div>
  </Page>;
}

// Verifies a file that somebody brought, in plain words. The file goes to the server, is checked there and is kept nowhere.
import React, { useId, useRef, useState, type FormEvent } from 'react';
import { Page, ROOT, useWords } from './kit.tsx';

interface Report { readonly verdict: 'intact' | 'altered' | 'unreadable'; readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly message: string }[]; readonly cannotProve: readonly string[]; readonly pack?: { readonly packId: string; readonly kind: string; readonly assembledAt: string; readonly records: number } }

export default function VerifyPack(): JSX.Element {
  const words = useWords(), t = (key: string): string => words.t(`verifyPack.${key}`), id = useId(), chosen = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false), [report, setReport] = useState<Report | null>(null), [problem, setProblem] = useState('');
  const check = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const file = chosen.current?.files?.[0], key = String(new FormData(event.currentTarget).get('key') ?? '').trim();
    if (!file) { setProblem(t('noFile')); return; }
    setBusy(true); setReport(null); setProblem('');
    try {
      const answer = await fetch(`${ROOT}/upload/verify${key === '' ? '' : `?key=${encodeURIComponent(key)}`}`, { method: 'POST', headers: { accept: 'application/json', 'content-type': 'application/octet-stream' }, body: file });
      const body = await answer.json() as Report & { readonly error?: { readonly message: string } };
      if (answer.ok) setReport(body); else setProblem(body.error?.message ?? t('failed'));
    } catch { setProblem(t('failed')); } finally { setBusy(false); }
  };
  return <Page title={t('title')} subtitle={t('intro')}>
    <form className="hf-card" onSubmit={(event) => { void check(event); }}>
      <div className="hf-field"><label htmlFor={`${id}-file`}>{t('file')}</label><input id={`${id}-file`} ref={chosen} type="file" accept="application/pdf,.pdf" required /></div>
      <div className="hf-field"><label htmlFor={`${id}-key`}>{t('key')}</label><input id={`${id}-key`} type="text" name="key" autoComplete="off" /><small>{t('keyHelp')}</small></div>
      <p><button type="submit" className="hf-button hf-main" disabled={busy}>{busy ? t('busy') : t('check')}</button> {busy && <progress aria-label={t('busy')} />}</p>
      {problem !== '' && <p className="hf-problem" role="alert">{problem}</p>}
    </form>
    {report && <section className="hf-card" aria-live="polite"><h2>{t(report.verdict)}</h2>
      {report.pack && <p className="hf-quiet">{words.value(report.pack.kind)} · {report.pack.packId} · {report.pack.assembledAt} · {report.pack.records}</p>}
      <ul className="hf-lines">{report.checks.map((one) => <li key={one.name}><strong>{one.ok ? '✓' : '✗'} {t(`check.${one.name.replaceAll(/[ .]/g, '_')}`)}</strong> {one.ok ? <span>{one.message}</span> : <span className="hf-problem">{one.message}</span>}</li>)}</ul>
      <h3>{t('cannotProve')}</h3><ul className="hf-lines">{report.cannotProve.map((sentence) => <li key={sentence}>{sentence}</li>)}</ul>
    </section>}
  </Page>;
}

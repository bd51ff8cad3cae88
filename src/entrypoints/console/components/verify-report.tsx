// What the verifier found about one file, and whether volumes are those their master names.
import React from 'react';
import { useWords, type Words } from './kit.tsx';

interface Check { readonly name: string; readonly ok: boolean; readonly message: string }
interface Pack { readonly packId: string; readonly kind: string; readonly assembledAt: string; readonly records: number; readonly volume?: { readonly number: number; readonly of: number }; readonly volumes?: readonly { readonly number: number; readonly sha256: string }[] }
export interface Report { readonly kind: string; readonly sha256: string; readonly verdict: 'intact' | 'altered' | 'unreadable'; readonly checks: readonly Check[]; readonly cannotProve: readonly string[]; readonly answer?: readonly string[]; readonly pack?: Pack }
export interface NamedReport { readonly name: string; readonly report: Report }

const TONE = { intact: 'hf-good', altered: 'hf-bad', unreadable: 'hf-warn' } as const;
const keyOf = (name: string): string => name.replaceAll(/[ .]/g, '_');

export function VerifyReport({ name, report }: NamedReport): JSX.Element {
  const words = useWords(), t = (key: string): string => words.t(`verifyPack.${key}`), { pack, checks } = report;
  // What fails comes first: nobody has to look for it among what is well.
  const ordered = [...checks.filter((one) => !one.ok), ...checks.filter((one) => one.ok)];
  return <section className="hf-card"><h2>{name}</h2>
    <p className={`hf-note ${TONE[report.verdict]}`}>{t(report.verdict)}</p>
    <dl className="hf-facts">
      <dt>{t('fact.kind')}</dt><dd>{t(`kind.${keyOf(report.kind)}`) || report.kind}{pack ? ` · ${words.value(pack.kind)}` : ''}</dd>
      {pack && <><dt>{t('fact.pack')}</dt><dd><code>{pack.packId}</code></dd><dt>{t('fact.made')}</dt><dd>{words.time(pack.assembledAt)}</dd><dt>{t('fact.records')}</dt><dd>{pack.records}</dd></>}
      {pack?.volume && <><dt>{t('fact.volume')}</dt><dd>{words.t(pack.volume.number === 0 ? 'verifyPack.master' : 'verifyPack.volumeOf', { number: String(pack.volume.number), of: String(pack.volume.of) })}</dd></>}
      <dt>{t('fact.sha256')}</dt><dd><code>{report.sha256}</code></dd>
    </dl>
    {report.verdict === 'intact' && report.answer && <><h3>{t('answer')}</h3><ul className="hf-lines">{report.answer.map((sentence) => <li key={sentence}>{sentence}</li>)}</ul></>}
    <ul className="hf-lines">{ordered.map((one) => <li key={one.name}><CheckLine check={one} words={words} /></li>)}</ul>
    {report.verdict !== 'unreadable' && <Limits report={report} words={words} />}
  </section>;
}

function CheckLine({ check: { name, ok, message }, words }: { readonly check: Check; readonly words: Words }): JSX.Element {
  const t = (key: string): string => words.t(`verifyPack.${key}`);
  return <><strong><span aria-hidden="true">{ok ? '✓' : '✗'}</span> {t(`check.${keyOf(name)}`) || name}</strong> <span className="hf-quiet">({t(ok ? 'passed' : 'wrong')})</span> {t(`means.${keyOf(name)}`)}<br /><span lang="en" className={ok ? 'hf-quiet' : 'hf-problem'}>{message}</span></>;
}

function Limits({ report, words }: { readonly report: Report; readonly words: Words }): JSX.Element {
  const t = (key: string): string => words.t(`verifyPack.${key}`);
  return <><h3>{t('cannotProve')}</h3>
    <ul className="hf-lines">{['truth', 'holder', 'time', 'rest'].map((one) => <li key={one}>{t(`limit.${one}`)}</li>)}</ul>
    {report.cannotProve.length > 0 && <details><summary>{t('limit.exact')}</summary><ul className="hf-lines" lang="en">{report.cannotProve.map((sentence) => <li key={sentence}>{sentence}</li>)}</ul></details>}
  </>;
}

/** For each master among the files: which of its volumes are here, which were exchanged, which were not given. */
export function VolumesCheck({ reports }: { readonly reports: readonly NamedReport[] }): JSX.Element {
  const words = useWords();
  return <>{reports.filter(({ report }) => report.pack?.volume?.number === 0).map(({ name, report: { pack } }) => <section className="hf-card" key={name}><h2>{words.t('verifyPack.volumes')}</h2>
    <ul className="hf-lines">{(pack!.volumes ?? []).map(({ number, sha256 }) => {
      const here = reports.some(({ report }) => report.sha256 === sha256), other = reports.some(({ report }) => report.pack?.packId === pack!.packId && report.pack.volume?.number === number);
      return <li key={number} className={here ? '' : 'hf-problem'}><span aria-hidden="true">{here ? '✓' : '✗'}</span> {words.t(here ? 'verifyPack.volumeHere' : other ? 'verifyPack.volumeOther' : 'verifyPack.volumeMissing', { number: String(number) })}</li>;
    })}</ul></section>)}</>;
}

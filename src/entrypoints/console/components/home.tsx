// The home board: is the log sealed, what happened today, what is overdue, what wants doing.
import React, { useState, type ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { ActionDialog } from './action-dialog.tsx';
import { HoursChart, type Hour } from './hours-chart.tsx';
import { Failed, Loading, Page, ROOT, useLoaded, useWords, type Words } from './kit.tsx';

interface Board {
  ledger: { tree_size: number; unsealed_batches: number; oldest_unsealed_ms: number | null; last_checkpoint_at: string | null };
  calls: Record<string, number>; hours: Hour[]; transfers: { total: number; cross_border: number }; any_calls: boolean;
  last_purge: { run_id: string; data_type: string; state: string; finished_at: string; rows_deleted: string } | null; upcoming: string[];
  last_verification: { at: string; by: string; intact: boolean } | null; verifying: { done: number; total: number } | null;
  cases: { open: number; due: number; overdue: number } | null;
  tasks: { kind: string; count: number; grave: boolean; href: string }[]; may: { verify: boolean; purges: boolean; lookup: boolean };
}
interface Overdue { overdue: { data_type: string; rows_due: number; rows_held: number; oldest: string | null; overdue_since: string | null }[] }
/** Beyond this the sealer is late; it signs within a second when it works. */
const LATE_MS = 10_000;

export default function Home(): JSX.Element {
  const words = useWords(), [live, setLive] = useState(false), board = useLoaded<Board>('/dashboard', live ? 3_000 : 30_000);
  const verifying = Boolean(board.data?.verifying);
  if (verifying !== live) setLive(verifying);
  const t = (key: string, params?: Record<string, string | number>): string => words.t(`home.${key}`, params);
  if (!board.data) return <Page title={t('title')}>{board.problem ? <Failed problem={board.problem} retry={board.reload} /> : <Loading />}</Page>;
  return <Page title={t('title')}><Figures board={board.data} reload={board.reload} /></Page>;
}

function Figures({ board, reload }: { board: Board; reload: () => void }): JSX.Element {
  const words = useWords(), t = (key: string, params?: Record<string, string | number>): string => words.t(`home.${key}`, params);
  const overdue = useLoaded<Overdue>(board.may.purges ? '/dashboard?part=overdue' : null, 120_000);
  const total = Object.values(board.calls).reduce((sum, n) => sum + n, 0), refused = board.calls['refused'] ?? 0, other = total - refused - (board.calls['completed'] ?? 0);
  const late = (board.ledger.oldest_unsealed_ms ?? 0) > LATE_MS, due = (overdue.data?.overdue ?? []).filter((one) => one.rows_due > 0);
  const rows = due.reduce((sum, one) => sum + one.rows_due, 0), held = (overdue.data?.overdue ?? []).reduce((sum, one) => sum + one.rows_held, 0), since = due.map((one) => one.overdue_since).filter((at) => at !== null).sort()[0];
  const tasks = [
    ...(late ? [{ kind: 'sealing', count: 1, grave: true, href: ROOT, text: words.t('task.sealing', { age: words.age(board.ledger.oldest_unsealed_ms ?? 0) }) }] : []),
    ...board.tasks.map((task) => ({ ...task, text: words.t(`task.${task.kind}`, { n: words.number(task.count) }) })),
    ...(rows > 0 ? [{ kind: 'overdue', count: rows, grave: false, href: `${ROOT}/pages/purge`, text: words.t('task.overdue', { n: words.number(rows) }) }] : []),
  ];
  return <>
    <div className="hf-tiles">
      <Tile title={t('callsToday')} figure={words.number(total)} to={board.may.lookup ? `${ROOT}/resources/calls` : undefined}>{t('refusedToday', { n: words.number(refused) })}{other > 0 && ` · ${t('otherToday', { n: words.number(other) })}`}</Tile>
      <Tile title={t('border')} figure={board.transfers.total === 0 ? '—' : new Intl.NumberFormat(words.language, { style: 'percent', maximumFractionDigits: 1 }).format(board.transfers.cross_border / board.transfers.total)} to={board.may.lookup ? `${ROOT}/resources/transfers?filters.cross_border=true` : undefined}>
        {board.transfers.total === 0 ? t('noTransfers') : t('borderOf', { n: words.number(board.transfers.cross_border), total: words.number(board.transfers.total) })}</Tile>
      <Tile title={t('tree')} figure={words.number(board.ledger.tree_size)} bad={late}>{sealing(board, words)}</Tile>
      {board.may.purges && <Tile title={t('overdue')} figure={overdue.data ? words.number(rows) : '…'} bad={rows > 0} to={`${ROOT}/pages/purge`}>
        {!overdue.data ? t('counting') : rows > 0 ? t('overdueRows', { n: words.number(rows), at: since ? words.time(since) : '' }) : t('nothingOverdue')}{held > 0 && <><br />{t('heldOverdue', { n: words.number(held) })}</>}</Tile>}
      {board.cases && <Tile title={t('cases')} figure={words.number(board.cases.open)} bad={board.cases.overdue > 0} to={`${ROOT}/resources/disputes`}>
        {board.cases.overdue + board.cases.due === 0 ? t('casesCalm') : t('casesDue', { overdue: words.number(board.cases.overdue), due: words.number(board.cases.due) })}</Tile>}
      {board.may.purges && <Tile title={t('lastPurge')} figure={board.last_purge ? words.value(board.last_purge.state) : '—'} bad={board.last_purge?.state === 'failed'} to={board.last_purge ? `${ROOT}/resources/purge_runs/records/${board.last_purge.run_id}/show` : undefined}>
        {board.last_purge ? `${words.value(board.last_purge.data_type)}, ${words.time(board.last_purge.finished_at)}` : t('noPurge')}<br />{board.upcoming[0] ? t('nextPurge', { at: words.time(board.upcoming[0]) }) : t('paused')}</Tile>}
    </div>
    <div className="hf-columns">
      <section className="hf-card"><h2>{t('hours')}</h2>{board.hours.some((hour) => hour.completed + hour.refused + hour.other > 0) ? <HoursChart hours={board.hours} /> : <p className="hf-empty">{t('hoursEmpty')}</p>}</section>
      <section className="hf-card"><h2>{t('tasks')}</h2>
        {tasks.length === 0 ? <p className="hf-empty">{t('noTasks')}</p> : <ul className="hf-tasks">{tasks.map((task) => <li key={task.kind} className={task.grave ? 'hf-task-grave' : undefined}><Link to={task.href}>{task.text}</Link></li>)}</ul>}
        {board.may.verify && <Verification board={board} reload={reload} />}
      </section>
    </div>
  </>;
}

function sealing(board: Board, words: Words): ReactNode {
  const { unsealed_batches: waiting, oldest_unsealed_ms: oldest, last_checkpoint_at: last } = board.ledger;
  if (last === null && waiting === 0) return words.t('home.nothingSealed');
  const state = waiting === 0 ? words.t('home.sealed') : words.t('home.waiting', { n: words.number(waiting), age: words.age(oldest ?? 0) });
  return <>{state}{last && <><br />{words.t('home.checkpoint', { age: words.age(Date.now() - Date.parse(last)) })}</>}</>;
}

function Tile({ title, figure, children, bad = false, to }: { title: string; figure: string; children: ReactNode; bad?: boolean; to?: string | undefined }): JSX.Element {
  const body = <><h2>{title}</h2><p className="hf-figure">{figure}</p><p className="hf-quiet">{children}</p></>;
  return to ? <Link className={`hf-card hf-tile${bad ? ' hf-tile-bad' : ''}`} to={to}>{body}</Link> : <div className={`hf-card hf-tile${bad ? ' hf-tile-bad' : ''}`}>{body}</div>;
}

function Verification({ board, reload }: { board: Board; reload: () => void }): JSX.Element {
  const words = useWords(), [asking, setAsking] = useState(false), last = board.last_verification;
  const t = (key: string, params?: Record<string, string | number>): string => words.t(`home.${key}`, params);
  return <div className="hf-verification"><h2>{t('verification')}</h2>
    {board.verifying ? <p>{t('verifying', { done: words.number(board.verifying.done), total: words.number(board.verifying.total) })}<progress max={Math.max(1, board.verifying.total)} value={board.verifying.done} /></p>
      : <p className={last && !last.intact ? 'hf-note hf-bad' : undefined}>{last ? t(last.intact ? 'intact' : 'notIntact', { at: words.time(last.at) }) : t('neverVerified')}{last && <> · <Link to={`${ROOT}/resources/audit?filters.action=ledger.verify`}>{t('report')}</Link></>}</p>}
    {!board.verifying && <button type="button" className="hf-button" onClick={() => { setAsking(true); }}>{t('verify')}</button>}
    {asking && <ActionDialog resourceId="audit" action={{ name: 'verifyLedger', actionType: 'resource', custom: { holdfast: true, fields: [], grave: false } }} close={() => { setAsking(false); }} done={reload} />}
  </div>;
}

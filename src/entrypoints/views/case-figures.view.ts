// Cases for the home board and the metrics: counts by kind, no case is named.
import type pg from 'pg';
import { CASE_KINDS, MACHINES, type CaseKind } from '../../domain/cases/index.js';

export type CaseFigures = Readonly<Record<CaseKind, { readonly open: number; readonly due: number; readonly overdue: number; readonly waiting: number }>>;

/** Open cases; those with a clock that comes due, or is overdue; those that wait for a second person. */
export async function readCaseFigures(reader: pg.Pool, now: Date): Promise<CaseFigures> {
  const approvals = CASE_KINDS.flatMap((kind) => MACHINES[kind].moves.filter((move) => move.approval).flatMap((move) => move.from.map((state) => `${kind}/${state}`)));
  const { rows } = await reader.query<{ kind: CaseKind; open: number; due: number; overdue: number; waiting: number }>(`SELECT c.kind, count(*)::int AS open, count(*) FILTER (WHERE k.amber_at <= $1 AND k.due_at > $1)::int AS due,
      count(*) FILTER (WHERE k.due_at <= $1)::int AS overdue, count(*) FILTER (WHERE c.kind || '/' || c.state = ANY($2))::int AS waiting
    FROM cases c LEFT JOIN LATERAL (SELECT min(amber_at) AS amber_at, min(due_at) AS due_at FROM case_clocks WHERE case_id = c.case_id AND stopped_at IS NULL) k ON true WHERE c.ended_at IS NULL GROUP BY c.kind`, [now, [...new Set(approvals)]]);
  return Object.fromEntries(CASE_KINDS.map((kind) => { const { open = 0, due = 0, overdue = 0, waiting = 0 } = rows.find((row) => row.kind === kind) ?? {}; return [kind, { open, due, overdue, waiting }]; })) as CaseFigures;
}

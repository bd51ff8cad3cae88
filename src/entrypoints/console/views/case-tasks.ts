// What cases want done, for the home board.
import { CASE_KINDS, MACHINES, type CaseKind } from '../../../domain/cases/index.js';
import type { CaseFigures } from '../../views/case-figures.view.js';
import { CASE_LISTS } from './cases.view.js';
import type { Task } from './home.view.js';

/** What wants doing about cases, gravest first. */
export function caseTasks(figures: CaseFigures): Task[] {
  const task = (kind: CaseKind, part: 'overdue' | 'due', query: string): Task => ({ kind: `${CASE_LISTS[kind]}_${part}`, count: figures[kind][part], grave: part === 'overdue', href: `/console/resources/${CASE_LISTS[kind]}?${query}`, permission: MACHINES[kind].read });
  const waiting = CASE_KINDS.reduce((sum, kind) => sum + figures[kind].waiting, 0), first = CASE_KINDS.find((kind) => figures[kind].waiting > 0) ?? 'lawful_request';
  return [
    ...CASE_KINDS.map((kind) => task(kind, 'overdue', 'filters.stage=overdue')), ...CASE_KINDS.map((kind) => task(kind, 'due', 'sortBy=due_at&direction=asc')),
    { kind: 'case_approvals', count: waiting, grave: false, href: `/console/resources/${CASE_LISTS[first]}`, permission: 'cases.approve' as const },
  ].filter((one) => one.count > 0);
}

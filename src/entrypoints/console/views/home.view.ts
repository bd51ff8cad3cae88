// Figures and tasks of the home board. Counts only; no customer is named.
import type pg from 'pg';
import type { Permission } from '../../../domain/security/index.js';
import { idLowerBound } from '../../../kernel/ids.js';
import { PARTITIONED, partitionDay } from '../../../platform/db/index.js';

const HOUR_MS = 3_600_000, DAY_MS = 86_400_000;

export interface Board {
  /** Calls since midnight by status. */
  readonly calls: Readonly<Record<string, number>>;
  /** The last 24 hours, oldest first: calls that went through, calls that did not. */
  readonly hours: readonly { readonly at: string; readonly completed: number; readonly refused: number; readonly other: number }[];
  readonly transfers: { readonly total: number; readonly cross_border: number };
  readonly last_purge: { readonly run_id: string; readonly data_type: string; readonly state: string; readonly finished_at: string; readonly rows_deleted: string } | null;
  readonly last_verification: { readonly at: string; readonly by: string; readonly intact: boolean } | null;
  readonly any_calls: boolean;
}

export interface Task { readonly kind: string; readonly count: number; readonly grave: boolean; readonly href: string; readonly permission: Permission }

/** Reads the figures; every statement touches the newest partitions alone. */
export async function readBoard(reader: pg.Pool, { now, midnight }: { now: Date; midnight: Date }): Promise<Board> {
  const today = idLowerBound(midnight), firstHour = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS - 23 * HOUR_MS;
  const [statuses, hours, transfers, purge, verification, any] = await Promise.all([
    reader.query<{ status: string; n: string }>('SELECT status, count(*) AS n FROM calls WHERE request_id >= $1 GROUP BY status', [today]),
    reader.query<{ at: Date; completed: string; refused: string; other: string }>(`SELECT date_trunc('hour', at) AS at, count(*) FILTER (WHERE status = 'completed') AS completed,
      count(*) FILTER (WHERE status = 'refused') AS refused, count(*) FILTER (WHERE status NOT IN ('completed', 'refused')) AS other
      FROM calls WHERE request_id >= $1 GROUP BY 1`, [idLowerBound(new Date(firstHour))]),
    reader.query<{ total: string; cross_border: string }>('SELECT count(*) AS total, count(*) FILTER (WHERE cross_border) AS cross_border FROM transfers WHERE transfer_id >= $1', [today]),
    reader.query<{ run_id: string; data_type: string; state: string; finished_at: Date; rows_deleted: string }>(
      'SELECT run_id, data_type, state, finished_at, rows_deleted FROM purge_runs WHERE finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT 1'),
    reader.query<{ at: Date; actor_name: string; after: { intact?: boolean } | null }>(
      "SELECT at, actor_name, after FROM audit_records WHERE subject_kind = 'ledger' AND subject_id = 'log' AND action = 'ledger.verify' ORDER BY record_id DESC LIMIT 1"),
    reader.query('SELECT 1 FROM calls LIMIT 1'),
  ]);
  const byHour = new Map(hours.rows.map((row) => [row.at.getTime(), row]));
  const [run] = purge.rows, [verified] = verification.rows;
  return {
    calls: Object.fromEntries(statuses.rows.map((row) => [row.status, Number(row.n)])),
    hours: Array.from({ length: 24 }, (_, index) => {
      const at = firstHour + index * HOUR_MS, row = byHour.get(at);
      return { at: new Date(at).toISOString(), completed: Number(row?.completed ?? 0), refused: Number(row?.refused ?? 0), other: Number(row?.other ?? 0) };
    }),
    transfers: { total: Number(transfers.rows[0]?.total ?? 0), cross_border: Number(transfers.rows[0]?.cross_border ?? 0) },
    last_purge: run ? { ...run, finished_at: run.finished_at.toISOString() } : null,
    last_verification: verified ? { at: verified.at.toISOString(), by: verified.actor_name, intact: verified.after?.intact === true } : null,
    any_calls: any.rows.length > 0,
  };
}

/** What wants doing, gravest first; nothing with a count of zero. */
export async function readTasks(reader: pg.Pool, now: Date): Promise<Task[]> {
  const day = (days: number): string => new Date(now.getTime() + days * DAY_MS).toISOString().slice(0, 10);
  const { rows: [row] } = await reader.query<Record<string, string>>(`SELECT
    (SELECT count(*) FROM purge_runs WHERE state = 'failed') AS failed_purges, (SELECT count(*) FROM purge_runs WHERE state = 'paused') AS paused_purges,
    (SELECT count(*) FROM purge_alerts WHERE kind = 'overdue') AS data_overdue,
    (SELECT count(*) FROM approvals WHERE state = 'pending' AND expires_at > $4) AS approvals_pending, (SELECT count(*) FROM retention_policies WHERE status = 'scheduled') AS policies_scheduled,
    (SELECT count(*) FROM holds WHERE released_at IS NULL AND review_on < $2) AS holds_overdue,
    (SELECT count(*) FROM evidence_packs WHERE state = 'failed') AS failed_packs,
    (SELECT count(*) FROM holds WHERE released_at IS NULL AND review_on <= $1 AND review_on >= $2) AS holds_to_review,
    (SELECT count(*) FROM confirmations WHERE withdrawn_at IS NULL AND valid_until >= $2 AND valid_until <= $3) AS confirmations_ending,
    (SELECT count(*) FROM providers WHERE status = 'suspended') AS suspended_providers,
    (SELECT count(*) FROM operators WHERE status = 'active' AND locked_until > $4) AS locked_operators`, [day(7), day(0), day(30), now]);
  const found: (Task | undefined)[] = [
    task('approvals_pending', row, true, '/console/pages/approvals', 'approvals.read'),
    task('failed_purges', row, true, '/console/resources/purge_runs?filters.state=failed', 'purges.read'),
    task('data_overdue', row, true, '/console/pages/purge', 'purges.read'),
    await partitionsTask(reader, now),
    task('failed_packs', row, true, '/console/resources/packs?filters.state=failed', 'evidence.read'),
    task('holds_overdue', row, true, '/console/resources/holds?filters.state=in_force&sortBy=review_on&direction=asc', 'retention.read'),
    task('paused_purges', row, false, '/console/resources/purge_runs?filters.state=paused', 'purges.read'),
    task('policies_scheduled', row, false, '/console/pages/retention', 'retention.read'),
    task('holds_to_review', row, false, '/console/resources/holds?filters.state=in_force&sortBy=review_on&direction=asc', 'retention.read'),
    task('confirmations_ending', row, false, '/console/resources/confirmations?filters.state=in_force&sortBy=valid_until&direction=asc', 'accounts.read'),
    task('suspended_providers', row, false, '/console/resources/providers?filters.status=suspended', 'providers.read'),
    task('locked_operators', row, false, '/console/resources/operators', 'operators.read'),
  ];
  return found.filter((one) => one !== undefined);
}

function task(kind: string, row: Record<string, string> | undefined, grave: boolean, href: string, permission: Permission): Task | undefined {
  const count = Number(row?.[kind] ?? 0);
  return count > 0 ? { kind, count, grave, href, permission } : undefined;
}

/** The gateway stops taking calls when a day has no partition. */
async function partitionsTask(reader: pg.Pool, now: Date): Promise<Task | undefined> {
  const { rows } = await reader.query<{ parent: string; child: string }>(
    'SELECT p.relname AS parent, c.relname AS child FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_class c ON c.oid = i.inhrelid');
  const ahead = Object.keys(PARTITIONED).map((table) => Math.max(0, ...rows.filter((one) => one.parent === table).map((one) => partitionDay(one.child)?.getTime() ?? 0)));
  const days = Math.floor((Math.min(...ahead) - now.getTime()) / DAY_MS);
  return days < 2 ? { kind: 'partitions_short', count: Math.max(1, days + 1), grave: true, href: '/console', permission: 'audit.read' } : undefined;
}

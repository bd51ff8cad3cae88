// What runs and how well, as figures; read from the database, so that any process can say it. No customer data.
import type pg from 'pg';
import { idLowerBound } from '../../kernel/ids.js';
import { PARTITIONED, partitionDay } from '../../platform/db/index.js';

const DAY_MS = 86_400_000;
/** Calls of this long ago and younger are counted: an id range, so that a scrape touches one or two partitions. */
export const RECENT_MS = 5 * 60_000;

export interface Figures {
  readonly callsByStatus: Readonly<Record<string, number>>;
  readonly refusalsByCode: Readonly<Record<string, number>>;
  readonly purgeRunsByState: Readonly<Record<string, number>>;
  readonly packsByState: Readonly<Record<string, number>>;
  readonly lastCertifiedAt: Date | null;
  readonly lastCertifiedByType: Readonly<Record<string, Date>>;
  /** Failures of runs that are not over. */
  readonly purgeFailures: number;
  readonly holdsInForce: number;
  readonly holdsReviewOverdue: number;
  readonly approvalsPending: number;
  /** The last verification of the whole log on record. */
  readonly lastVerification: { readonly at: Date; readonly intact: boolean; /** Intact, or nothing found but losses on record. */ readonly explained: boolean } | null;
  /** Whole days after today for which every partitioned table has its partition; below zero the gateway stops. */
  readonly partitionsAheadDays: number;
}

/** Reads all figures; one round trip each, none of them a scan of a big table. */
export async function readFigures(reader: pg.Pool, now: Date): Promise<Figures> {
  const recent = idLowerBound(new Date(now.getTime() - RECENT_MS));
  const counts = async (sql: string, values: unknown[] = []): Promise<Record<string, number>> => {
    const { rows } = await reader.query<{ name: string; n: string }>(sql, values);
    return Object.fromEntries(rows.map((row) => [row.name, Number(row.n)]));
  };
  const [callsByStatus, refusalsByCode, purgeRunsByState, packsByState, times, verification, partitions] = await Promise.all([
    counts('SELECT status AS name, count(*) AS n FROM calls WHERE request_id >= $1 GROUP BY status', [recent]),
    counts('SELECT refusal_code AS name, count(*) AS n FROM calls WHERE request_id >= $1 AND refusal_code IS NOT NULL GROUP BY refusal_code', [recent]),
    counts('SELECT state AS name, count(*) AS n FROM purge_runs GROUP BY state'),
    counts('SELECT state AS name, count(*) AS n FROM evidence_packs GROUP BY state'),
    reader.query<{ by_type: Record<string, string> | null; holds: string; reviews: string; approvals: string; failures: string }>(`SELECT
      (SELECT json_object_agg(data_type, at) FROM (SELECT r.data_type, max(c.issued_at) AS at FROM purge_certificates c JOIN purge_runs r USING (run_id) WHERE r.erasure_id IS NULL GROUP BY 1) t) AS by_type,
      (SELECT count(*) FROM holds WHERE released_at IS NULL) AS holds, (SELECT count(*) FROM holds WHERE released_at IS NULL AND review_on < $1) AS reviews,
      (SELECT count(*) FROM approvals WHERE state = 'pending' AND expires_at > $2) AS approvals,
      (SELECT coalesce(sum(failures), 0) FROM purge_runs WHERE state NOT IN ('certified', 'nothing_due', 'cancelled')) AS failures`, [now.toISOString().slice(0, 10), now]),
    reader.query<{ at: Date; after: { intact?: boolean; explained?: boolean } | null }>(
      "SELECT at, after FROM audit_records WHERE subject_kind = 'ledger' AND subject_id = 'log' AND action = 'ledger.verify' ORDER BY record_id DESC LIMIT 1"),
    reader.query<{ parent: string; child: string }>('SELECT p.relname AS parent, c.relname AS child FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_class c ON c.oid = i.inhrelid'),
  ]);
  const [verified] = verification.rows, [time] = times.rows, certified = Object.entries(time?.by_type ?? {}).map(([type, at]) => [type, new Date(at)] as const);
  return {
    callsByStatus, refusalsByCode, purgeRunsByState, packsByState,
    lastCertifiedAt: certified.map(([, at]) => at).sort((a, b) => b.getTime() - a.getTime())[0] ?? null, lastCertifiedByType: Object.fromEntries(certified), purgeFailures: Number(time?.failures ?? 0),
    holdsInForce: Number(time?.holds ?? 0), holdsReviewOverdue: Number(time?.reviews ?? 0), approvalsPending: Number(time?.approvals ?? 0),
    lastVerification: verified ? { at: verified.at, intact: verified.after?.intact === true, explained: verified.after?.explained ?? verified.after?.intact === true } : null,
    partitionsAheadDays: daysAhead(partitions.rows, now),
  };
}

function daysAhead(rows: readonly { parent: string; child: string }[], now: Date): number {
  const today = Math.floor(now.getTime() / DAY_MS);
  const lastDays = Object.keys(PARTITIONED).map((table) =>
    Math.max(-1, ...rows.filter((row) => row.parent === table).map((row) => Math.floor((partitionDay(row.child)?.getTime() ?? 0) / DAY_MS) - today)));
  return Math.min(...lastDays);
}

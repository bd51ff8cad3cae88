// What waits for its event: nothing of it goes before the event happens, so how long it has waited is worth knowing.
import { DATA_TYPES, type DataType } from '../../kernel/data-types.js';
import { dayOf } from '../../kernel/period.js';
import { readFacts } from './facts.view.js';
import type { ClockStart } from './policy.js';
import { governingRules } from './policy-rules.js';
import { PURGE_TARGETS } from './purge-targets.js';
import type { Query } from './query.store.js';

/** Rows of a data type under a policy whose event has not happened. `since` is when the oldest of them was made. */
export interface Waiting { readonly dataType: DataType; readonly clock: ClockStart; readonly policyId: string; readonly accountId: string | null; readonly rows: number; readonly accounts: number; readonly since: Date | null }

/** The report as things stand at `now`; accounts with a policy of their own stand by name. */
export async function readWaiting(query: Query, now: Date, timeZone: string): Promise<Waiting[]> {
  const report: Waiting[] = [];
  for (const dataType of DATA_TYPES) {
    const facts = await readFacts(query, dataType, timeZone, now);
    for (const rule of facts.rules.filter((one) => one.startsAt !== 'created')) {
      const counted = dataType === 'payment_records'
        ? await countFiscal(query, dayOf(now, timeZone), rule.accountId)
        : await countAccounts(query, dataType, facts.accounts.filter((account) => governingRules(facts.rules, dataType, account.accountId, account.jurisdiction).includes(rule)
          && (rule.startsAt === 'account-closed' ? account.closedAt : account.disputeClosedAt ?? null) === null).map((account) => account.accountId));
      if (counted.rows > 0) report.push({ dataType, clock: rule.startsAt, policyId: rule.policyId, accountId: rule.accountId, ...counted });
    }
  }
  return report;
}

/** Payments and invoices of fiscal years that are not over. */
async function countFiscal(query: Query, today: string, accountId: string | null): Promise<Counted> {
  const each = PURGE_TARGETS.payment_records.map((target) => `SELECT t.account_id, ${target.time} AS at FROM ${target.table} t WHERE t.fiscal_year_end >= $1`).join(' UNION ALL ');
  return count(query, `(${each}) t`, `$2::text IS NULL OR t.account_id = $2`, 't.at', [today, accountId]);
}

type Counted = Pick<Waiting, 'rows' | 'accounts' | 'since'>;

async function countAccounts(query: Query, dataType: DataType, accounts: readonly string[]): Promise<Counted> {
  if (accounts.length === 0) return { rows: 0, accounts: 0, since: null };
  let rows = 0, since: Date | null = null;
  for (const target of PURGE_TARGETS[dataType]) {
    const one = await count(query, `${target.table} t`, 't.account_id = ANY($1::text[])', target.erase ? 't.created_at' : target.time, [accounts]);
    rows += one.rows;
    if (one.since && (!since || one.since < since)) since = one.since;
  }
  return { rows, accounts: accounts.length, since };
}

async function count(query: Query, from: string, where: string, time: string, values: readonly unknown[]): Promise<Counted> {
  const [row] = await query<{ rows: string; accounts: string; since: Date | null }>(`SELECT count(*) AS rows, count(DISTINCT t.account_id) AS accounts, min(${time}) AS since FROM ${from} WHERE ${where}`, values);
  return { rows: Number(row!.rows), accounts: Number(row!.accounts), since: row!.since };
}

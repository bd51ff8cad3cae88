// Days of real records for the retention tests: written by the recorder, sealed by the sealer, in partitions of their day.
import { createRetention, type Retention, type RetentionDeps } from '../../src/domain/retention/index.js';
import type { LedgerRecord } from '../../src/domain/ledger/index.js';
import { fixedClock } from '../../src/kernel/clock.js';
import { idLowerBound, mintId } from '../../src/kernel/ids.js';
import { partitionName, startOfUtcDay } from '../../src/platform/db/index.js';
import type { App } from '../../src/app.js';
import { createTestApp, type TestApp } from './database.js';
import { approveAll } from './approvals.js';
import { ok, system } from './registry.js';

export const NOW = new Date('2026-11-24T12:00:00.000Z');
export const DAY_MS = 86_400_000;

export interface RetentionBench extends TestApp {
  readonly clock: ReturnType<typeof fixedClock>;
  /** Rows of one SELECT, as they stand. */
  read<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** count(*) of the table or FROM clause. */
  count(from: string): Promise<number>;
}

/** An app at NOW with the default policies and the accounts acme (DE), globex (US) and zh (CN). */
export async function createRetentionBench(env: Record<string, string> = {}): Promise<RetentionBench> {
  const clock = fixedClock(NOW), test_ = await createTestApp({ clock, env });
  const read = async <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> => (await test_.app.database.reader.query<Row>(sql, values)).rows;
  await test_.app.act(system, async (tx) => {
    ok(await test_.app.retention.ensureDefaultPolicies(tx));
    for (const [accountId, jurisdiction] of [['acme', 'DE'], ['globex', 'US'], ['zh', 'CN']] as const) {
      ok(await test_.app.billing.openAccount(tx, { accountId, name: accountId, jurisdiction, contact: `privacy@${accountId}.test` }));
    }
  });
  return { ...test_, clock, read, count: async (from) => Number((await read<{ n: string }>(`SELECT count(*) AS n FROM ${from}`))[0]!.n) };
}

/** Makes the partitions of the UTC day, writes `count` calls of each account on it, seals, and answers the ids by account. */
export async function writeCalls(app: App, day: string, accounts: Readonly<Record<string, number>>, seal = true): Promise<Record<string, string[]>> {
  return await write(app, ['calls'], day, accounts, seal, (id, at, account) => [{ table: 'calls', row: {
    request_id: id, at, ended_at: at, account_id: account, key_id: null, epoch_id: '00000000-0000-7000-8000-000000000000', account_seq: null, method: 'POST', path: '/v1/chat/completions',
    protocol: 'openai', model: 'm', served_model: 'm', stream: false, status: 'completed', http_status: 200, refusal_code: null, client_request_id: null, upstream_request_id: null,
    answer_id: null, session_id: null, caller_region: null, provider_id: 'p', attempts: 1, usage_input: 1n, usage_cache_read: 0n, usage_cache_write: 0n, usage_cache_write_1h: 0n, usage_output: 1n,
    usage_reasoning: 0n, usage_units: null, usage_source: 'reported', cost_micros: 10n, currency: 'USD', price_id: null, registry_version: 1n, request_bytes: 10n, response_bytes: 10n, first_byte_ms: 5 } }]);
}

/** The same with transfers and their outcomes. */
export async function writeTransfers(app: App, day: string, accounts: Readonly<Record<string, number>>): Promise<Record<string, string[]>> {
  return await write(app, ['transfers', 'transfer_outcomes'], day, accounts, true, (id, at, account) => [
    { table: 'transfers', row: { transfer_id: id, request_id: id, at, account_id: account, key_id: id, epoch_id: id, account_seq: 1n, attempt: 1, provider_id: 'p', provider_name: 'P',
      legal_entity: 'P Inc', category: 'model', origin_jurisdiction: 'DE', destination_jurisdictions: ['US'], cross_border: true, terms_version: null, confirmation_ids: [], basis: null,
      data_categories: ['input_content'], model: 'm', upstream_model: 'm', upstream_host: 'p.test', path: '/v1/chat/completions', request_bytes: 10n, registry_version: 1n } },
    { table: 'transfer_outcomes', row: { transfer_id: id, request_id: id, account_id: account, at, outcome: 'answered', http_status: 200, upstream_request_id: null, response_bytes: 10n, first_byte_ms: 5, duration_ms: 9 } },
  ]);
}

/** The same with security events; the account '' means none. */
export async function writeEvents(app: App, day: string, accounts: Readonly<Record<string, number>>): Promise<Record<string, string[]>> {
  return await write(app, ['security_events'], day, accounts, true, (id, at, account) => [{ table: 'security_events', row: { event_id: id, at, kind: 'test', severity: 'info', account_id: account || null, key_id: null, operator_id: null, address: null, detail: null } }]);
}

async function write(app: App, tables: readonly string[], day: string, accounts: Readonly<Record<string, number>>, seal: boolean, recordsOf: (id: string, at: Date, account: string) => LedgerRecord[]): Promise<Record<string, string[]>> {
  const start = new Date(`${day}T08:00:00.000Z`), recorder = app.ledger.createRecorder('test');
  for (const table of tables) await makePartition(app, table, start);
  const ids: Record<string, string[]> = {}, records: LedgerRecord[] = [];
  const rounds = Math.max(...Object.values(accounts));
  for (let round = 0; round < rounds; round += 1) for (const [account, count] of Object.entries(accounts)) if (round < count) {
    const at = new Date(start.getTime() + records.length), id = mintId(at);
    (ids[account] ??= []).push(id);
    records.push(...recordsOf(id, at, account));
  }
  for (let from = 0; from < records.length; from += 100) await recorder.write(records.slice(from, from + 100));
  if (seal) await app.ledger.sealOnce();
  return ids;
}

/** Only the partition that is needed: making all of a day costs the fault tests more than the purges they test. */
async function makePartition(app: App, table: string, at: Date): Promise<void> {
  const day = startOfUtcDay(at), bound = (time: number): string => idLowerBound(new Date(time));
  await app.database.pool.query(`CREATE TABLE IF NOT EXISTS ${partitionName(table, day)} PARTITION OF ${table} FOR VALUES FROM ('${bound(day.getTime())}') TO ('${bound(day.getTime() + DAY_MS)}')`);
}

/** Ends a hold on the word of two people. */
export async function release(app: App, holdId: string, reason = 'settled'): Promise<void> {
  ok(await app.act(system, (tx) => app.retention.releaseHold(tx, holdId, reason)));
  await approveAll(app);
}

/** Shortens a policy on the word of two people, and lets the grace period go by. */
export async function shorten(bench: RetentionBench, input: Parameters<Retention['publishPolicy']>[1]): Promise<void> {
  ok(await bench.app.act(system, (tx) => bench.app.retention.publishPolicy(tx, { ...input, confirmShortening: true })));
  await approveAll(bench.app);
  bench.clock.advance(7 * DAY_MS);
}

/** Plans and answers the run's id. */
export async function plan(app: App, dataType: Parameters<Retention['planPurge']>[1], trigger = 'test'): Promise<string> {
  return ok(await app.act(system, (tx) => app.retention.planPurge(tx, dataType, trigger)));
}

/** Plans, runs and answers the run as it ended. */
export async function purge(app: App, dataType: Parameters<Retention['planPurge']>[1]): Promise<NonNullable<Awaited<ReturnType<Retention['purgeRun']>>>> {
  const runId = await plan(app, dataType);
  await approveAll(app);
  await app.retention.runPurge(runId);
  return (await app.retention.purgeRun(runId))!;
}

/** The slice again on the same database, with parts exchanged: a connection that fails, a clock that differs. */
export function retentionWith(app: App, changes: Partial<RetentionDeps>): Retention {
  return createRetention({ ...app, timeZone: app.config.timeZone, ...changes });
}

/** Verifies the whole ledger with the certificates as they stand. */
export async function verifyAll(app: App): ReturnType<App['ledger']['verify']> {
  await app.ledger.sealOnce();
  return await app.ledger.verify(app.retention.removals());
}

let nextDay = Date.UTC(2023, 0, 1);
/** Another day, long over. */
export const aDay = (): string => { nextDay += DAY_MS; return new Date(nextDay).toISOString().slice(0, 10); };
/** Name of the calls partition of the day. */
export const partitionOf = (day: string): string => `calls_p${day.replaceAll('-', '')}`;

/** Three days, one for each method; what has to be left of them afterwards is all of acme's. */
export async function threeDays(bench: RetentionBench): Promise<{ runId: string; days: string[] }> {
  const days = [aDay(), aDay(), aDay()];
  await writeCalls(bench.app, days[0]!, { globex: 6 }, false);
  await writeCalls(bench.app, days[1]!, { globex: 5, acme: 2 }, false);
  await writeCalls(bench.app, days[2]!, { globex: 2, acme: 5 });
  return { runId: await plan(bench.app, 'api_call_metadata'), days };
}

/** The run of `threeDays` is certified, by the three methods, and nothing else is left or gone. */
export async function expectFinished(bench: RetentionBench, runId: string, days: readonly string[]): Promise<void> {
  const run = (await bench.app.retention.purgeRun(runId))!;
  expect(run).toMatchObject({ state: 'certified', rowsDeleted: 13n, survivors: 0n, failure: null });
  expect(run.items.map((item) => item.method)).toEqual(['drop_partition', 'replace_partition', 'delete_rows']);
  const left = await bench.read(`SELECT account_id, count(*)::int AS n FROM calls WHERE at >= $1 GROUP BY 1`, [days[0]]);
  expect(left).toEqual([{ account_id: 'acme', n: 7 }]);
  expect(await bench.read(`SELECT relname FROM pg_class WHERE relname ~ '_(gone|next)$'`)).toEqual([]);
  expect(await bench.count('purge_item_leaves')).toBe(0);
}

// What about purges needs somebody is told: on the ledger, in the log, on the home board and by mail, once when it begins and once when it is over.
import { readTasks } from '../../src/entrypoints/console/views/home.view.js';
import { createLogger } from '../../src/platform/log/log.js';
import { ok, system } from '../support/registry.js';
import { aDay, createRetentionBench, DAY_MS, plan, purge, retentionWith, writeCalls, type RetentionBench } from '../support/retention.js';
import { startTestSmtp, type TestSmtp } from '../support/smtp-server.js';

let bench: RetentionBench, smtp: TestSmtp;
const logged: string[] = [];
beforeAll(async () => {
  smtp = await startTestSmtp();
  bench = await createRetentionBench({ HOLDFAST_SMTP_URL: smtp.url, HOLDFAST_MAIL_FROM: 'holdfast@operator.test', HOLDFAST_PUBLIC_URL: 'https://console.test/' });
  for (const [email, roles] of [['officer@operator.test', ['compliance_officer']], ['support@operator.test', ['support_agent']]] as const) ok(await bench.app.act(system, (tx) => bench.app.security.createOperator(tx, { email, name: email.split('@')[0]!, roles, password: 'correct horse battery staple' })));
});
afterAll(async () => { await bench.close(); await smtp.close(); });

const alert = async (): Promise<void> => retentionWith(bench.app, { log: createLogger('worker', 'info', (line) => { logged.push(line); }) }).jobs.find((job) => job.name === 'alert-purges')!.run('');
const records = () => bench.read<{ action: string; kind: string }>("SELECT action, coalesce(after, before) ->> 'kind' AS kind FROM audit_records WHERE action LIKE 'purge.alert%' ORDER BY record_id");
const subjects = (): string[] => smtp.mails.map(({ to, data }) => `${to.join()}: ${/^Subject: (.*)$/m.exec(data)![1]!}`);

test('nothing due, nothing failed: nobody is told anything', async () => {
  await alert();
  expect([await records(), smtp.mails]).toEqual([[], []]);
});

test('a run that fails is told to who may run purges, once, and again that it is over', async () => {
  await writeCalls(bench.app, aDay(), { globex: 3 });
  const runId = await plan(bench.app, 'api_call_metadata');
  await bench.app.database.pool.query("UPDATE purge_runs SET state = 'failed', failure = 'the disk is full', failures = 1, retry_at = '2026-11-24T12:05:00Z' WHERE run_id = $1", [runId]);
  smtp.refuseWith('450 later');
  await alert();
  expect(smtp.mails).toEqual([]);
  smtp.refuseWith(null);
  await alert();
  await alert();
  expect((await records()).filter((one) => one.kind === 'failed')).toEqual([{ action: 'purge.alert', kind: 'failed' }]);
  expect(subjects().filter((one) => one.includes('failed'))).toEqual(['officer@operator.test: Retention: a purge failed (api_call_metadata)']);
  expect(smtp.mails[0]!.data).toContain('https://console.test/console/pages/purge');
  expect(logged.filter((line) => line.includes('the disk is full'))).toHaveLength(1);
  await bench.app.database.pool.query("UPDATE purge_runs SET failures = 8, retry_at = NULL WHERE run_id = $1", [runId]);
  await alert();
  expect((await records()).map((one) => `${one.action} ${one.kind}`).filter((one) => /failed|stuck/.test(one))).toEqual(['purge.alert failed', 'purge.alert stuck', 'purge.alert-over failed']);
  await bench.app.retention.runPurge(runId);
  await alert();
  expect(await bench.read('SELECT kind FROM purge_alerts')).toEqual([]);
});

test('rows a day past their time are told, and stand on the board; a hold kept past its review is told apart', async () => {
  await writeCalls(bench.app, aDay(), { globex: 3, acme: 2 });
  ok(await bench.app.act(system, (tx) => bench.app.retention.placeHold(tx, { accountId: 'acme', matter: 'M', requester: 'R', basis: 'b', reviewOn: '2026-12-01' })));
  await alert();
  expect(await bench.read('SELECT kind, data_type FROM purge_alerts')).toEqual([{ kind: 'overdue', data_type: 'api_call_metadata' }]);
  expect((await readTasks(bench.app.database.reader, bench.clock.now())).find((one) => one.kind === 'data_overdue')).toMatchObject({ count: 1, grave: true });
  bench.clock.advance(10 * DAY_MS);
  await purge(bench.app, 'api_call_metadata');
  await alert();
  expect(await bench.read('SELECT kind, data_type FROM purge_alerts')).toEqual([{ kind: 'held_overdue', data_type: 'api_call_metadata' }]);
  expect(subjects().at(-1)).toBe('officer@operator.test: Retention: a hold is due for review (api_call_metadata)');
});

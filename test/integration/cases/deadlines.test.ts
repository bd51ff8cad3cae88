// Deadlines come closer: noted on the ledger once a stage, mailed through a real server, tried again when it refuses.
import { fixedClock } from '../../../src/kernel/clock.js';
import { createApp } from '../../../src/app.js';
import { ADA, DISPUTE, SUE, walkerOf } from '../../support/case-people.js';
import { makeWorld, type World } from '../../support/console-world.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { ok, registryOf, system } from '../../support/registry.js';
import { startTestSmtp, type TestSmtp } from '../../support/smtp-server.js';

const clock = fixedClock('2026-11-24T10:00:00Z');
let test_: TestApp, world: World, smtp: TestSmtp;
beforeAll(async () => {
  smtp = await startTestSmtp();
  test_ = await createTestApp({ clock, env: { HOLDFAST_SMTP_URL: smtp.url, HOLDFAST_MAIL_FROM: 'holdfast@operator.test', HOLDFAST_PUBLIC_URL: 'https://holdfast.operator.test', HOLDFAST_TIME_ZONE: 'Europe/Berlin' } });
  world = await makeWorld(test_.app);
  for (const [email, role] of [['sue@operator.test', 'support_agent'], ['ada@operator.test', 'compliance_officer'], ['audrey@operator.test', 'auditor']] as const) {
    ok(await test_.app.act(system, (tx) => test_.app.security.createOperator(tx, { email, name: email, password: 'correct horse battery', roles: [role] })));
  }
});
afterAll(async () => { await test_.close(); await smtp.close(); });
const walk = walkerOf(() => test_.app), { audit } = registryOf(() => test_);
const remind = (app = test_.app) => app.cases.jobs.find((job) => job.name === 'remind-cases')!.run('');
const stages = async (caseId: string): Promise<string[]> => (await audit(caseId)).map((record) => record.action).filter((action) => action.startsWith('case.clock_'));

test('each stage goes on the ledger once, also when two workers look and one starts anew, and mails say only number, clock, day and link', async () => {
  const { caseId, number } = await walk.open(SUE, 'dispute', { ...DISPUTE, complaint: 'SECRET COMPLAINT', raised_by: 'Mr Private' }, { requestIds: [world.calls[0]!] });
  await remind();
  expect(await stages(caseId)).toEqual([]);
  clock.set('2026-12-02T08:00:00Z');
  await Promise.all([remind(), remind()]);
  expect(await stages(caseId)).toEqual(['case.clock_amber']);
  // Another process, as after a restart: the instants stand in the database.
  const again = await createApp(test_.app.config, 'worker', { clock, log: test_.app.log });
  try { await remind(again); } finally { await again.close(); }
  expect(await stages(caseId)).toEqual(['case.clock_amber']);
  clock.set('2026-12-09T08:00:00Z');
  await remind();
  expect(await stages(caseId)).toEqual(['case.clock_amber', 'case.clock_overdue']);
  const overdue = smtp.mails.filter((mail) => mail.data.includes(`Subject: Case ${number}: answer is overdue`));
  expect(overdue.map((mail) => mail.to)).toEqual([['sue@operator.test'], ['ada@operator.test']]);
  expect(overdue[0]).toMatchObject({ from: 'holdfast@operator.test', user: 'reminder' });
  expect(overdue[0]!.data).toContain(`https://holdfast.operator.test/console/resources/disputes/records/${caseId}/show`);
  expect(overdue[0]!.data).toContain('Due: end of Tuesday, 8 December 2026 (Europe/Berlin).');
  for (const mail of smtp.mails) expect(mail.data).not.toMatch(/SECRET|Private|acme/);
  // What the console's home and the metrics count is the same clock.
  expect((await test_.app.cases.pressing(SUE)).map((one) => one.number)).toContain(number);
  await walk.go(caseId, [[SUE, 'take_up'], [SUE, 'settle', { resolution: 'explained', note: 'done' }]]);
  expect((await test_.app.cases.pressing(SUE)).map((one) => one.number)).not.toContain(number);
  clock.set('2026-11-24T10:00:00Z');
});

test('a mail the server refuses is tried again at the next run, and the stage is on the ledger all the same', async () => {
  const { caseId, number } = await walk.open(ADA, 'dispute', DISPUTE, { requestIds: [world.calls[0]!] });
  clock.set('2026-12-02T08:00:00Z');
  smtp.refuseWith('550 no such mailbox');
  const before = smtp.mails.length;
  await remind();
  expect(await stages(caseId)).toEqual(['case.clock_amber']);
  expect(smtp.mails).toHaveLength(before);
  smtp.refuseWith(null);
  await remind();
  expect(smtp.mails.slice(before).filter((mail) => mail.data.includes(number)).length).toBeGreaterThan(0);
  const sent = smtp.mails.length;
  await remind();
  expect(smtp.mails).toHaveLength(sent);
  expect(await stages(caseId)).toEqual(['case.clock_amber']);
  clock.set('2026-11-24T10:00:00Z');
});

// Cases on a real database: opening, moving, four eyes, holds, files, collection, disclosure, erasure.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { can } from '../../../src/domain/security/index.js';
import { systemActor } from '../../../src/kernel/actor.js';
import { sha256Hex } from '../../../src/kernel/digest.js';
import { fixedClock } from '../../../src/kernel/clock.js';
import { isRefusal } from '../../../src/kernel/result.js';
import { ADA, AUDREY, BEN, CEM, DISPUTE, LAWFUL, operator, OTTO, SUBJECT, SUE, TO_RELEASE, walkerOf } from '../../support/case-people.js';
import { aCall } from '../../fixtures/calls.js';
import type { LedgerRecord } from '../../../src/domain/ledger/index.js';
import { makeWorld, type World } from '../../support/console-world.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { ok, registryOf } from '../../support/registry.js';

const clock = fixedClock('2026-11-24T10:00:00Z');
let test_: TestApp, world: World;
beforeAll(async () => {
  test_ = await createTestApp({ clock, env: { HOLDFAST_TIME_ZONE: 'Europe/Berlin' } });
  world = await makeWorld(test_.app, { calls: 12 });
});
afterAll(() => test_.close());
const walk = walkerOf(() => test_.app), { read, audit } = registryOf(() => test_);
const find = async (caseId: string, actor = ADA) => (await test_.app.cases.findCase(actor, caseId))!;

test('a dispute is opened from a request id: number, account, hold, clock and record come with it', async () => {
  const opened = await walk.open(SUE, 'dispute', DISPUTE, { requestIds: [world.clientId] });
  expect(opened.number).toMatch(/^D-2026-\d{4}$/);
  const one = await find(opened.caseId, SUE);
  expect(one).toMatchObject({ kind: 'dispute', state: 'opened', accountId: 'acme', requestIds: [world.calls[0]], openedBy: 'Sue', holdId: opened.holdId });
  expect(one.clocks).toMatchObject([{ name: 'answer', preset: 'dispute-house', dueAt: new Date('2026-12-08T23:00:00Z'), stoppedAt: null }]);
  expect((await test_.app.retention.holdsFor('acme')).find((hold) => hold.holdId === opened.holdId)).toMatchObject({ matter: opened.number });
  expect(await read('SELECT account_id, closed_at FROM retention_disputes WHERE reference = $1', [opened.number])).toEqual([{ account_id: 'acme', closed_at: null }]);
  const [record] = await audit(opened.caseId);
  expect(record).toMatchObject({ action: 'case.open', after: { number: opened.number, account_id: 'acme', person: SUE.id } });
  expect(JSON.stringify(record)).not.toContain('charged twice');
});

test('what cannot be opened is refused and leaves nothing: unknown call, two accounts, no call, a role that may not', async () => {
  const state = async () => (await read<{ n: string }>('SELECT (SELECT count(*) FROM cases) + (SELECT count(*) FROM audit_records) + (SELECT coalesce(sum(last), 0) FROM case_numbers) AS n'))[0]!.n, before = await state();
  const open = (actor: typeof ADA, input: object) => test_.app.act(actor, (tx) => test_.app.cases.openCase(tx, { kind: 'dispute', facts: DISPUTE, ...input }));
  expect(await open(SUE, { requestIds: ['chatcmpl-nobody'] })).toMatchObject({ code: 'not_found', field: 'requestIds' });
  expect(await open(SUE, { requestIds: [world.calls[0], world.calls.at(-1)] })).toMatchObject({ code: 'conflict' });
  expect(await open(SUE, {})).toMatchObject({ code: 'invalid_request', field: 'requestIds' });
  expect(await open(SUE, { requestIds: [world.calls[0]], facts: { topic: 'weather', complaint: 'x' } })).toMatchObject({ code: 'invalid_request', field: 'topic' });
  expect(await open(AUDREY, { requestIds: [world.calls[0]] })).toMatchObject({ code: 'forbidden' });
  expect(await open(SUE, { kind: 'lawful_request', facts: LAWFUL })).toMatchObject({ code: 'forbidden' });
  expect(await state()).toBe(before);
});

test('numbers are gap-free although many open at once', async () => {
  const opened = await Promise.all(Array.from({ length: 8 }, () => walk.open(SUE, 'subject_request', SUBJECT, { accountId: 'acme' })));
  const numbers = opened.map((one) => Number(one.number.slice(-4))).sort((a, b) => a - b);
  expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index));
});

test('a dispute is walked to its end by support with a second person, and the release of its hold is asked for, not forced', async () => {
  const { caseId, holdId } = await walk.open(SUE, 'dispute', DISPUTE, { requestIds: [world.calls[0]!] });
  await walk.go(caseId, [[SUE, 'take_up'], [SUE, 'select_evidence', { findings: 'Charged once, as the ledger shows.' }]]);
  const one = await find(caseId);
  expect(one.collections).toMatchObject([{ parameters: { accountId: 'acme', requestIds: [world.calls[0]] }, counts: { api_call_metadata: { rows: '1', idsDigest: sha256Hex(world.calls[0]!) }, third_party_call_records: { rows: '1' } } }]);
  expect(await walk.move(SUE, caseId, 'approve_evidence')).toMatchObject({ code: 'forbidden' });
  expect(await walk.go(caseId, [[BEN, 'approve_evidence'], [SUE, 'submit', { sent_to: 'customer', reference: 'mail of today', sent_on: '2026-11-24' }]])).toBe('submitted');
  expect((await find(caseId)).clocks.map(({ name, stoppedAt }) => [name, stoppedAt !== null])).toEqual([['answer', true], ['decision', false]]);
  expect(await walk.go(caseId, [[SUE, 'win', { decided_on: '2026-11-24' }]])).toBe('won');
  expect((await find(caseId)).clocks.every((running) => running.stoppedAt !== null)).toBe(true);
  expect(await read('SELECT closed_at IS NOT NULL AS closed FROM retention_disputes WHERE reference = $1', [one.number])).toEqual([{ closed: true }]);
  // Support may not release holds: the job asks, and a person decides.
  expect((await find(caseId)).releaseAskedAt).toBeNull();
  for (const job of test_.app.cases.jobs.filter((each) => each.name === 'settle-ended-cases')) { await job.run(''); await job.run(''); }
  expect((await find(caseId)).releaseAskedAt).not.toBeNull();
  expect((await test_.app.retention.holds()).find((hold) => hold.holdId === holdId)).toMatchObject({ releasedAt: null });
  expect(await read('SELECT state, requested_by FROM approvals WHERE subject_id = $1', [holdId])).toEqual([{ state: 'pending', requested_by: 'system:cases' }]);
});

test('a lawful request goes from intake to a closed notice only past two approvers and a third word, and is in the disclosure log', async () => {
  const { caseId, number } = await walk.open(ADA, 'lawful_request', LAWFUL, { accountId: 'acme' });
  expect(await walk.move(ADA, caseId, 'complete_intake')).toMatchObject({ code: 'conflict', message: expect.stringContaining('file the instrument') });
  await walk.file(ADA, caseId);
  await walk.go(caseId, TO_RELEASE.slice(0, 5));
  // Nobody approves his own work, and neither approver collects.
  expect(await walk.move(operator('Ada', 'compliance_officer'), caseId, 'approve_counsel')).toMatchObject({ code: 'four_eyes_required' });
  await walk.go(caseId, TO_RELEASE.slice(5, 6));
  expect(await walk.move(BEN, caseId, 'approve_second')).toMatchObject({ code: 'four_eyes_required' });
  expect(await walk.move(OTTO, caseId, 'approve_second')).toMatchObject({ state: 'collecting' });
  expect(await walk.move(OTTO, caseId, 'collect')).toMatchObject({ code: 'four_eyes_required', message: expect.stringContaining('approve_second') });
  expect(await walk.move(systemActor('worker'), caseId, 'collect')).toMatchObject({ code: 'four_eyes_required' });
  await walk.go(caseId, TO_RELEASE.slice(7));
  expect(await walk.move(ADA, caseId, 'release', { recipient: 'StA', delivery: 'encrypted_mail', pack_sha256: 'abc' })).toMatchObject({ code: 'invalid_request', field: 'packSha256' });
  expect(await read('SELECT 1 FROM disclosures WHERE case_id = $1', [caseId])).toEqual([]);
  expect(await walk.go(caseId, [[ADA, 'release', { recipient: 'StA Example', delivery: 'encrypted_mail', pack_sha256: 'a'.repeat(64) }], [ADA, 'record_receipt', { received_on: '2026-11-24', receipt: 'signed by StA Example' }],
    [ADA, 'delay_notice', { notice_until: '2026-12-31', gag_reference: 'order of 20 November' }], [ADA, 'give_notice', { told_on: '2026-11-24', told_how: 'e-mail' }]])).toBe('closed');
  const [entry] = await test_.app.cases.disclosures({ caseId }), collected = (await find(caseId)).collections.at(-1)!;
  expect(entry).toMatchObject({ number, authority: LAWFUL.authority, country: 'DE', legalBasis: '§ 95 StPO', accountIds: ['acme'], dataTypes: ['api_call_metadata', 'third_party_call_records'], reviewer: 'Ada', approvers: ['Ben', 'Otto', 'Ben'],
    extractor: 'Ada', narrowing: 'one day instead of a year', receipt: 'signed by StA Example', noticeOn: '2026-11-24', collectionDigest: collected.digest, emergency: false });
  expect(entry!.rows).toBe(BigInt(collected.counts.api_call_metadata!.rows) + BigInt(collected.counts.third_party_call_records!.rows));
  expect(entry!.rows).toBeGreaterThan(10n);
  await expect(test_.app.database.pool.query('UPDATE disclosures SET recipient = $1', ['x'])).rejects.toThrow();
  await expect(test_.app.database.pool.query('DELETE FROM case_moves WHERE case_id = $1', [caseId])).rejects.toThrow();
  // An officer ended it: the release is asked for at once, as himself.
  expect(await read('SELECT requested_by FROM approvals WHERE subject_id = $1', [(await find(caseId)).holdId])).toEqual([{ requested_by: 'Ada' }]);
  expect(await walk.move(ADA, caseId, 'withdraw', { reason: 'too late' })).toMatchObject({ code: 'conflict', message: expect.stringContaining('ended as closed') });
});

test('the frozen query finds the same again, and says so when a row came', async () => {
  const { caseId } = await walk.open(ADA, 'subject_request', SUBJECT, { accountId: 'acme' });
  await walk.go(caseId, [[ADA, 'acknowledge', { told_on: '2026-11-24' }], [ADA, 'verify_identity', { identity_tier: 'session_reauthenticated', identity_evidence: 'signed in' }], [ADA, 'set_scope', { data_types: ['payment_records'] }], [ADA, 'collect']]);
  const one = await find(caseId), id = one.collections[0]!.collectionId;
  expect(await test_.app.cases.compareCollection(one, id)).toMatchObject({ same: true });
  ok(await test_.app.act(ADA, (tx) => test_.app.billing.recordPayment(tx, { accountId: 'acme', amountMicros: 1_000_000n, currency: 'EUR', paidAt: clock.now(), fiscalYearEnd: '2026-12-31', reference: 'after the collection' })));
  expect(await test_.app.cases.compareCollection(one, id)).toMatchObject({ same: false });
});

test('an emergency is released with a second person, and ends only past two more afterwards', async () => {
  const { caseId } = await walk.open(ADA, 'lawful_request', { ...LAWFUL, emergency: true, regime: 'eu_e_evidence' }, { accountId: 'acme' });
  expect((await find(caseId)).clocks[0]).toMatchObject({ preset: 'eu-emergency', dueAt: new Date('2026-11-24T18:00:00Z') });
  await walk.file(ADA, caseId);
  await walk.go(caseId, TO_RELEASE.slice(0, 3));
  await walk.go(caseId, [[ADA, 'authorise_emergency', { danger: 'A child is missing.', legal_basis: 'danger to life', data_types: ['api_call_metadata'], period_from: '2026-11-20', period_to: '2026-11-24' }], [ADA, 'collect'], [ADA, 'minimise', { taken_out: 'nothing' }]]);
  expect(await walk.move(ADA, caseId, 'approve_release')).toMatchObject({ code: 'four_eyes_required' });
  await walk.go(caseId, [[BEN, 'approve_release'], [ADA, 'release', { recipient: 'LKA', delivery: 'encrypted_portal' }]]);
  expect(await walk.move(ADA, caseId, 'record_receipt', { received_on: '2026-11-24', receipt: 'x' })).toMatchObject({ code: 'conflict' });
  await walk.go(caseId, [[ADA, 'record_emergency_receipt', { received_on: '2026-11-24', receipt: 'portal' }], [BEN, 'approve_post_1', { follow_up: 'order of 24 November' }]]);
  expect(await walk.move(BEN, caseId, 'approve_post_2')).toMatchObject({ code: 'four_eyes_required' });
  expect(await walk.go(caseId, [[CEM, 'approve_post_2'], [ADA, 'omit_notice_emergency', { reason: 'investigation under way' }]])).toBe('closed');
  expect(await test_.app.cases.disclosures({ caseId })).toMatchObject([{ emergency: true, approvers: ['Ben'] }]);
});

test('an erasure goes through report, wait and another approver; the state and its record say truthfully what is left and why', async () => {
  ok(await test_.app.act(ADA, (tx) => test_.app.billing.openAccount(tx, { accountId: 'erika', name: 'Erika Muster', jurisdiction: 'DE', contact: 'erika@example.test' })));
  ok(await test_.app.act(ADA, (tx) => test_.app.billing.recordPayment(tx, { accountId: 'erika', amountMicros: 5_000_000n, currency: 'EUR', paidAt: new Date('2026-03-01T00:00:00Z'), fiscalYearEnd: '2026-12-31', reference: 'p-1' })));
  const { caseId, holdId } = await walk.open(SUE, 'subject_request', { ...SUBJECT, right: 'erasure' }, { accountId: 'erika' });
  expect(holdId).toBeNull();
  const paper = await walk.file(SUE, caseId, 'identity', 'passport'), path = join(test_.home, 'cases', `${paper}.sealed`);
  expect(existsSync(path)).toBe(true);
  await walk.go(caseId, [[SUE, 'acknowledge', { told_on: '2026-11-24' }], [SUE, 'verify_identity', { identity_tier: 'document', identity_evidence: 'passport seen' }]]);
  expect(existsSync(path)).toBe(false);
  expect((await find(caseId)).files).toMatchObject([{ role: 'identity', destroyedAt: clock.now(), sha256: sha256Hex('passport') }]);
  await walk.go(caseId, [[SUE, 'set_scope', { data_types: ['account_information', 'payment_records'] }], [SUE, 'collect'], [SUE, 'propose_answer', { answer: 'whole' }]]);
  expect(await walk.move(BEN, caseId, 'approve_answer')).toMatchObject({ code: 'conflict' });
  await walk.go(caseId, [[BEN, 'approve_erasure_report'], [SUE, 'check_holds', { report_sent_on: '2026-11-24' }]]);
  expect(await walk.move(CEM, caseId, 'approve_erasure')).toMatchObject({ code: 'conflict', message: expect.stringContaining('may object until') });
  clock.set('2026-12-02T00:00:00Z');
  expect(await walk.move(BEN, caseId, 'approve_erasure')).toMatchObject({ code: 'four_eyes_required' });
  await walk.go(caseId, [[CEM, 'approve_erasure']]);
  // Support may not close accounts; the refusal leaves the case where it was.
  expect(await walk.move(SUE, caseId, 'execute_erasure')).toMatchObject({ code: 'forbidden' });
  expect(await walk.go(caseId, [[ADA, 'execute_erasure']])).toBe('counting');
  const told = { third_parties_told: 'none had data', backups: 'gone after 30 days' };
  expect(await walk.move(ADA, caseId, 'verify_erasure', told)).toMatchObject({ code: 'conflict', message: expect.stringContaining('the erasure is running') });
  const [erasure] = await test_.app.retention.erasures({ caseNumber: (await find(caseId)).number });
  await test_.app.ledger.sealOnce();
  await test_.app.retention.runErasure(erasure!.erasureId);
  expect(await walk.go(caseId, [[ADA, 'verify_erasure', told], [SUE, 'respond', { sent_on: '2026-12-02', sent_how: 'e-mail' }]])).toBe('closed');
  expect(await test_.app.billing.findAccount('erika')).toMatchObject({ status: 'closed', name: '[erased]' });
  const done = await find(caseId), verified = done.moves.find((move) => move.move === 'verify_erasure')!;
  expect(verified.effects).toMatchObject({ outcome: { account_information: { erased: '1', restricted: '0' }, payment_records: { erased: '0', restricted: '1', why: [expect.stringContaining('books')] } }, certificates: [expect.any(String)] });
  expect(String(verified.effects['notice_en'])).toContain('Kept in restricted storage');
  const certificate = await test_.app.retention.certificate(String((verified.effects['certificates'] as string[])[0]));
  expect(certificate!.body['erasure']).toMatchObject({ ground: 'gdpr_17', case_number: done.number, asked_by: 'Ben', approved_by: 'Cem', scope: { account_id: 'erika' } });
  clock.set('2026-11-24T10:00:00Z');
});

test('an erasure of one end user reaches his sessions alone, less what the answer refuses, and taking it back lifts the restriction', async () => {
  ok(await test_.app.act(ADA, (tx) => test_.app.billing.openAccount(tx, { accountId: 'hotel', name: 'Hotel', jurisdiction: 'DE', contact: 'dpo@hotel.test' })));
  const recorder = test_.app.ledger.createRecorder('sessions'), calls = ['guest-1', 'guest-1', 'guest-2'].map((session) => aCall(clock.now(), { account_id: 'hotel', session_id: session }));
  await recorder.write(calls as LedgerRecord[]);
  const { caseId, number } = await walk.open(SUE, 'subject_request', { ...SUBJECT, right: 'erasure' }, { accountId: 'hotel' });
  await walk.go(caseId, [[SUE, 'acknowledge', { told_on: '2026-11-24' }], [SUE, 'verify_identity', { identity_tier: 'session_reauthenticated', identity_evidence: 'signed in anew' }],
    [SUE, 'set_scope', { data_types: ['api_call_metadata', 'third_party_call_records'] }], [SUE, 'name_sessions', { sessions: 'guest-1' }], [SUE, 'collect'],
    [SUE, 'propose_answer', { answer: 'partial', refused_part: 'records of transfers', refusal_ground: 'legal_obligation', refused_types: ['third_party_call_records'] }], [BEN, 'approve_erasure_report']]);
  const [erasure] = await test_.app.retention.erasures({ caseNumber: number });
  expect(erasure).toMatchObject({ state: 'planned', byItems: true, dataTypes: ['input_content', 'output_content', 'api_call_metadata'], preview: { api_call_metadata: { rows: '2', erased: '2' } } });
  clock.advance(3_000);
  const restricted = (): Promise<boolean[]> => Promise.all(calls.map(({ row }) => test_.app.retention.isRestricted('api_call_metadata', { accountId: 'hotel', at: clock.now(), itemId: row.request_id! })));
  expect(await restricted()).toEqual([true, true, false]);
  expect((await find(caseId)).clocks.find((each) => each.name === 'answer')!.stoppedAt).toBeNull();
  await walk.go(caseId, [[SUE, 'withdraw', { reason: 'taken back by the person' }]]);
  clock.advance(3_000);
  expect(await restricted()).toEqual([false, false, false]);
  expect((await test_.app.retention.erasures({ caseNumber: number }))[0]).toMatchObject({ state: 'cancelled', sessions: null });
  clock.set('2026-11-24T10:00:00Z');
});

test('a request under the GDPR is extended once, within the first month, and its clock says so', async () => {
  const { caseId } = await walk.open(SUE, 'subject_request', { ...SUBJECT, received_at: '2026-11-01T09:00+01:00' }, { accountId: 'acme' });
  expect((await find(caseId)).clocks.find((each) => each.name === 'answer')).toMatchObject({ dueAt: new Date('2026-12-01T23:00:00Z'), amberAt: new Date('2026-11-21T23:00:00Z') });
  await walk.go(caseId, [[SUE, 'acknowledge', { told_on: '2026-11-20' }], [SUE, 'extend', { reason: 'many systems', told_on: '2026-11-24' }]]);
  expect((await find(caseId)).clocks.find((each) => each.name === 'answer')).toMatchObject({ dueAt: new Date('2027-02-01T23:00:00Z'), extendedAt: clock.now() });
  expect(await walk.move(SUE, caseId, 'extend', { reason: 'again', told_on: '2026-11-24' })).toMatchObject({ code: 'conflict', message: expect.stringContaining('once') });
});

test('files are sealed on the disk, read only on record, and a changed one does not open', async () => {
  const { caseId } = await walk.open(ADA, 'lawful_request', LAWFUL);
  const fileId = await walk.file(ADA, caseId, 'instrument', 'the order itself'), path = join(test_.home, 'cases', `${fileId}.sealed`);
  expect(readFileSync(path).includes('the order itself')).toBe(false);
  expect(ok(await test_.app.cases.readFile(BEN, fileId)).bytes.toString()).toBe('the order itself');
  expect((await audit(caseId)).map((record) => record.action)).toEqual(['case.open', 'case.attach_file', 'case.read_file']);
  expect(await test_.app.cases.readFile(SUE, fileId)).toMatchObject({ code: 'not_found' });
  expect(await test_.app.cases.attachFile(AUDREY, caseId, { role: 'instrument', name: 'x', mediaType: 'text/plain', bytes: Buffer.from('x') })).toMatchObject({ code: 'forbidden' });
  expect(await test_.app.cases.attachFile(ADA, caseId, { role: 'instrument', name: '../x', mediaType: 'text/plain', bytes: Buffer.from('x') })).toMatchObject({ code: 'invalid_request', field: 'name' });
  const sealed = readFileSync(path);
  sealed[sealed.length - 20]! ^= 1;
  writeFileSync(path, sealed);
  await expect(test_.app.cases.readFile(ADA, fileId)).rejects.toMatchObject({ code: 'verification_failed' });
});

test('who may not see a kind does not learn of its cases; a case named later gets its hold', async () => {
  const { caseId, number, holdId } = await walk.open(ADA, 'lawful_request', LAWFUL);
  expect(holdId).toBeNull();
  expect(await test_.app.cases.findCase(SUE, number)).toBeUndefined();
  expect(await walk.move(SUE, caseId, 'complete_intake')).toMatchObject({ code: 'not_found' });
  expect((await test_.app.cases.listCases(SUE, {})).every((one) => one.kind !== 'lawful_request')).toBe(true);
  expect((await test_.app.cases.listCases(AUDREY, { kind: 'lawful_request' })).map((one) => one.number)).toContain(number);
  const link = (accountId: string) => test_.app.act(ADA, (tx) => test_.app.cases.linkCase(tx, number, { accountId }));
  expect(await link('kuhn')).toEqual({ changed: true, accountId: 'kuhn' });
  expect(await link('kuhn')).toEqual({ changed: false, accountId: 'kuhn' });
  expect(await link('acme')).toMatchObject({ code: 'conflict' });
  expect((await find(caseId)).holdId).not.toBeNull();
});

test('a mover who saw another state is refused, and of two at once one wins', async () => {
  const { caseId } = await walk.open(SUE, 'dispute', DISPUTE, { requestIds: [world.calls[0]!] });
  const both = await Promise.all([walk.move(SUE, caseId, 'take_up'), walk.move(ADA, caseId, 'take_up')]);
  expect(both.filter((one) => isRefusal(one))).toHaveLength(1);
  expect(await test_.app.act(SUE, (tx) => test_.app.cases.moveCase(tx, caseId, 'withdraw', { reason: 'gone' }, 'opened'))).toMatchObject({ code: 'conflict', message: expect.stringContaining('moved on to working') });
});

test('a token counts as the person who issued it', async () => {
  const boss = operator('Boss', 'administrator', 'compliance_officer', 'approver');
  const { tokenId } = ok(await test_.app.act(boss, (tx) => test_.app.security.issueToken(tx, { name: 'script', roles: ['compliance_officer'] })));
  const token = { kind: 'api_token' as const, id: tokenId, name: 'token:script', roles: ['compliance_officer' as const] };
  expect(can(token, 'disputes.work')).toBe(true);
  const { caseId } = await walk.open(boss, 'dispute', DISPUTE, { requestIds: [world.calls[0]!] });
  await walk.go(caseId, [[boss, 'take_up'], [token, 'select_evidence', { findings: 'as the ledger shows' }]]);
  expect(await walk.move(boss, caseId, 'approve_evidence')).toMatchObject({ code: 'four_eyes_required' });
  expect(await walk.move(BEN, caseId, 'approve_evidence')).toMatchObject({ state: 'approved' });
});

test('an officer sets a preset of his own, and only clocks that start afterwards go by it', async () => {
  const before = (await find((await walk.open(SUE, 'dispute', DISPUTE, { requestIds: [world.calls[0]!] })).caseId)).clocks[0]!;
  const set = (actor: typeof ADA, input: object) => test_.app.act(actor, (tx) => test_.app.cases.setClock(tx, 'dispute-house', { due: 'P7D', amber: 'P3D', red: 'P5D', source: 'our terms, 9.2', ...input }));
  expect(await set(SUE, {})).toMatchObject({ code: 'forbidden' });
  expect(await set(ADA, { due: 'soon' })).toMatchObject({ code: 'invalid_request', field: 'due' });
  expect(await set(ADA, { amber: 'P6D' })).toMatchObject({ code: 'invalid_request', field: 'amber' });
  expect(await set(ADA, {})).toEqual({ changed: true });
  expect(await set(ADA, {})).toEqual({ changed: false });
  const after = (await find((await walk.open(SUE, 'dispute', DISPUTE, { requestIds: [world.calls[0]!] })).caseId)).clocks[0]!;
  expect([before.dueAt.toISOString(), after.dueAt.toISOString(), after.source]).toEqual(['2026-12-08T23:00:00.000Z', '2026-12-01T23:00:00.000Z', 'our terms, 9.2']);
  expect((await test_.app.cases.clockPresets()).find((one) => one.id === 'dispute-house')).toMatchObject({ due: 'P7D', setBy: 'Ada' });
});
